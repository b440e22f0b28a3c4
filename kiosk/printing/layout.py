"""What stands on a slip, as data: a row of blocks for a width of paper and a language; pure.

Nothing personal can get here: the only inputs are the ticket as its holder may see it and the texts of the centre.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time

from broker.contract.payloads import Origin
from broker.contract.texts import readable
from kiosk.views.wait_words import wait_range

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from broker.contract.payloads import Slip, Ticket
    from broker.runtime.catalogue import Catalogue

    Say = Callable[..., str]

DOTS = {58: 384, 80: 576}
"""Printable dots by paper width in millimetres, at 203 dpi."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A form of slip: the paper, the order of the parts, and how a part is set.

    `sizes` scales the text sizes of the theme's slip; `number_mm` is the greatest height of the number's digits.
    """

    width_mm: int
    margin_mm: float
    parts: tuple[str, ...]
    number_mm: float
    qr_mm: float
    qr_beside: bool
    sizes: float

    @property
    def width(self) -> int:
        """Dots from edge to edge."""
        return DOTS[self.width_mm]


PARTS = ("copy", "offline", "centre", "service", "number", "priority", "facts", "lines", "qr", "missed", "issued")
LAYOUTS = {
    80: Layout(80, margin_mm=2.5, parts=PARTS, number_mm=24, qr_mm=28, qr_beside=True, sizes=1.0),
    58: Layout(58, margin_mm=1.0, parts=PARTS, number_mm=18, qr_mm=28, qr_beside=False, sizes=0.86),
}


def layout_for(width_mm: int) -> Layout:
    """Give the layout of a paper width; a width that no printer here has is a ValueError."""
    if width_mm not in LAYOUTS:
        raise ValueError(f"width_mm must be one of {sorted(LAYOUTS)}, not {width_mm}")
    return LAYOUTS[width_mm]


# ---- blocks ----


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph. `size` is a text size of the theme's slip, `weight` one of its weights, `gap_mm` the space above."""

    text: str
    size: str = "body"
    weight: str = "regular"
    centred: bool = True
    gap_mm: float = 1.0


@dataclass(frozen=True, slots=True)
class Badge:
    """White words on a black bar, for what must not be overlooked."""

    text: str
    note: str = ""
    gap_mm: float = 3.5


@dataclass(frozen=True, slots=True)
class Number:
    """The number, as large as the paper allows."""

    text: str
    gap_mm: float = 2.2


@dataclass(frozen=True, slots=True)
class Details:
    """Small labels over strong values, side by side where there is room."""

    items: tuple[tuple[str, str], ...]
    gap_mm: float = 4.2


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with the words that say what it is for."""

    url: str
    caption: str
    gap_mm: float = 1.8


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line across."""

    gap_mm: float = 1.5


Block = Words | Badge | Number | Details | Code | Rule


# ---- what is said ----


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the parts are written from. `url` is None when the slip carries no QR code."""

    ticket: Ticket
    slip: Slip
    lang: str
    zone: ZoneInfo
    words: Catalogue
    url: str | None

    def say(self, key: str, **values: object) -> str:
        """Give words of the catalogue in the ticket's language."""
        return self.words.say(f"slip.{key}", self.lang, **values)


def compose(layout: Layout, occasion: Occasion) -> tuple[Block, ...]:
    """Give the blocks of a slip from top to bottom, every text in NFC."""
    return tuple(block for part in layout.parts for block in _PARTS[part](occasion))


def _copy(occasion: Occasion) -> tuple[Block, ...]:
    return (Badge(occasion.say("copy"), gap_mm=0),) if occasion.slip.copy_ else ()


def _offline(occasion: Occasion) -> tuple[Block, ...]:
    if occasion.ticket.channel is not Origin.OFFLINE:
        return ()
    return (Badge(occasion.say("offline"), occasion.say("offline.note"), gap_mm=0),)


def _centre(occasion: Occasion) -> tuple[Block, ...]:
    return (Words(_nfc(readable(occasion.slip.centre, occasion.lang)), "label", "strong", gap_mm=3), Rule(gap_mm=2.5))


def _service(occasion: Occasion) -> tuple[Block, ...]:
    return (
        Words(_nfc(readable(occasion.slip.service, occasion.lang)), "title", "strong", gap_mm=3),
        Words(occasion.say("yours"), "body", gap_mm=2.5),
    )


def _number(occasion: Occasion) -> tuple[Block, ...]:
    return (Number(_nfc(occasion.ticket.number)),)


def _priority(occasion: Occasion) -> tuple[Block, ...]:
    if occasion.ticket.priority == "normal":
        return ()
    return (Badge(occasion.say("priority"), occasion.say("priority.note")),)


def _details(occasion: Occasion) -> tuple[Block, ...]:
    items = []
    if occasion.ticket.position is not None:
        items.append((occasion.say("ahead"), ahead(occasion.ticket.position - 1, occasion.say)))
        items.append((occasion.say("wait"), wait_range(occasion.ticket.wait, occasion.say)))
    return (Details(tuple(items)),) if items else ()


def _lines(occasion: Occasion) -> tuple[Block, ...]:
    texts = (_nfc(readable(line, occasion.lang)) for line in occasion.slip.lines)
    return tuple(Words(text, "body", gap_mm=2 if at == 0 else 0.5) for at, text in enumerate(filter(None, texts)))


def _qr(occasion: Occasion) -> tuple[Block, ...]:
    return (Code(occasion.url, occasion.say("scan")),) if occasion.url else ()


def _missed(occasion: Occasion) -> tuple[Block, ...]:
    return (Rule(), Words(occasion.say("missed"), "caption", gap_mm=2))


def _issued(occasion: Occasion) -> tuple[Block, ...]:
    return (Words(issued(occasion.ticket.issued_at, occasion.lang, occasion.zone, occasion.say), "caption", "strong"),)


_PARTS: dict[str, Callable[[Occasion], tuple[Block, ...]]] = {
    "copy": _copy,
    "offline": _offline,
    "centre": _centre,
    "service": _service,
    "number": _number,
    "priority": _priority,
    "facts": _details,
    "lines": _lines,
    "qr": _qr,
    "missed": _missed,
    "issued": _issued,
}


def ahead(count: int, say: Say) -> str:
    """Say how many are before this person."""
    if count <= 0:
        return say("ahead.none")
    return say("ahead.one") if count == 1 else say("ahead.many", count=count)


def issued(instant: int, lang: str, zone: ZoneInfo, say: Say) -> str:
    """Say a moment in local time in the language's own form: `07:32 · Thứ Hai, 23/11/2026`."""
    try:
        locale = Locale.parse(lang)
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("vi")
    moment = datetime.fromtimestamp(instant / 1000, zone)
    clock = format_time(moment, say("time"), locale=locale)
    return f"{clock} · {_nfc(format_date(moment, say('date'), locale=locale))}"


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))
