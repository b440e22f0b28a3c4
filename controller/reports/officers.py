"""The report `officers`: how many they served, how long that took, how long counters were open, paused and idle."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from controller.reports.attendance import Kind, by_hours
from controller.reports.keys import NOBODY, By
from controller.reports.statistics import spread
from controller.reports.throughput import DONE, served_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from zoneinfo import ZoneInfo

    from controller.reports.attendance import Stretch
    from controller.services.history import TicketRow

TIMED = frozenset({By.DAY, By.HOUR, By.COUNTER, By.OFFICER})
"""Cuts in which the time of a counter has a row: a counter stands open for no service, channel or class of its own."""


class Tally:
    """What is counted of served tickets and of time at counters."""

    __slots__ = ("served", "serves", "times")

    def __init__(self) -> None:
        self.served = 0
        self.serves: list[int] = []
        self.times: Counter[Kind] = Counter()

    def serve(self, row: TicketRow) -> None:
        """Count one ticket, if it was served."""
        if row.status != DONE:
            return
        self.served += 1
        took = served_ms(row)
        if took is not None:
            self.serves.append(took)

    def figures(self, *, timed: bool) -> dict[str, Any]:
        """Give the figures of the contract; times are None in a row that can have none."""
        times = {f"{kind.value}_s": self.times[kind] / 1000 if timed else None for kind in Kind}
        return {"served": self.served, "serve_s": spread(self.serves), **times}


def officers(
    tickets: Iterable[TicketRow],
    stretches: Iterable[Stretch],
    key: Callable[[TicketRow], str],
    by: By,
    timezone: ZoneInfo,
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Give the rows in the order of their keys, and the total; time counts in the hour in which it passed."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    total = Tally()
    for ticket in tickets:
        if ticket.status == DONE:
            tallies[key(ticket)].serve(ticket)
            total.serve(ticket)
    for stretch in stretches:
        total.times[stretch.kind] += stretch.end - stretch.begin
        for name, took in _parts(stretch, by, timezone):
            tallies[name].times[stretch.kind] += took
    timed = by in TIMED
    return [{"key": name, **tallies[name].figures(timed=timed)} for name in sorted(tallies)], total.figures(timed=True)


def _parts(stretch: Stretch, by: By, timezone: ZoneInfo) -> Iterator[tuple[str, int]]:
    """Give the keys of a stretch with the ms that each has of it."""
    if by is By.HOUR:
        yield from ((f"{hour:02d}", took) for hour, took in by_hours(stretch, timezone))
    elif by in TIMED:
        key = {By.DAY: stretch.day, By.COUNTER: stretch.counter, By.OFFICER: stretch.officer or NOBODY}[by]
        yield key, stretch.end - stretch.begin
