"""What a report is: its name, its columns, and how it counts the rows of the history."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from controller.reports.grouping import By, key_function

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date
    from typing import Self

    from controller.reports.grouping import Row
    from controller.services.history import CallRow, History, RatingRow, TicketRow


class Kind(Enum):
    """What a figure is, and so how it is written."""

    COUNT = auto()
    SHARE = auto()
    DURATION = auto()
    """Seconds."""
    SPREAD = auto()
    """Median, 90th percentile and mean in seconds, or None."""
    COUNTS = auto()
    """Counts by name; a row may lack names of the total."""
    DETAIL = auto()
    """In JSON only."""


@dataclass(frozen=True, slots=True)
class Column:
    """A figure of a report; the flat columns of COUNTS begin with `prefix`."""

    name: str
    kind: Kind = Kind.COUNT
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """Which report, on which local days (both included), grouped by what; `scores` are the present scale's levels."""

    name: str
    first: date
    last: date
    by: By
    scores: tuple[int, ...] = ()


class Tally(Protocol):
    """What is counted of the rows with one key."""

    def figures(self) -> dict[str, Any]:
        """Return the figures of the contract, in the order of the report's columns."""
        ...


T = TypeVar("T", bound=Tally)
R = TypeVar("R", bound="Row")


class Tallies(Generic[T]):
    """A tally for each key of a grouping, and one of all rows; `total` where that one differs from those of `make`."""

    def __init__(self, make: Callable[[], T], key: Callable[[Row], str], total: T | None = None) -> None:
        self._key = key
        self.rows: defaultdict[str, T] = defaultdict(make)
        self.total = make() if total is None else total

    def count(self, rows: Iterable[R], add: Callable[[T, R], None]) -> Self:
        """Add each row to the tally of its key and to the total."""
        for row in rows:
            add(self.rows[self._key(row)], row)
            add(self.total, row)
        return self

    def figures(self) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Return the rows in the order of their keys, and the total."""
        return [{"key": name, **self.rows[name].figures()} for name in sorted(self.rows)], self.total.figures()


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of the history that a query asks for; `now` ends what still lasts."""

    query: ReportQuery
    history: History
    now: int

    def tally(self, make: Callable[[], T], total: T | None = None) -> Tallies[T]:
        """Return empty tallies, grouped as the query asks."""
        groups = self.history.groups() if self.query.by is By.GROUP else {}
        return Tallies(make, key_function(self.query.by, groups), total)

    def tickets(self) -> Iterator[TicketRow]:
        """Return the tickets of the days."""
        return self.history.tickets(self.query.first, self.query.last)

    def ratings(self) -> Iterator[RatingRow]:
        """Return the ratings of the days."""
        return self.history.ratings(self.query.first, self.query.last)

    def calls(self) -> Iterator[CallRow]:
        """Return the calls of the days."""
        return self.history.calls(self.query.first, self.query.last)


@dataclass(frozen=True, slots=True)
class Report:
    """A kind of report; `title` is the catalogue key of its name, `count` returns its tallies."""

    name: str
    title: str
    columns: tuple[Column, ...]
    count: Callable[[Source], Tallies[Any]]


def count_tickets(tally: Callable[[], T], add: Callable[[T, TicketRow], None]) -> Callable[[Source], Tallies[T]]:
    """Return the `count` of a report of tickets only."""
    return lambda source: source.tally(tally).count(source.tickets(), add)
