"""What the small display and the lamps of a keypad show. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from broker.contract.payloads import CounterStatus

if TYPE_CHECKING:
    from broker.contract.payloads import CounterState
    from broker.runtime.catalogue import Catalogue

WIDTH = 16
"""Letters in each of the two lines."""


class Lamp(StrEnum):
    """The lamps, in the order of their bits."""

    OPEN = "open"
    CALLING = "calling"
    WAITING = "waiting"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Panel:
    """Two lines of at most 16 letters, and the lamps that are lit."""

    lines: tuple[str, str]
    lamps: frozenset[Lamp]

    @property
    def bits(self) -> int:
        """The lamps as bits, OPEN the lowest."""
        return sum(1 << order for order, lamp in enumerate(Lamp) if lamp in self.lamps)


def panel(state: CounterState | None, words: Catalogue, lang: str, *, stale: bool, refusal: str | None = None) -> Panel:
    """Give what stands: the number in hand and what the counter does, then who waits or why a press was refused.

    Without a live controller only that is shown: a number that no longer changes would be taken for the present one.
    """
    if stale or state is None:
        lines = words.say("keypad.lost", lang), words.say("keypad.lost.hint", lang)
        return Panel((_cut(lines[0]), _cut(lines[1])), frozenset({Lamp.FAULT}))
    doing = words.say(f"keypad.{state.status.value}", lang)
    first = f"{state.number} {doing}" if state.number else doing
    second = words.say(refusal, lang) if refusal else words.say("keypad.waiting", lang, count=state.waiting)
    return Panel((_cut(first), _cut(second)), _lamps(state, refused=refusal is not None))


def _lamps(state: CounterState, *, refused: bool) -> frozenset[Lamp]:
    lit = {
        Lamp.OPEN: state.status is not CounterStatus.CLOSED,
        Lamp.CALLING: state.status is CounterStatus.CALLING,
        Lamp.WAITING: state.waiting > 0,
        Lamp.FAULT: refused,
    }
    return frozenset(lamp for lamp, on in lit.items() if on)


def _cut(line: str) -> str:
    return line[:WIDTH].rstrip()


def plain(text: str) -> str:
    """Take the marks off Vietnamese letters, for displays that have ASCII only; what else they lack becomes `?`."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    kept = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return kept.encode("ascii", "replace").decode()
