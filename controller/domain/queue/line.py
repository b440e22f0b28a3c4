"""The lines in which tickets wait: one for each service, priority class and binding, in order of issue.

In a line weight and target are the same for all, so whoever was issued first is also due first and has the highest
score: only the heads of lines have to be compared for a call, and a place is found by bisection.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from controller.domain.centre.centre import Centre
    from controller.domain.queue.ticket import Ticket

Rank = tuple[int, float, int, int]
"""Smaller goes first: past target or not, then the instant due or the score below zero, then issue, then journal."""


def _by_issue(ticket: Ticket) -> tuple[int, int]:
    return ticket.issued_at, ticket.seq


def target_ms(centre: Centre, service: str, priority: str) -> int | None:
    """Give the wait that is aimed at for a ticket: its priority's, else its service's; None for what has gone since."""
    told, own = centre.priorities.get(priority), centre.services.get(service)
    minutes = None if told is None else told.target_wait_min
    if minutes is None and own is not None:
        minutes = own.target_wait_min
    return None if minutes is None else round(minutes * 60_000)


@dataclass(slots=True)
class Line:
    """Tickets that wait for one service in one class; `to` is empty, `counter:ID` or `officer:USER`."""

    service: str
    priority: str
    to: str
    weight: float
    target: int | None
    tickets: list[Ticket] = field(default_factory=list)

    def score(self, issued_at: int, now: int) -> float:
        """Give the score of a ticket of this line: weight × milliseconds since it was issued."""
        return self.weight * (now - issued_at)

    def is_late(self, issued_at: int, now: int) -> bool:
        """Tell whether a ticket of this line is past its target."""
        return self.target is not None and now >= issued_at + self.target

    def rank(self, issued_at: int, seq: int, now: int) -> Rank:
        """Give what a ticket of this line is compared by."""
        if self.target is not None and now >= issued_at + self.target:
            return 0, issued_at + self.target, issued_at, seq
        return 1, -self.weight * (now - issued_at), issued_at, seq

    def before(self, rank: Rank, now: int) -> int:
        """Count the tickets of this line that go before a rank."""
        if not self.tickets:
            return 0
        last = self.rank(self.tickets[-1].issued_at, self.tickets[-1].seq, now)
        if last <= rank:  # as for whoever has just come, and ranks are never equal but to themselves
            return len(self.tickets) - (last == rank)
        return bisect_left(self.tickets, rank, key=lambda one: self.rank(one.issued_at, one.seq, now))


class Lines:
    """All lines, and how many wait: `waiting` by service, of them `free` for any counter, `bound` by binding."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._lines: dict[tuple[str, str, str], Line] = {}
        self.of_service: dict[str, list[Line]] = {}
        self.free_of: dict[str, list[Line]] = {}
        self.bound_to: dict[str, list[Line]] = {}
        self.waiting: dict[str, int] = {}
        self.free: dict[str, int] = {}
        self.bound: dict[str, int] = {}

    def line(self, service: str, priority: str, to: str = "") -> Line:
        """Give a line, made when it is first asked for."""
        found = self._lines.get((service, priority, to))
        if found is None:
            found = Line(service, priority, to, self._weight(service, priority), None)
            found.target = target_ms(self._centre, service, priority)
            self._lines[(service, priority, to)] = found
            self.of_service.setdefault(service, []).append(found)
            (self.bound_to.setdefault(to, []) if to else self.free_of.setdefault(service, [])).append(found)
        return found

    def _weight(self, service: str, priority: str) -> float:
        return self._centre.priorities[priority].weight * self._centre.services[service].weight

    def add(self, ticket: Ticket) -> None:
        """Let a ticket wait, at its place by first issue."""
        insort(self.line(ticket.service, ticket.priority, ticket.to).tickets, ticket, key=_by_issue)
        self._count(ticket, 1)

    def remove(self, ticket: Ticket) -> None:
        """Take a ticket out of its line."""
        tickets = self.line(ticket.service, ticket.priority, ticket.to).tickets
        del tickets[bisect_left(tickets, _by_issue(ticket), key=_by_issue)]
        self._count(ticket, -1)

    def _count(self, ticket: Ticket, by: int) -> None:
        self.waiting[ticket.service] = self.waiting.get(ticket.service, 0) + by
        where, key = (self.bound, ticket.to) if ticket.to else (self.free, ticket.service)
        where[key] = where.get(key, 0) + by

    def tickets(self) -> list[Ticket]:
        """Give all that wait."""
        return [ticket for line in self._lines.values() for ticket in line.tickets]
