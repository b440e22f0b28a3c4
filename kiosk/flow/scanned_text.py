"""What a scanned text is: the code of a slip, a dossier's receipt, an identity card, or nothing known; pure.

Of a card the number is read and nothing else, and it is given on at once: see `kiosk/flow/person_marks.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from broker.contract.patterns import Pattern

LONGEST_DOSSIER: Final = 64
"""What the request takes (contract 4)."""
CARD_FIELDS: Final = 6
"""A card has seven fields or more; some readers lose an empty one at the end."""

_SLIP: Final = re.compile(r"[a-z][a-z0-9+.-]*://\S+/t/([A-Za-z0-9_-]{22,64})/?", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22,64}")
_BETWEEN: Final = re.compile(r"[\s?&=#/;,|]+")
_ID: Final = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class SlipCode:
    """The code of a slip."""

    token: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt of a dossier, with the dossier's code."""

    dossier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Card:
    """An identity card: its number, which nothing may keep, show, log or send."""

    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Nothing known."""


Code = SlipCode | Receipt | Card | Unreadable


def read_scan(texts: Iterable[str], dossier: Pattern | None = None) -> Code:
    """Tell what a scan is, by the first of its readings that is known; `dossier` is what a dossier's code looks like.

    Never raises, whatever was scanned.
    """
    readings = [text.strip().strip("\ufeff") for text in texts]
    for reading in readings:
        code = _read(reading, dossier)
        if code is not None:
            return code
    # In a wrong layout a code may still look like a token alone: only what has no better reading is one.
    tokens = (reading for reading in readings if _TOKEN.fullmatch(reading))
    return next(map(SlipCode, tokens), Unreadable())


def _read(text: str, dossier: Pattern | None) -> Code | None:
    number = _card_number(text)
    if number is not None:
        return Card(number)
    if text.count("|") >= CARD_FIELDS - 1:
        return None  # a card that was read badly: no part of it may be taken for anything else
    found = _dossier(text, dossier) if dossier is not None else None
    if found is not None:
        return Receipt(found)
    slip = _SLIP.fullmatch(text)
    return SlipCode(slip[1]) if slip is not None else None


def _card_number(text: str) -> str | None:
    """Give the first field of 12 digits of a text that has a card's fields; the new cards have more, in any order."""
    fields = text.split("|")
    if len(fields) < CARD_FIELDS:
        return None
    return next((part.strip() for part in fields if _ID.fullmatch(part.strip())), None)


def _dossier(text: str, pattern: Pattern) -> str | None:
    """Give the first part of a text that looks like a dossier's code, also in an address or with spaces in it."""
    for part in _parts(text):
        for written in (part, part.upper()):
            if 0 < len(written) <= LONGEST_DOSSIER and pattern.fits(written):
                return written
    return None


def _parts(text: str) -> Iterator[str]:
    plain = unquote(text)
    yield "".join(plain.split())
    yield from _BETWEEN.split(plain)
