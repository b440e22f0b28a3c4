"""How far each series may have been given by local day, and where it continues after a restore. Pure.

Numbers are reserved in blocks of a hundred: the end of a block is on disk before its first number is given. Whatever a
lost store gave was reserved, and a restore continues above all of it.
Days are `YYYY-MM-DD`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from controller.domain.centre.model import NumberRange

BLOCK: Final = 100
"""Numbers reserved together; also the step at which each series continues after a restore."""

KEPT_DAYS: Final = 40
"""Days that a mark remembers, counted back from its last one."""

Numbers = dict[str, int]
"""By series: a number."""


def block_end(number: int) -> int:
    """Return the last number of the block that a number lies in: 99 for 7, 199 for 100."""
    return (number // BLOCK + 1) * BLOCK - 1


def merged(known: Iterable[Mapping[str, int]]) -> Numbers:
    """Return the highest number of each series in any of several tables."""
    highest: Numbers = {}
    for numbers in known:
        for series, number in numbers.items():
            highest[series] = max(number, highest.get(series, number))
    return highest


@dataclass(frozen=True, slots=True)
class HighWater:
    """The mark: by day and series, the end of the last block that was reserved.

    `epoch` is the highest epoch that ever wrote here, `since` the first day on which that epoch gave a number.
    """

    epoch: int = 0
    since: str | None = None
    days: Mapping[str, Numbers] = field(default_factory=dict)

    @property
    def last_day(self) -> str | None:
        """The last day on which a number was reserved."""
        return max(self.days, default=None)

    def covers(self, epoch: int, day: str, series: str, number: int) -> bool:
        """Return whether a number lies in a reserved block, and the mark knows that this epoch gives numbers."""
        known = epoch < self.epoch or (epoch == self.epoch and self.since is not None)
        return known and number <= self.days.get(day, {}).get(series, -1)

    def begin(self, epoch: int) -> HighWater:
        """Return the mark of a later epoch, which has given no number yet; what was reserved stays."""
        return self if epoch <= self.epoch else replace(self, epoch=epoch, since=None)

    def reserve(self, epoch: int, day: str, series: str, number: int) -> HighWater:
        """Return the mark with the block reserved that a number lies in."""
        mark = self.begin(epoch)
        numbers = merged([mark.days.get(day, {}), {series: block_end(number)}])
        first = str(date.fromisoformat(max(day, mark.last_day or day)) - timedelta(days=KEPT_DAYS))
        days = {one: known for one, known in mark.days.items() if one > first} | {day: numbers}
        return HighWater(mark.epoch, min(day, mark.since or day) if epoch == mark.epoch else mark.since, days)

    def brought_back(self, today: str) -> HighWater:
        """Return the mark without days later than today, which a wrong clock opened: their numbers count as today's."""
        days = {day: numbers for day, numbers in self.days.items() if day < today}
        highest = self.highest(today)
        return replace(
            self, days=days | ({today: highest} if highest else {}),
            since=None if self.since is None else min(self.since, today),
        )  # fmt: skip

    def beyond(self, day: str, given: Mapping[str, int]) -> Numbers:
        """Return how far the series of a day were reserved that lie more than a block ahead of what a store has.

        The mark of a store is at most one block ahead of it, so this is another store than the one that wrote the mark.
        """
        numbers = self.days.get(day, {})
        return {series: end for series, end in numbers.items() if end > block_end(given.get(series, 0) + 1)}

    def highest(self, first: str) -> Numbers:
        """Return how far each series was reserved on a day or later."""
        return merged(numbers for day, numbers in self.days.items() if day >= first)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore knew: each series continues above `floors`.

    They hold on every day up to `until`, and on later ones as long as this epoch has reserved nothing on a day before:
    the clock may have been wrong when the store was put back. Numbers of `first` and later were counted.
    """

    epoch: int
    first: str
    until: str
    floors: Numbers

    def on(self, day: str, mark: HighWater) -> Numbers:
        """Return the numbers above which each series continues on a day; none where it begins at its first.

        While the floors hold, a day also continues above what this epoch gave on the days before: two of its days may
        have been one day of the hall, under a clock that was set in between.
        """
        begun = mark.epoch == self.epoch and mark.since is not None and mark.since < day
        if day > self.until and begun:
            return {}
        before = {one: numbers for one, numbers in mark.days.items() if one < day}
        return merged([self.floors, HighWater(days=before).highest(mark.since or day)]) if begun else self.floors


def continue_above(known: Mapping[str, int], ranges: Mapping[str, NumberRange], last: Mapping[str, int]) -> Numbers:
    """Return the number above which each series continues: the end of the block of the highest one known.

    A series with a last number that has no further block goes on within its range, behind the number of `last` (the one
    given last, where the store in place could say), else at its first.
    """
    floors = {}
    for series in known.keys() | ranges.keys():
        end = block_end(known.get(series, 0))
        bounds = ranges.get(series)
        if bounds is not None and bounds.last is not None and end >= bounds.last:
            end = min(last.get(series, bounds.last), bounds.last)
        floors[series] = end
    return floors


def repeating(ranges: Mapping[str, NumberRange]) -> tuple[str, ...]:
    """Name the series that go back to their first number: after a restore one may be in somebody's hand twice."""
    return tuple(sorted(series for series, bounds in ranges.items() if bounds.last is not None))
