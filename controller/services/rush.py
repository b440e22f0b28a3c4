"""In a rush the callers of the last commit come again at once: waiting a moment for them saves a sync for each half.

Who comes alone never waits. The moment is never longer than half of what the last commit took.
"""

from __future__ import annotations

from typing import Final

ENOUGH: Final = 16
"""So many share a sync well enough: nobody waits for more."""

LONGEST_S: Final = 0.002

RECENT_S: Final = 0.02
"""How long after a commit its callers are expected again."""


class Rush:
    """How many commands the last commit says to expect, and how long they are worth waiting for, in real seconds."""

    def __init__(self) -> None:
        self._callers = 0
        self._took = 0.0
        self._ended = 0.0

    def committed(self, callers: int, took: float, now: float) -> None:
        """Note a commit: `callers` were in it or came while it lasted."""
        self._callers, self._took, self._ended = callers, took, now

    def expected(self, now: float) -> int:
        """Give how many are worth waiting for; 1 when nobody but the one who is there."""
        return min(self._callers, ENOUGH) if now - self._ended < RECENT_S else 1

    @property
    def patience(self) -> float:
        """Give the seconds for which they are waited for."""
        return min(LONGEST_S, self._took / 2)
