"""The report `fairness`: who was called before somebody that came earlier, by what rule, and who waited longest."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from controller.domain.queue.calling import Rule
from controller.reports.report import Column, Kind, Report

if TYPE_CHECKING:
    from controller.reports.report import Source, Tallies
    from controller.services.history import CallRow, TicketRow


class Tally:
    """What is counted of a set of tickets and calls."""

    __slots__ = ("called", "longest", "manual", "overtaken", "reasons", "rules")

    def __init__(self) -> None:
        self.called = self.overtaken = self.manual = 0
        self.longest: int | None = None
        self.rules: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()

    def wait(self, row: TicketRow) -> None:
        """Count one ticket, if it was ever called."""
        if row.called_at is None:
            return
        self.called += 1
        self.longest = max(self.longest or 0, row.called_at - row.issued_at)

    def call(self, row: CallRow) -> None:
        """Count one call, and those whom it passed over."""
        self.overtaken += row.overtook
        self.rules[row.rule] += row.overtook
        if row.rule == Rule.MANUAL:
            self.manual += 1
            self.reasons[row.reason or ""] += 1

    def figures(self) -> dict[str, Any]:
        """Return the figures of the contract; `rules` splits `overtaken` by rule, `reasons` splits `manual`."""
        return {
            "called": self.called,
            "overtaken": self.overtaken,
            "rules": {rule.value: self.rules[rule.value] for rule in Rule},
            "manual": self.manual,
            "reasons": dict(sorted(self.reasons.items())),
            "longest_wait_s": None if self.longest is None else self.longest / 1000,
        }


def _count(source: Source) -> Tallies[Tally]:
    """Count tickets by their present service and counter, calls by those of the call."""
    return source.tally(Tally).count(source.tickets(), Tally.wait).count(source.calls(), Tally.call)


REPORT: Final = Report(
    "fairness",
    "report.fairness",
    (
        Column("called"),
        Column("overtaken"),
        Column("rules", Kind.COUNTS, "rule"),
        Column("manual"),
        Column("reasons", Kind.COUNTS, "reason"),
        Column("longest_wait_s", Kind.DURATION),
    ),
    _count,
)
