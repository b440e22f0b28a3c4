"""When the centre and its services are open: the week with its breaks, dates that differ, the cut-off (contract 14).

Instants are milliseconds since 1970 UTC; times of day are minutes since local midnight, 1440 being "24:00".
Which entry counts for a service, of the week and of a date alike: the entries that name it, together; else the entries
that name no service, together. A date whose entries open it only for others is closed for the rest of the services; a
date that only closes some services leaves the others to the week.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Protocol

from broker.contract.errors import Code
from broker.contract.hours import DAY_MINUTES, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo


SEARCH_DAYS = 400
"""How far ahead the next opening is looked for."""


@dataclass(frozen=True, slots=True)
class WeekHours:
    """Hours on some days of the week (0 is Monday); `services` None means all."""

    days: frozenset[int]
    open: tuple[Span, ...]
    services: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """Hours of one date; no spans is closed, `like` takes those of a day of the week, `services` None means all."""

    date: date
    open: tuple[Span, ...] = ()
    services: frozenset[str] | None = None
    like: int | None = None


@dataclass(frozen=True, slots=True)
class OpenDay:
    """One local day: its first instant, the first of the next day, and the open instants as (from, until)."""

    date: date
    start: int
    end: int
    open: tuple[tuple[int, int], ...]


def local_day(now: int, timezone: ZoneInfo) -> date:
    """Give the local date of an instant."""
    return datetime.fromtimestamp(now / 1000, timezone).date()


def day_start(day: date, timezone: ZoneInfo) -> int:
    """Give the first instant of a local date."""
    return _instant(day, 0, timezone)


def day_end(day: date, timezone: ZoneInfo) -> int:
    """Give the first instant after a local date: the midnight at which it closes."""
    return _instant(day, DAY_MINUTES, timezone)


@dataclass(frozen=True)
class Calendar:
    """The opening times of one centre; days are worked out once and kept.

    `cut_offs` holds every service with the minutes before its closing at which no more numbers are given (0: none).
    """

    timezone: ZoneInfo
    week: tuple[WeekHours, ...] = ()
    dates: tuple[SpecialDay, ...] = ()
    cut_offs: Mapping[str, int] = field(default_factory=dict)
    _days: dict[tuple[date, str | None], OpenDay] = field(default_factory=dict, compare=False, repr=False)
    _last: dict[str | None, OpenDay] = field(default_factory=dict, compare=False, repr=False)

    def day(self, now: int, service: str | None = None) -> OpenDay:
        """Give the local day that holds an instant, for a service or for the centre as a whole."""
        last = self._last.get(service)
        if last is None or not last.start <= now < last.end:
            last = self._last[service] = self.on(local_day(now, self.timezone), service)
        return last

    def on(self, day: date, service: str | None = None) -> OpenDay:
        """Give a local date, for a service or for the centre as a whole."""
        found = self._days.get((day, service))
        if found is None:
            if len(self._days) > 64 * (len(self.cut_offs) + 1):
                self._days.clear()
            found = self._days[(day, service)] = self._work_out(day, service)
        return found

    def is_open(self, now: int, service: str | None = None) -> bool:
        """Tell whether a service is open, or whether any is."""
        return any(start <= now < end for start, end in self.day(now, service).open)

    def closes_at(self, now: int, service: str | None = None) -> int | None:
        """Give the end of the last opening of this local day, or None once it is past or when there is none."""
        opened = self.day(now, service).open
        return opened[-1][1] if opened and now < opened[-1][1] else None

    def next_opening(self, now: int, service: str | None = None) -> int | None:
        """Give the first opening after an instant within the next 400 days, or None."""
        today = self.day(now, service).date
        for ahead in range(SEARCH_DAYS):
            for start, _ in self.on(today + timedelta(days=ahead), service).open:
                if start > now:
                    return start
        return None

    def accepts(self, now: int, service: str) -> Code | None:
        """Tell why no number is given for a service at an instant; None when one is.

        The cut-off counts back from the end of the day's last opening: who is issued before a break waits through it.
        """
        if not self.is_open(now, service):
            return Code.SERVICE_CLOSED if self.is_open(now) else Code.CENTRE_CLOSED
        closing = self.closes_at(now, service)
        cut_off = self.cut_offs.get(service, 0) * 60_000
        return Code.SERVICE_CLOSED if closing is not None and now >= closing - cut_off else None

    def _work_out(self, day: date, service: str | None) -> OpenDay:
        spans = self._spans(day, service) if service is not None else self._anyone(day)
        opened = tuple(
            (_instant(day, span.start, self.timezone), _instant(day, span.end, self.timezone)) for span in spans
        )
        return OpenDay(day, day_start(day, self.timezone), day_end(day, self.timezone), opened)

    def _anyone(self, day: date) -> tuple[Span, ...]:
        return _together(span for service in self.cut_offs for span in self._spans(day, service))

    def _spans(self, day: date, service: str) -> tuple[Span, ...]:
        entries = [entry for entry in self.dates if entry.date == day]
        named = [entry for entry in entries if entry.services is not None and service in entry.services]
        chosen = named or [entry for entry in entries if entry.services is None]
        if chosen:
            return _together(span for entry in chosen for span in self._of_date(entry, service))
        if any(entry.open or entry.like is not None for entry in entries):
            return ()
        return self._of_week(day.weekday(), service)

    def _of_date(self, entry: SpecialDay, service: str) -> tuple[Span, ...]:
        return entry.open if entry.like is None else self._of_week(entry.like, service)

    def _of_week(self, weekday: int, service: str) -> tuple[Span, ...]:
        entries = [entry for entry in self.week if weekday in entry.days]
        named = [entry for entry in entries if entry.services is not None and service in entry.services]
        chosen = named or [entry for entry in entries if entry.services is None]
        return _together(span for entry in chosen for span in entry.open)


class HasCalendar(Protocol):
    """A centre, as far as its opening times are concerned."""

    @property
    def calendar(self) -> Calendar:
        """Its opening times."""
        ...


def is_open(centre: HasCalendar, now: int, service: str | None = None) -> bool:
    """Tell whether a service is open, or whether any is."""
    return centre.calendar.is_open(now, service)


def closes_at(centre: HasCalendar, now: int, service: str | None = None) -> int | None:
    """Give the end of the last opening of this local day, or None once it is past or when there is none."""
    return centre.calendar.closes_at(now, service)


def next_opening(centre: HasCalendar, now: int, service: str | None = None) -> int | None:
    """Give the first opening after an instant within the next 400 days, or None."""
    return centre.calendar.next_opening(now, service)


def accepts(centre: HasCalendar, now: int, service: str) -> Code | None:
    """Tell why no number is given for a service at an instant; None when one is."""
    return centre.calendar.accepts(now, service)


def _instant(day: date, minute: int, timezone: ZoneInfo) -> int:
    days, rest = divmod(minute, DAY_MINUTES)
    moment = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), timezone)
    return round(moment.timestamp() * 1000)


def _together(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Give the union of spans, in order, without overlaps."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)
