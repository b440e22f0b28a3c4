"""The report `estimates`: what people were told about their wait, against the wait that came."""

from __future__ import annotations

from collections import defaultdict
from math import sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from controller.services.history import TicketRow


class Tally:
    """What is counted of the tickets that were told a range and have been called.

    An error is the middle of the range minus the wait, in seconds: below zero, people were told too short a wait.
    """

    __slots__ = ("count", "errors", "squares", "within")

    def __init__(self) -> None:
        self.count = self.within = 0
        self.errors = self.squares = 0.0

    def add(self, row: TicketRow) -> None:
        """Count one ticket, if it was told a range and ever called."""
        if row.called_at is None or row.told_low_s is None or row.told_high_s is None:
            return
        waited = (row.called_at - row.issued_at) / 1000
        error = (row.told_low_s + row.told_high_s) / 2 - waited
        self.count += 1
        self.within += row.told_low_s <= waited <= row.told_high_s
        self.errors += error
        self.squares += error * error

    def figures(self) -> dict[str, Any]:
        """Give the figures of the contract; all but the count are None without a ticket."""
        return {
            "tickets": self.count,
            "coverage": self.within / self.count if self.count else None,
            "rmse_s": sqrt(self.squares / self.count) if self.count else None,
            "bias_s": self.errors / self.count if self.count else None,
        }


def estimates(
    tickets: Iterable[TicketRow], key: Callable[[TicketRow], str]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Give the rows in the order of their keys, and the total."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    total = Tally()
    for ticket in tickets:
        tallies[key(ticket)].add(ticket)
        total.add(ticket)
    return [{"key": name, **tallies[name].figures()} for name in sorted(tallies)], total.figures()
