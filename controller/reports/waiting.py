"""The report `waiting`: how long people waited for their first call, and how often the target was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from controller.reports.report import Column, Kind, Report, count_tickets
from controller.reports.statistics import spread

if TYPE_CHECKING:
    from controller.services.history import TicketRow


class Tally:
    """What is counted of the called tickets of a set."""

    __slots__ = ("aimed", "kept", "waits")

    def __init__(self) -> None:
        self.waits: list[int] = []
        self.aimed = 0
        self.kept = 0

    def add(self, row: TicketRow) -> None:
        """Count one ticket, if it was ever called."""
        if row.called_at is None:
            return
        waited = row.called_at - row.issued_at
        self.waits.append(waited)
        if row.target_s is not None:
            self.aimed += 1
            self.kept += waited <= row.target_s * 1000

    def figures(self) -> dict[str, Any]:
        """Return the figures of the contract; `within_target` is a share of the called tickets that had a target."""
        return {
            "called": len(self.waits),
            "wait_s": spread(self.waits),
            "within_target": self.kept / self.aimed if self.aimed else None,
        }


REPORT: Final = Report(
    "waiting",
    "report.waiting.name",
    (Column("called"), Column("wait_s", Kind.SPREAD), Column("within_target", Kind.SHARE)),
    count_tickets(Tally, Tally.add),
)
