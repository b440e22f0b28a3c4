"""When the centre is open, as the kiosk shows it; pure. What is really issued is the controller's decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from broker.contract.hours import WEEKDAYS, Span, parse_span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.flow.config import DayHours, KioskConfig, WeekHours

LOOK_AHEAD_DAYS = 30


@dataclass(frozen=True, slots=True)
class Opening:
    """The next time that the doors open: a local date, and the minute of that day."""

    day: date
    minute: int


def local(instant: int, zone: str) -> datetime:
    """Give the local time of an instant."""
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone(ZoneInfo(zone))


def spans(config: KioskConfig, day: date) -> tuple[Span, ...]:
    """Give the hours of a date for the centre as a whole, in order."""
    special: DayHours | None = next((entry for entry in config.days if entry.date == day.isoformat()), None)
    if special is None:
        return _of_weekday(config.hours, WEEKDAYS[day.weekday()])
    if special.like:
        return _of_weekday(config.hours, special.like)
    return _read(special.open)


def is_open(config: KioskConfig, moment: datetime) -> bool:
    """Tell whether the doors are open at a local time; a centre that tells no hours is always open."""
    if not config.hours and not config.days:
        return True
    minute = moment.hour * 60 + moment.minute
    return any(span.start <= minute < span.end for span in spans(config, moment.date()))


def next_opening(config: KioskConfig, moment: datetime) -> Opening | None:
    """Give when the doors open next, or None when not within 30 days."""
    minute = moment.hour * 60 + moment.minute
    for ahead in range(LOOK_AHEAD_DAYS + 1):
        day = moment.date() + timedelta(days=ahead)
        for span in spans(config, day):
            if ahead or span.start > minute:
                return Opening(day, span.start)
    return None


def _of_weekday(hours: Iterable[WeekHours], weekday: str) -> tuple[Span, ...]:
    return _read([text for entry in hours if weekday in entry.days and entry.services is None for text in entry.open])


def _read(texts: Iterable[str]) -> tuple[Span, ...]:
    return tuple(sorted(map(parse_span, texts), key=lambda span: span.start))
