"""The report `estimates`: the estimated wait of each ticket against its actual wait."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any, Final

from controller.reports.report import Column, Kind, Report, count_tickets

if TYPE_CHECKING:
    from controller.services.history import TicketRow


class Tally:
    """What is counted of the tickets that had an estimate and have been called.

    An error is the middle of the range minus the wait, in seconds: below zero, the estimate was too short.
    """

    __slots__ = ("count", "errors", "squares", "within")

    def __init__(self) -> None:
        self.count = self.within = 0
        self.errors = self.squares = 0.0

    def add(self, row: TicketRow) -> None:
        """Count one ticket, if it had an estimate and was ever called."""
        if row.called_at is None or row.told_low_s is None or row.told_high_s is None:
            return
        waited = (row.called_at - row.issued_at) / 1000
        error = (row.told_low_s + row.told_high_s) / 2 - waited
        self.count += 1
        self.within += row.told_low_s <= waited <= row.told_high_s
        self.errors += error
        self.squares += error * error

    def figures(self) -> dict[str, Any]:
        """Return the figures of the contract; all but the count are None without a ticket."""
        return {
            "tickets": self.count,
            "coverage": self.within / self.count if self.count else None,
            "rmse_s": sqrt(self.squares / self.count) if self.count else None,
            "bias_s": self.errors / self.count if self.count else None,
        }


REPORT: Final = Report(
    "estimates",
    "report.estimates",
    (
        Column("tickets"),
        Column("coverage", Kind.SHARE),
        Column("rmse_s", Kind.DURATION),
        Column("bias_s", Kind.DURATION),
    ),
    count_tickets(Tally, Tally.add),
)
