"""How often a password may be wrong before the next try has to wait, and how long."""

from __future__ import annotations

from collections import Counter, OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broker.contract.errors import Code, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from broker.runtime.clock import Clock

FREE = {"pair": 5, "source": 30, "user": 100}
"""Failures in a row that cost nothing: of one user from one address, of one address, and of one user anywhere.

The last is high, so that a stranger cannot keep an officer from the desk with a few wrong passwords."""

FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 900.0
REMEMBERED = 10_000


BUSY_S = 1.0
"""Seconds to wait while tries of the same name or address are being judged that could use up what is free."""


@dataclass(slots=True)
class LoginAttempt:
    """One try; `fits` is set once the password was judged and fits."""

    fits: bool = False


class LoginThrottledError(RefusedError):
    """A sign-in that has to wait; `seconds` tells how long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(Code.TRY_AGAIN, "Too many wrong passwords; wait before the next try.")
        self.seconds = seconds


def wait_after(failures: int, free: int) -> float:
    """Give the seconds to wait after so many failures in a row: none at first, then doubling up to a quarter hour."""
    if failures < free:
        return 0.0
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(failures - free, 20))


class LoginThrottle:
    """Counts failures by key, whose first word says what kind it is; forgets the oldest of very many.

    A try is reserved before its password is hashed, so that tries side by side are counted like tries in a row:

        with patience.reserve(keys) as attempt:
            attempt.fits = await hasher.verify(...)
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._reserved: Counter[str] = Counter()

    @contextmanager
    def reserve(self, keys: Iterable[str]) -> Iterator[LoginAttempt]:
        """Reserve one try for all keys and count how it ended; `LoginThrottledError` while any of them has none left.

        A try that ends without a judgement, as when too many people sign in at once, counts for nothing.
        """
        keys = tuple(keys)
        self._check(keys)
        self._reserved.update(keys)
        attempt = LoginAttempt()
        try:
            yield attempt
        finally:
            self._reserved.subtract(keys)
            self._reserved += Counter()  # drops what is zero
        if attempt.fits:
            self._forget(keys)
        else:
            self._count(keys)

    def _check(self, keys: tuple[str, ...]) -> None:
        now = self._clock.monotonic()
        left = max(self._failures.get(key, (0, 0.0))[1] - now for key in keys)
        if left > 0:
            raise LoginThrottledError(left)
        for key in keys:
            reserved = self._reserved[key]
            if reserved and self._failures.get(key, (0, 0.0))[0] + reserved >= _free(key):
                raise LoginThrottledError(BUSY_S)

    def _count(self, keys: tuple[str, ...]) -> None:
        now = self._clock.monotonic()
        for key in keys:
            failures = self._failures.get(key, (0, 0.0))[0] + 1
            self._failures[key] = (failures, now + wait_after(failures, _free(key)))
            self._failures.move_to_end(key)
        while len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def _forget(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            self._failures.pop(key, None)


def _free(key: str) -> int:
    return FREE[key.partition(" ")[0]]
