"""The controller's only clock: it never shows a time that is out of all reason and that nobody has confirmed.

A board without a battery, a wrong BIOS or a slip of the hand may set a clock years ahead. Events dated there could
never be taken back, for journal time never goes back. So a reading later than `latest_plausible` is *held*: until it is
proven, `now()` goes on from the last reading that was believed, by the monotonic clock, and the engine decides nothing.

It is released when the kernel says that the clock is synchronised, when an administrator accepts the time, or when the
clock shows a plausible time again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog
from typing_extensions import override

from broker.contract.times import format_instant
from controller.domain.centre.calendar import local_day
from controller.domain.clock_plausibility import latest_plausible
from controller.services.journal.ports import FAR

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from zoneinfo import ZoneInfo

    from broker.runtime.clock import Clock
    from controller.domain.centre.calendar import Calendar

log = structlog.get_logger()

MARK: Final = "clock"
"""Names the last reading that was believed, in the store."""

TOLERATED_MS: Final = 10 * 60 * 1000
"""How far the journal may be later than the clock before it is said: clocks are set back by a little at times."""


@dataclass(frozen=True, slots=True)
class ClockHold:
    """A clock that is not believed: what it shows, the last instant that was believed, and what needs no proof."""

    shown: int
    since: int
    until: int
    timezone: ZoneInfo

    @override
    def __str__(self) -> str:
        return (
            f"the clock shows {_local(self.shown, self.timezone)}, which is too far after the last entry of the "
            f"journal ({_local(self.since, self.timezone)}) to be believed unproven. Nothing is lost: kiosks give "
            "numbers of their own, the controller decides nothing. Set the clock right, let it be synchronised, or "
            "confirm it with `luot clock accept`"
        )


@dataclass(frozen=True, slots=True)
class JournalAheadOfClock:
    """A journal whose last entry, or day, is later than the clock: its time does not pass until the clock is there."""

    shown: int
    last: int
    timezone: ZoneInfo

    @property
    def seconds(self) -> float:
        """Return how far the journal is ahead."""
        return (self.last - self.shown) / 1000

    @override
    def __str__(self) -> str:
        return (
            f"the journal has entries up to {_local(self.last, self.timezone)}, later than the clock, which shows "
            f"{_local(self.shown, self.timezone)}: the day of the journal goes on, not that of the clock. If the clock "
            "is wrong, set it right; if it is right, stop the controller and run `luot clock back`"
        )


def _local(instant: int, timezone: ZoneInfo) -> str:
    return datetime.fromtimestamp(instant / 1000, timezone).strftime("%Y-%m-%d %H:%M")


class ClockGuard:
    """A `broker.runtime.clock.Clock` in front of another; `begin` must have been called before it holds anything.

    Args:
        clock: the clock of the machine, or a driven one.
        synchronised: whether that clock is known to be right.
    """

    def __init__(self, clock: Clock, synchronised: Callable[[], bool]) -> None:
        self._clock = clock
        self._synchronised = synchronised
        self._believed = clock.now()
        self._believed_monotonic = clock.monotonic()
        self._until = FAR
        self._calendar: Calendar | None = None
        self._with_holidays = False
        self._held_since: int | None = None
        self._last_event = 0
        self._was_ahead = False

    @property
    def speed(self) -> float:
        """Milliseconds of `now()` that pass in one real millisecond."""
        return self._clock.speed

    def now(self) -> int:
        """Milliseconds since 1970 UTC, never later than what is plausible or proven."""
        reading = self._clock.now()
        return reading if reading <= self._until else self._doubt(reading)

    def monotonic(self) -> float:
        """Real seconds from an arbitrary start."""
        return self._clock.monotonic()

    @property
    def reading(self) -> int:
        """Return what the clock shows, believed or not, in ms since 1970 UTC."""
        return self._clock.now()

    @property
    def believed(self) -> int:
        """Return the last instant that was believed."""
        return self._believed

    @property
    def held(self) -> ClockHold | None:
        """Return why nothing may be decided at present, or None."""
        reading = self._clock.now()
        if reading <= self._until:
            if self._held_since is not None:
                self._release("plausible again")
            return None
        self._doubt(reading)
        if self._held_since is None or self._calendar is None:
            return None
        return ClockHold(reading, self._held_since, self._until, self._calendar.timezone)

    @property
    def ahead(self) -> JournalAheadOfClock | None:
        """Return by what the journal is later than the clock, or None within what is tolerated."""
        reading = self._clock.now()
        if self._calendar is None or self._last_event - reading <= TOLERATED_MS:
            return None
        return JournalAheadOfClock(reading, self._last_event, self._calendar.timezone)

    @property
    def skew_s(self) -> float:
        """Return by how many seconds a held clock is ahead of the time that is used in its place; 0 when believed."""
        used = self.now()
        return 0.0 if self._held_since is None else (self.reading - used) / 1000

    def begin(self, known: int, calendar: Calendar, last_event: int = 0) -> ClockHold | None:
        """Judge a start by the instant at which the clock is known to have been right."""
        self._calendar = calendar
        self._believe(known)
        self._watch(last_event)
        return self._judge(known)

    def look(self, last_event: int, calendar: Calendar | None = None) -> ClockHold | None:
        """Believe a plausible or proven reading and go on from it, once a second; return why not, or None."""
        self._calendar = calendar or self._calendar
        self._watch(last_event)
        return self._judge(last_event)

    def _judge(self, known: int) -> ClockHold | None:
        reading = self._clock.now()
        plausible = self._is_plausible(reading)
        if not plausible and not self._synchronised():
            self._hold()
            return self.held
        if self._held_since is not None:
            self._release("plausible again" if plausible else "synchronised")
        self._believe(max(reading, known))
        return None

    def _watch(self, last_event: int) -> None:
        """Note how far the journal is, and log when it begins and ceases to be ahead of the clock."""
        self._last_event = last_event
        ahead = self.ahead
        if ahead is not None and not self._was_ahead:
            log.warning("journal_ahead", reason=str(ahead))
        elif ahead is None and self._was_ahead:
            log.info("journal_caught_up", now=format_instant(self._clock.now()))
        self._was_ahead = ahead is not None

    def accept(self, at: int) -> None:
        """Believe the clock from an instant on that an administrator has confirmed."""
        if self._held_since is not None:
            self._release("accepted")
        self._believe(at)

    def _doubt(self, reading: int) -> int:
        if self._is_plausible(reading):
            return reading
        if self._held_since is None and self._synchronised():
            self._believe(reading)
            return reading
        self._hold()
        passed = self._clock.monotonic() - self._believed_monotonic
        return min(self._believed + int(passed * 1000 * self._clock.speed), self._until)

    def _is_plausible(self, reading: int) -> bool:
        if reading > self._until and self._calendar is not None and not self._with_holidays:
            self._with_holidays = True
            days_off = _days_off(local_day(self._believed, self._calendar.timezone))
            self._until = latest_plausible(self._calendar, self._believed, days_off)
        return reading <= self._until

    def _hold(self) -> None:
        if self._held_since is None:
            self._held_since = self._believed
            log.error(
                "clock_held", now=format_instant(self._clock.now()), since=format_instant(self._believed),
                until=format_instant(self._until),
            )  # fmt: skip

    def _release(self, why: str) -> None:
        self._held_since = None
        log.warning("clock_released", why=why, now=format_instant(self._clock.now()))

    def _believe(self, at: int) -> None:
        self._believed, self._believed_monotonic = at, self._clock.monotonic()
        if self._calendar is not None:
            self._until = latest_plausible(self._calendar, at)
            self._with_holidays = False


def _days_off(day: date) -> frozenset[date]:
    """Return the public days off in the weeks after a day, which may lie in the next year."""
    from controller.services.public_days import public_days  # noqa: PLC0415 - large, and needed only in doubt

    years = {day.year, (day + timedelta(days=60)).year}
    return frozenset(one.date for year in years for one in public_days(year) if one.instead_of is None)
