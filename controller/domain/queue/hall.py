"""The state of one local day: tickets, visits, counters and lines, with the indexes by which they are found.

    hall = Hall(centre, version)
    hall.centres[version] = other_centre        # every version that the day's events name
    hall.learn({("token", ticket_id): token})   # before the events that need them
    evolve(hall, event)                           # for each event of the day, in order

Only `controller.domain.queue.evolve` changes a hall. What is asked of another day (a token of yesterday) is not here.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from broker.contract.payloads import Origin, Status
from controller.domain.centre.model import MOST_A_MINUTE
from controller.domain.queue.counter import Counter
from controller.domain.queue.line import Line, Lines

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from controller.domain.centre.centre import Centre
    from controller.domain.queue.ticket import Ticket, Visit

__all__ = ["Estimator", "Hall", "Line", "NoEstimate", "Range", "ServiceDay"]


PERSON: Final = "person"
"""What the mark of a person is called among the secrets; it is kept until its day is over."""


class Range(Protocol):
    """A wait in seconds: what is expected, and the range that people are told."""

    @property
    def expected_s(self) -> int:
        """What is expected."""
        ...

    @property
    def low_s(self) -> int:
        """The low end."""
        ...

    @property
    def high_s(self) -> int:
        """The high end."""
        ...


class Estimator(Protocol):
    """Says how long somebody will wait."""

    def estimate(self, hall: Hall, service: str, now: int, ticket: Ticket | None = None) -> Range | None:
        """Give the wait that lies before a newcomer to a service or before a ticket that waits or is being issued.

        None when it cannot be said, as when no counter that serves it is open.
        """
        ...


class NoEstimate:
    """Says nothing."""

    def estimate(self, hall: Hall, service: str, now: int, ticket: Ticket | None = None) -> Range | None:  # noqa: ARG002 - the protocol's
        """Give None."""
        return None


@dataclass(slots=True)
class ServiceDay:
    """What happened to one service today, in order: numbers given, visits called, visits that ended as done."""

    id: str
    issued: int = 0
    serving: int = 0
    calls: list[Visit] = field(default_factory=list)
    served: list[Visit] = field(default_factory=list)


class Hall:
    """One local day of one centre; see the module's head."""

    def __init__(self, centre: Centre, version: int = 1, estimator: Estimator | None = None) -> None:
        self.centre = centre
        self.version = version
        self.centres: dict[int, Centre] = {version: centre}
        self.estimator: Estimator = estimator or NoEstimate()
        self.secrets: dict[tuple[str, str], str] = {}
        self.floors: dict[str, int] = {}
        """After a restore: the number above which each series continues that has given none since."""
        self.numbers_held = False
        """Whether no number may be given yet: after a restore the devices are asked first."""
        self.last_at = 0
        self.day: date | None = None
        self._clear()

    def _clear(self) -> None:
        """Begin with nothing: all counters have been closed since the day began."""
        self.tickets: dict[str, Ticket] = {}
        self.visits: dict[str, Visit] = {}
        self.services = {service.id: ServiceDay(service.id) for service in self.centre.service}
        self.lines = Lines(self.centre)
        self.parked: dict[str, Ticket] = {}
        self.called_in: dict[str, list[Visit]] = {}
        """By zone: the visits called out, the one called out last at the end."""
        self.series: dict[str, int] = {}
        """By series: the last number given today."""
        self.offline: dict[str, int] = {}
        """By series of a kiosk: its last number that was handed in today."""
        self.requests: dict[tuple[str, str], str] = {}
        """By device and request: the ticket that it made."""
        self.given_at: dict[str, deque[int]] = {}
        """By kiosk: when its latest numbers were given, not those that it gave alone."""
        self.voided: set[tuple[str, str]] = set()
        self._by_token: dict[str, str] = {}
        self._by_person: dict[str, str] = {}
        self._by_number: dict[str, str] = {}
        since = 0 if self.day is None else self.centre.calendar.on(self.day).start
        self.counters = {one.id: Counter(id=one.id, since=since) for one in self.centre.counter}

    def learn(self, secrets: Mapping[tuple[str, str], str]) -> None:
        """Take in what may not stand in events, by (what, subject); a later value replaces the former."""
        self.secrets.update(secrets)

    # ---- finding ----

    def by_token(self, token: str) -> Ticket | None:
        """Give today's ticket with this token."""
        found = self._by_token.get(token)
        return None if found is None else self.tickets[found]

    def by_person(self, mark: str) -> Ticket | None:
        """Give the last ticket of today that was given for the mark of a person."""
        found = self._by_person.get(mark)
        return None if found is None else self.tickets[found]

    def by_number(self, number: str) -> Ticket | None:
        """Give today's ticket that bears, or first bore, this number: the last one, where a range gave it again."""
        found = self._by_number.get(number)
        return None if found is None else self.tickets[found]

    def in_hand(self, counter: Counter) -> Ticket | None:
        """Give the ticket in hand at a counter."""
        return None if counter.visit is None else self.tickets[self.visits[counter.visit].ticket]

    def counter_of(self, officer: str | None) -> Counter | None:
        """Give the counter that an officer has open."""
        if officer is None:
            return None
        return next((one for one in self.counters.values() if one.officer == officer and one.status != "closed"), None)

    def serving_counters(self, ticket: Ticket) -> tuple[str, ...]:
        """Give the counters at which a ticket may be called next."""
        kind, _, name = ticket.to.partition(":")
        if kind == "counter":
            return (name,)
        if kind == "officer":
            counter = self.counter_of(name)
            return () if counter is None else (counter.id,)
        return self.centre.counters_of.get(ticket.service, ())

    def services_at(self, counter: Counter) -> tuple[str, ...]:
        """Give the services that a counter serves with the officer who sits there, in the order of its list."""
        told = self.centre.counters[counter.id].services
        limited = self.centre.officers.get(counter.officer or "")
        return told if limited is None else tuple(one for one in told if one in limited.services)

    def waiting_at(self, counter: Counter) -> int:
        """Count the tickets that a counter could call."""
        waiting = sum(self.lines.free.get(service, 0) for service in self.services_at(counter))
        waiting += self.lines.bound.get(f"counter:{counter.id}", 0)
        return waiting + (self.lines.bound.get(f"officer:{counter.officer}", 0) if counter.officer else 0)

    def waiting_for(self, service: str) -> int:
        """Count the tickets that wait for a service, those bound to a counter or an officer included."""
        return self.lines.waiting.get(service, 0)

    # ---- changing: for `evolve` only ----

    def turn_to(self, day: date) -> None:
        """Begin another day; from then on time does not go back before it."""
        if day == self.day:
            return
        if self.day is not None:
            self.floors = {}
        over = self.tickets.keys() | self.visits.keys()
        self.secrets = {key: value for key, value in self.secrets.items() if key[1] not in over}
        self.day = day
        self.last_at = max(self.last_at, self.centre.calendar.on(day).start)
        self._clear()

    def add(self, ticket: Ticket) -> None:
        """Take in a ticket that was issued."""
        self.tickets[ticket.id] = ticket
        self._number(ticket.number, ticket)
        if ticket.token is not None:
            self._by_token[ticket.token] = ticket.id
        mark = self.secrets.get((PERSON, ticket.id))
        if mark is not None:
            self._by_person[mark] = ticket.id
        if ticket.device is not None and ticket.request is not None:
            self.requests[(ticket.device, ticket.request)] = ticket.id
        if ticket.channel is Origin.KIOSK and ticket.device is not None:
            self.given_at.setdefault(ticket.device, deque(maxlen=MOST_A_MINUTE)).append(ticket.issued_at)
        if ticket.status is Status.WAITING:
            self.lines.add(ticket)

    def rename(self, ticket: Ticket, number: str, token: str | None) -> None:
        """Give a ticket another number and token; the first number still finds it."""
        if ticket.token is not None:
            self._by_token.pop(ticket.token, None)
        if number != ticket.number:
            ticket.other_numbers = (*ticket.other_numbers, ticket.number)
        ticket.number, ticket.token = number, token
        self._number(number, ticket)
        if token is not None:
            self._by_token[token] = ticket.id

    def _number(self, number: str, ticket: Ticket) -> None:
        self._by_number[number] = ticket.id
        series, dash, serial = number.rpartition("-")
        if dash and serial.isdecimal():
            self.offline[series] = max(self.offline.get(series, 0), int(serial))

    def use(self, centre: Centre, version: int) -> None:
        """Put another configuration in force."""
        self.centre, self.version = centre, version
        self.centres[version] = centre
        since = self.last_at
        self.services = {one.id: self.services.get(one.id) or ServiceDay(one.id) for one in centre.service}
        self.counters = {one.id: self.counters.get(one.id) or Counter(id=one.id, since=since) for one in centre.counter}
        waiting = self.lines.tickets()
        self.lines = Lines(centre)
        for ticket in waiting:
            self.lines.add(ticket)
