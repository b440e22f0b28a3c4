"""The clock of a process: the truth in the field, `LUOT_CLOCK` in demos, drills and tests.

Two kinds of time are kept apart. *Instants* (what is written in the journal and judged by rules) follow `now()` and
run faster under `LUOT_CLOCK=INSTANT*SPEED`. *Waits of the protocol* (repeats, heartbeats, staleness, expiry) are real
seconds by `monotonic()`; an age that is read from an instant is made real with `real_seconds()`.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from broker.contract.times import parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping


class Clock(Protocol):
    """What a part may ask about time."""

    @property
    def speed(self) -> float:
        """Milliseconds of `now()` that pass in one real millisecond."""
        ...

    def now(self) -> int:
        """Milliseconds since 1970 UTC."""
        ...

    def monotonic(self) -> float:
        """Real seconds from an arbitrary start; never goes back."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's own clock."""

    speed: float = 1.0

    def now(self) -> int:
        """Milliseconds since 1970 UTC."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Real seconds since the machine started."""
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class DrivenClock:
    """A clock that starts at an instant and runs at a speed, anchored to the machine's monotonic clock."""

    start: int
    speed: float
    anchor: float

    def now(self) -> int:
        """Milliseconds since 1970 UTC, as driven."""
        return self.start + int((time.monotonic() - self.anchor) * 1000 * self.speed)

    def monotonic(self) -> float:
        """Real seconds since the machine started."""
        return time.monotonic()


def clock_from(environment: Mapping[str, str]) -> Clock:
    """Give the clock that the environment asks for.

    `LUOT_CLOCK=INSTANT*SPEED` starts at INSTANT when the process starts, or, so that several processes agree, when the
    machine's monotonic clock showed `LUOT_CLOCK_ANCHOR` seconds. A value that cannot be read is a ValueError.
    """
    driven = environment.get("LUOT_CLOCK", "")
    if not driven:
        return SystemClock()
    instant, star, speed = driven.partition("*")
    try:
        start, rate = parse_instant(instant), float(speed) if star else 1.0
        anchor = float(environment.get("LUOT_CLOCK_ANCHOR") or time.monotonic())
    except ValueError as error:
        raise ValueError(f"LUOT_CLOCK must be INSTANT*SPEED, as 2026-11-23T07:00:00+07:00*60: {error}") from error
    if rate <= 0:
        raise ValueError("LUOT_CLOCK must run forward: its speed is greater than 0")
    return DrivenClock(start, rate, anchor)


def is_driven() -> bool:
    """Tell whether this process runs on a driven clock, which is refused off loopback."""
    return bool(os.environ.get("LUOT_CLOCK"))


def real_seconds(clock: Clock, since: int) -> float:
    """Give the real seconds that have passed since an instant of this clock."""
    return (clock.now() - since) / 1000 / clock.speed
