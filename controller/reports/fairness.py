"""The report `fairness`: who was called before somebody that came earlier, by what rule, and who waited longest."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from controller.domain.queue.calling import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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
        """Give the figures of the contract; `rules` parts `overtaken` by the rule of the calls, `reasons` `manual`."""
        return {
            "called": self.called,
            "overtaken": self.overtaken,
            "rules": {rule.value: self.rules[rule.value] for rule in Rule},
            "manual": self.manual,
            "reasons": dict(sorted(self.reasons.items())),
            "longest_wait_s": None if self.longest is None else self.longest / 1000,
        }


def fairness(
    tickets: Iterable[TicketRow], calls: Iterable[CallRow], key: Callable[[TicketRow | CallRow], str]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Give the rows in the order of their keys, and the total; a call counts by its own service and counter."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    total = Tally()
    for ticket in tickets:
        tallies[key(ticket)].wait(ticket)
        total.wait(ticket)
    for call in calls:
        tallies[key(call)].call(call)
        total.call(call)
    return [{"key": name, **tallies[name].figures()} for name in sorted(tallies)], total.figures()
