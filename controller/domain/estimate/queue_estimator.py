"""The estimator of a hall: looks at it as a `Lobby`, estimates, and learns from its events.

    memory = LearnedTimes.from_json(text)      # or LearnedTimes() the first time
    estimator = QueueEstimator(memory)
    hall = Hall(centre, version, estimator)
    estimator.happened(hall, event)               # after each event that was written and applied, not while replaying
    text = memory.to_json()                      # now and then, and at the end

A ticket keeps the expectation that it was told; the raw range around it is kept here until it is called, and worked out
again after a restart.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Final

from broker.contract.payloads import CounterStatus
from controller.domain.centre.model import NORMAL
from controller.domain.estimate.wait_range import (
    LONGEST,
    RECENT,
    CounterLoad,
    LobbySnapshot,
    TicketAhead,
    WaitEstimate,
    WaitingTicket,
    connected,
    estimate,
    shrunk_mean,
)
from controller.domain.events import EventType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.domain.estimate.learned import LearnedTimes
    from controller.domain.events import Event
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.line import Line
    from controller.domain.queue.ticket import Ticket, Visit

_OPEN: Final = frozenset({CounterStatus.OPEN, CounterStatus.CALLING, CounterStatus.SERVING})
_HOUR: Final = 3_600_000
_issued_at = attrgetter("issued_at")
_NEWCOMERS_KEPT: Final = 60_000
"""How long a count of the last hour's priority tickets is used, in milliseconds."""


class QueueEstimator:
    """Estimates waits in a hall from what it shows now and from what was learnt."""

    def __init__(self, memory: LearnedTimes) -> None:
        self.memory = memory
        self._newcomers: dict[tuple[str, str], float] = {}
        self._counted_at: int | None = None
        self.given: dict[str, tuple[float, float]] = {}
        """The raw ranges given to tickets that have not been called yet, in seconds."""
        self._means: dict[str, tuple[tuple[int, int, str, str], float]] = {}
        self._state: list[object] = []
        self._all: list[CounterLoad] = []
        self._around: dict[str, list[CounterLoad]] = {}

    def estimate(self, hall: Hall, service: str, now: int, ticket: Ticket | None = None) -> WaitEstimate | None:
        """Give the wait before a newcomer to a service, or a ticket; None when no counter is open for it."""
        if ticket is None:
            standing = _standing(hall.lines.line(service, NORMAL))
            return estimate(self.lobby(hall, service, now), standing, self.memory)
        standing = _standing(hall.lines.line(service, ticket.priority, ticket.to))
        issued = ticket.issued_at if ticket.id in hall.tickets or ticket.issued_at < now else None
        return estimate(self.lobby(hall, service, now, ticket), standing, self.memory, issued)

    def lobby(self, hall: Hall, service: str, now: int, ticket: Ticket | None = None) -> LobbySnapshot:
        """Look at the hall as a service, or a ticket that is bound to a counter or an officer, sees it."""
        to = ticket.to if ticket is not None else ""
        if ticket is not None and to:
            desks, lines = _bound_desks(hall, ticket), hall.lines.bound_to.get(to, [])
        else:
            desks, lines = self._desks(hall, service), hall.lines.of_service.get(service, [])
        seen = {service}.union(*(desk.services for desk in desks))
        return LobbySnapshot(
            service=service,
            now=now,
            since_midnight=now - hall.centre.calendar.day(now).start,
            desks=desks,
            means={name: self._mean(hall, name) for name in seen},
            people={name: hall.waiting_for(name) for name in seen},
            waiting=[WaitingTicket(_standing(line), line.tickets, _issued_at) for line in lines if line.tickets],
            newcomers=() if to else self._expected_newcomers(hall, service, now),
        )

    def _desks(self, hall: Hall, service: str) -> list[CounterLoad]:
        """Give the open counters that serve a service or share its work; found again when any counter has changed."""
        state = [hall.version, *((counter.status, counter.officer) for counter in hall.counters.values())]
        if state != self._state:
            self._state, self._around = state, {}
            self._all = [
                CounterLoad(hall.services_at(counter), counter.status is CounterStatus.OPEN)
                for counter in hall.counters.values()
                if counter.status in _OPEN
            ]
        found = self._around.get(service)
        if found is None:
            found = self._around[service] = connected(self._all, service)
        return found

    def happened(self, hall: Hall, event: Event) -> None:
        """Learn from an event that the hall has taken in."""
        ticket = hall.tickets.get(event.data.get("id", ""))
        if ticket is None:
            return
        if self.memory.turn_to(hall.centre.calendar.day(event.at).date.isoformat()):
            self.given.clear()
        if event.type is EventType.ISSUED:
            self._told(hall, ticket, event.at)
        elif event.type is EventType.CALLED:
            self._came(hall, ticket, event.at)
        elif event.type is EventType.FINISHED and ticket.visit is not None:
            self._served(hall, hall.visits[ticket.visit])
        elif event.type in (EventType.CANCELLED, EventType.EXPIRED):
            self.given.pop(ticket.id, None)

    def _told(self, hall: Hall, ticket: Ticket, now: int) -> None:
        if ticket.told is not None:
            self.given[ticket.id] = self.memory.range_of(ticket.told.expected_s)
        self._look_at_staff(hall, ticket.service, now)

    def _came(self, hall: Hall, ticket: Ticket, now: int) -> None:
        if ticket.told is not None and ticket.called_at == now:
            known = self.given.pop(ticket.id) if ticket.id in self.given else None
            low, high = known or self.memory.range_of(ticket.told.expected_s)
            self.memory.came_true(ticket.told.expected_s, low, high, (now - ticket.issued_at) / 1000)
        self._look_at_staff(hall, ticket.service, now)

    def _served(self, hall: Hall, visit: Visit) -> None:
        lasted = _lasted(hall, visit)
        if lasted is not None:
            self.memory.served(visit.service, lasted)

    def _look_at_staff(self, hall: Hall, service: str, now: int) -> None:
        if hall.waiting_for(service):
            counters = sum(hall.counters[one].status in _OPEN for one in hall.centre.counters_of.get(service, ()))
            self.memory.staffed(service, now - hall.centre.calendar.day(now).start, counters)

    def _mean(self, hall: Hall, service: str) -> float:
        served = hall.services[service].served
        state = (hall.version, len(served), served[-1].id if served else "", self.memory.day)
        known = self._means.get(service)
        if known is not None and known[0] == state:
            return known[1]
        configured = hall.centre.services[service].mean_service_min * 60_000
        lasted = [_lasted(hall, visit) for visit in served[-RECENT:]]
        mean = shrunk_mean([one for one in lasted if one is not None], self.memory.usual_mean(service) or configured)
        self._means[service] = (state, mean)
        return mean

    def _expected_newcomers(self, hall: Hall, service: str, now: int) -> Sequence[tuple[TicketAhead, float]]:
        """Give the priority tickets of the last hour as the rate of the next; counted at most once a minute."""
        if self._counted_at is None or not 0 <= now - self._counted_at < _NEWCOMERS_KEPT:
            self._newcomers, self._counted_at = _of_last_hour(hall, now), now
        found = []
        for line in hall.lines.free_of.get(service, ()):
            hourly = self._newcomers.get((service, line.priority))
            if hourly:
                found.append((_standing(line), hourly))
        return found


def _standing(line: Line) -> TicketAhead:
    return TicketAhead(line.weight, line.target)


def _lasted(hall: Hall, visit: Visit) -> float | None:
    """Give how long a visit kept its counter, None when it has not ended; never longer than can be believed."""
    service = hall.centre.services.get(visit.service)
    if visit.ended_at is None or service is None:
        return None
    return min(visit.ended_at - visit.called_at, LONGEST * service.mean_service_min * 60_000)


def _bound_desks(hall: Hall, ticket: Ticket) -> list[CounterLoad]:
    """Give the open counters that a bound ticket waits for: what it waits for there is all that counts."""
    counters = (hall.counters[one] for one in hall.serving_counters(ticket) if one in hall.counters)
    return [
        CounterLoad((ticket.service,), counter.status is CounterStatus.OPEN)
        for counter in counters
        if counter.status in _OPEN
    ]


def _of_last_hour(hall: Hall, now: int) -> dict[tuple[str, str], float]:
    counts: dict[tuple[str, str], float] = {}
    for ticket in reversed(hall.tickets.values()):
        if ticket.issued_at < now - _HOUR:
            break
        if ticket.is_priority:
            counts[(ticket.service, ticket.priority)] = counts.get((ticket.service, ticket.priority), 0.0) + 1.0
    return counts
