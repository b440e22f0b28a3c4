"""How often a password may be wrong before the next try has to wait, and how long."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from broker.contract.errors import Code, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from broker.clock import Clock

FREE = {"pair": 5, "source": 30, "user": 100}
"""Failures in a row that cost nothing: of one user from one address, of one address, and of one user anywhere.

The last is high, so that a stranger cannot keep an officer from the desk with a few wrong passwords."""

FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 900.0
REMEMBERED = 10_000


class TooSoon(Refused):
    """A sign-in that has to wait; `seconds` tells how long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(Code.TRY_AGAIN, "Too many wrong passwords; wait before the next try.")
        self.seconds = seconds


def wait_after(failures: int, free: int) -> float:
    """Give the seconds to wait after so many failures in a row: none at first, then doubling up to a quarter hour."""
    if failures < free:
        return 0.0
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(failures - free, 20))


class Patience:
    """Counts failures by key, whose first word says what kind it is; forgets the oldest of very many."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def check(self, keys: Iterable[str]) -> None:
        """Raise `TooSoon` while any of the keys has to wait."""
        now = self._clock.monotonic()
        left = max(self._failures.get(key, (0, 0.0))[1] - now for key in keys)
        if left > 0:
            raise TooSoon(left)

    def failed(self, keys: Iterable[str]) -> None:
        """Count one failure for each key."""
        now = self._clock.monotonic()
        for key in keys:
            failures = self._failures.get(key, (0, 0.0))[0] + 1
            self._failures[key] = (failures, now + wait_after(failures, FREE[key.partition(" ")[0]]))
            self._failures.move_to_end(key)
        while len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def succeeded(self, keys: Iterable[str]) -> None:
        """Forget the failures of the keys."""
        for key in keys:
            self._failures.pop(key, None)
