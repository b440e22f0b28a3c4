"""When a screen counts as standing: two looks in a row, frames apart, found it the same; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Observation:
    """What a look at the window found.

    `screen` is the kind of the face, `picture` the name of its picture, `targets` the middle of each target in pixels
    from the top left by the words on it, `cut` the texts that do not fit.
    """

    screen: str
    picture: str
    targets: Mapping[str, tuple[int, int]]
    cut: tuple[str, ...] = ()


class Snapshot(Enum):
    """What follows from a look."""

    AGAIN = "again"
    NEWS = "news"
    KNOWN = "known"


class StabilityCheck:
    """Says when what stands on the screen is laid out and has not been told; words that change tell nothing."""

    def __init__(self) -> None:
        self._screen = ""
        self._last: Observation | None = None
        self._told: Observation | None = None

    def look(self, seen: Observation) -> Snapshot:
        """Judge a look: to be done again, news to be told, or known."""
        if seen.screen != self._screen:
            self._screen, self._last, self._told = seen.screen, None, None
        if seen == self._told:
            self._last = None
            return Snapshot.KNOWN
        if seen != self._last:
            self._last = seen
            return Snapshot.AGAIN
        self._told = seen
        return Snapshot.NEWS
