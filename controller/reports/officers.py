"""The report `officers`: how many they served, how long that took, how long counters were open, paused and idle."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from controller.reports.attendance import Activity, attendance, by_hours
from controller.reports.grouping import NOBODY, By
from controller.reports.report import Column, Kind, Report
from controller.reports.statistics import spread
from controller.reports.throughput import DONE, served_ms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from controller.reports.attendance import Stretch
    from controller.reports.report import Source, Tallies
    from controller.services.history import TicketRow

TIMED = frozenset({By.DAY, By.HOUR, By.COUNTER, By.OFFICER})
"""Groupings in which the time of a counter has a row: a counter is open for no service, channel or class of its own."""


class Tally:
    """What is counted of served tickets and of time at counters; without `timed` the times are None."""

    __slots__ = ("_timed", "served", "serves", "times")

    def __init__(self, *, timed: bool) -> None:
        self._timed = timed
        self.served = 0
        self.serves: list[int] = []
        self.times: Counter[Activity] = Counter()

    def serve(self, row: TicketRow) -> None:
        """Count one served ticket."""
        self.served += 1
        took = served_ms(row)
        if took is not None:
            self.serves.append(took)

    def figures(self) -> dict[str, Any]:
        """Return the figures of the contract; times are None in a row that can have none."""
        times = {f"{kind.value}_s": self.times[kind] / 1000 if self._timed else None for kind in Activity}
        return {"served": self.served, "serve_s": spread(self.serves), **times}


def _parts(stretch: Stretch, by: By, timezone: ZoneInfo) -> Iterator[tuple[str, int]]:
    """Return the keys of a stretch with the ms that each has of it."""
    if by is By.HOUR:
        yield from ((f"{hour:02d}", took) for hour, took in by_hours(stretch, timezone))
    elif by in TIMED:
        key = {By.DAY: stretch.day, By.COUNTER: stretch.counter, By.OFFICER: stretch.officer or NOBODY}[by]
        yield key, stretch.end - stretch.begin


def _count(source: Source) -> Tallies[Tally]:
    """Count served tickets, and the time at counters in the hour in which it passed."""
    query, history, timezone = source.query, source.history, source.history.timezone()
    tallies = source.tally(lambda: Tally(timed=query.by in TIMED), Tally(timed=True))
    tallies.count((ticket for ticket in source.tickets() if ticket.status == DONE), Tally.serve)
    moves, visits = history.moves(query.first, query.last), history.in_hand(query.first, query.last)
    for stretch in attendance(moves, visits, source.now, timezone):
        tallies.total.times[stretch.kind] += stretch.end - stretch.begin
        for name, took in _parts(stretch, query.by, timezone):
            tallies.rows[name].times[stretch.kind] += took
    return tallies


REPORT: Final = Report(
    "officers",
    "report.officers",
    (
        Column("served"),
        Column("serve_s", Kind.SPREAD),
        Column("open_s", Kind.DURATION),
        Column("paused_s", Kind.DURATION),
        Column("idle_s", Kind.DURATION),
    ),
    _count,
)
