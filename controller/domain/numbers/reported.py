"""What devices report of the numbers that they gave or showed, taken into account after a restore. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from controller.domain.numbers.high_water import block_end, merged

if TYPE_CHECKING:
    from collections.abc import Collection

    from controller.domain.numbers.high_water import Numbers, Restored

REACH: Final = 1000
"""So far above what a restore knew may a device report; more is a fault of the device, or a store far too old."""
DAYS: Final = 31
"""So many days after the last one known may a report be of."""


@dataclass(frozen=True, slots=True)
class HighestNumbersReport:
    """The highest numbers of a device on a local day, as they are written on a slip."""

    day: str
    numbers: tuple[str, ...]


def parse_highest_numbers(detail: dict[str, Any]) -> HighestNumbersReport | None:
    """Read `detail.highest` of a device's state; None where it says nothing that can be read."""
    match detail.get("highest"):
        case {"day": str(day), "numbers": list(numbers)} if _is_day(day):
            return HighestNumbersReport(day, tuple(one for one in numbers if isinstance(one, str)))
        case _:
            return None


def raise_high_water(restored: Restored, report: HighestNumbersReport, series: Collection[str]) -> Restored | None:
    """Return what a restore knows with a report; None when the report lies too far above it to be believed."""
    if report.day < restored.first:
        return restored
    known = _by_series(report, series)
    if report.day > _days_after(restored.until, DAYS):
        return None
    if any(number > restored.floors.get(one, 0) + REACH for one, number in known.items()):
        return None
    floors = merged([restored.floors, {one: block_end(number) for one, number in known.items()}])
    return replace(restored, until=max(restored.until, report.day), floors=floors)


def _by_series(report: HighestNumbersReport, series: Collection[str]) -> Numbers:
    """Return the highest number of each series that a report names."""
    found = [
        {one: int(number.removeprefix(one))}
        for number in report.numbers
        for one in series
        if number.startswith(one) and number.removeprefix(one).isdecimal() and len(number) < 12
    ]
    return merged(found)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _days_after(day: str, count: int) -> str:
    return str(date.fromisoformat(day) + timedelta(days=count))
