"""The report `throughput`: how many came, what became of them, how long they waited and were served."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from broker.contract.payloads import Status
from controller.reports.report import Column, Kind, Report, count_tickets
from controller.reports.statistics import spread

if TYPE_CHECKING:
    from controller.services.history import TicketRow

DONE = Status.DONE.value


def served_ms(row: TicketRow) -> int | None:
    """Return how long a served ticket's last visit took, from its start, else its call."""
    begun = row.last_called_at if row.started_at is None else row.started_at
    return None if begun is None or row.ended_at is None else row.ended_at - begun


class Tally:
    """What is counted of a set of tickets."""

    __slots__ = ("called", "serves", "statuses", "unconfirmed", "waits")

    def __init__(self) -> None:
        self.statuses: Counter[str] = Counter()
        self.called = 0
        self.unconfirmed = 0
        self.waits: list[int] = []
        self.serves: list[int] = []

    def add(self, row: TicketRow) -> None:
        """Count one ticket."""
        self.statuses[row.status] += 1
        if row.called_at is not None:
            self.called += 1
            self.waits.append(row.called_at - row.issued_at)
        if row.status != DONE:
            return
        self.unconfirmed += row.started_at is None
        took = served_ms(row)
        if took is not None:
            self.serves.append(took)

    def figures(self) -> dict[str, Any]:
        """Return the figures of the contract, in its order."""
        of = self.statuses
        return {
            "issued": of.total(),
            "called": self.called,
            "served": of[Status.DONE],
            "no_show": of[Status.NO_SHOW],
            "cancelled": of[Status.CANCELLED],
            "expired": of[Status.EXPIRED],
            "waiting": of[Status.WAITING] + of[Status.PARKED],
            "in_hand": of[Status.CALLED] + of[Status.SERVING],
            "unconfirmed": self.unconfirmed,
            "wait_s": spread(self.waits),
            "serve_s": spread(self.serves),
        }


REPORT: Final = Report(
    "throughput",
    "report.throughput",
    (
        Column("issued"), Column("called"), Column("served"), Column("no_show"), Column("cancelled"), Column("expired"),
        Column("waiting"), Column("in_hand"), Column("unconfirmed"), Column("wait_s", Kind.SPREAD),
        Column("serve_s", Kind.SPREAD),
    ),
    count_tickets(Tally, Tally.add),
)  # fmt: skip
