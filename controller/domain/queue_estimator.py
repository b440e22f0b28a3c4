"""The estimator of a hall: looks at it as a `Lobby`, estimates, and learns from its facts.

    memory = EstimateMemory.from_json(text)      # or EstimateMemory() the first time
    estimator = QueueEstimator(memory)
    hall = Hall(centre, version, estimator)
    estimator.happened(hall, fact)               # after each fact that was written and applied, not while replaying
    text = memory.to_json()                      # now and then, and at the end

A ticket keeps the expectation that it was told; the raw range around it is kept here until it is called, and worked out
again after a restart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from broker.contract.payloads import CounterStatus
from controller.domain.centre_parts import NORMAL
from controller.domain.estimate import RECENT, Desk, Estimate, Lobby, Standing, estimate, shrunk_mean
from controller.domain.facts import FactType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from controller.domain.estimate_memory import EstimateMemory
    from controller.domain.facts import Fact
    from controller.domain.hall import Hall
    from controller.domain.line import Line
    from controller.domain.ticket import Ticket, Visit

_OPEN: Final = frozenset({CounterStatus.OPEN, CounterStatus.CALLING, CounterStatus.SERVING})
_HOUR: Final = 3_600_000
_NEWCOMERS_KEPT: Final = 60_000
"""How long a count of the last hour's priority tickets is used, in milliseconds."""


class QueueEstimator:
    """Estimates waits in a hall from what it shows now and from what was learnt."""

    def __init__(self, memory: EstimateMemory) -> None:
        self.memory = memory
        self._newcomers: dict[tuple[str, str], float] = {}
        self._counted_at: int | None = None
        self._open: dict[str, tuple[float, float]] = {}

    def estimate(self, hall: Hall, service: str, now: int, ticket: Ticket | None = None) -> Estimate | None:
        """Give the wait before a newcomer to a service, or a ticket; None when no counter is open for it."""
        if ticket is None:
            line = hall.lines.line(service, NORMAL)
            return estimate(self.lobby(hall, service, now), Standing(line.weight, line.target), self.memory)
        line = hall.lines.line(service, ticket.priority, ticket.to)
        lobby = self.lobby(hall, service, now, ticket)
        return estimate(lobby, Standing(line.weight, line.target), self.memory, ticket.issued_at)

    def lobby(self, hall: Hall, service: str, now: int, ticket: Ticket | None = None) -> Lobby:
        """Look at the hall as a service, or a ticket that is bound to a counter or an officer, sees it."""
        bound = ticket is not None and ticket.to != ""
        only = hall.serving_counters(ticket) if ticket is not None and bound else None
        desks = [
            Desk((service,) if only else hall.services_at(counter), counter.status is CounterStatus.OPEN)
            for counter in hall.counters.values()
            if counter.status in _OPEN and (only is None or counter.id in only)
        ]
        lines = (
            hall.lines.bound_to.get(ticket.to, ())
            if ticket is not None and bound
            else hall.lines.of_service.get(service, ())
        )
        seen = {name for desk in desks for name in desk.services} | {service}
        return Lobby(
            service=service,
            now=now,
            since_midnight=now - hall.centre.calendar.day(now).start,
            desks=desks,
            means={name: self._mean(hall, name) for name in seen},
            people={name: hall.waiting_for(name) for name in seen},
            waiting=_waiting(lines),
            newcomers=() if bound else self._expected_newcomers(hall, service, now),
        )

    def happened(self, hall: Hall, fact: Fact) -> None:
        """Learn from a fact that the hall has taken in."""
        ticket = hall.tickets.get(fact.data.get("id", ""))
        if ticket is None:
            return
        if self.memory.turn_to(hall.centre.calendar.day(fact.at).date.isoformat()):
            self._open.clear()
        if fact.type is FactType.ISSUED:
            self._told(hall, ticket, fact.at)
        elif fact.type is FactType.CALLED:
            self._came(hall, ticket, fact.at)
        elif fact.type is FactType.FINISHED and ticket.visit is not None:
            self._served(hall.visits[ticket.visit])
        elif fact.type in (FactType.CANCELLED, FactType.EXPIRED):
            self._open.pop(ticket.id, None)

    def _told(self, hall: Hall, ticket: Ticket, now: int) -> None:
        if ticket.told is not None:
            self._open[ticket.id] = self.memory.range_of(ticket.told.expected_s)
        self._look_at_staff(hall, ticket.service, now)

    def _came(self, hall: Hall, ticket: Ticket, now: int) -> None:
        if ticket.told is not None and ticket.called_at == now:
            known = self._open.pop(ticket.id) if ticket.id in self._open else None
            low, high = known or self.memory.range_of(ticket.told.expected_s)
            self.memory.came_true(ticket.told.expected_s, low, high, (now - ticket.issued_at) / 1000)
        self._look_at_staff(hall, ticket.service, now)

    def _served(self, visit: Visit) -> None:
        if visit.ended_at is not None:
            self.memory.served(visit.service, visit.ended_at - visit.called_at)

    def _look_at_staff(self, hall: Hall, service: str, now: int) -> None:
        if hall.waiting_for(service):
            counters = sum(hall.counters[one].status in _OPEN for one in hall.centre.counters_of.get(service, ()))
            self.memory.staffed(service, now - hall.centre.calendar.day(now).start, counters)

    def _mean(self, hall: Hall, service: str) -> float:
        configured = hall.centre.services[service].mean_service_min * 60_000
        served = hall.services[service].served[-RECENT:]
        durations = [visit.ended_at - visit.called_at for visit in served if visit.ended_at is not None]
        return shrunk_mean(durations, self.memory.usual_mean(service) or configured)

    def _expected_newcomers(self, hall: Hall, service: str, now: int) -> Sequence[tuple[Standing, float]]:
        """Give the priority tickets of the last hour as the rate of the next; counted at most once a minute."""
        if self._counted_at is None or not 0 <= now - self._counted_at < _NEWCOMERS_KEPT:
            self._newcomers, self._counted_at = _of_last_hour(hall, now), now
        found = []
        for line in hall.lines.free_of.get(service, ()):
            hourly = self._newcomers.get((service, line.priority))
            if hourly:
                found.append((Standing(line.weight, line.target), hourly))
        return found


def _waiting(lines: Iterable[Line]) -> list[tuple[Standing, list[int]]]:
    return [
        (Standing(line.weight, line.target), [ticket.issued_at for ticket in line.tickets])
        for line in lines
        if line.tickets
    ]


def _of_last_hour(hall: Hall, now: int) -> dict[tuple[str, str], float]:
    counts: dict[tuple[str, str], float] = {}
    for ticket in reversed(hall.tickets.values()):
        if ticket.issued_at < now - _HOUR:
            break
        if ticket.is_priority:
            counts[(ticket.service, ticket.priority)] = counts.get((ticket.service, ticket.priority), 0.0) + 1.0
    return counts
