"""One day of a scenario, lived through in a real hall: real lines, the real order of calls, the real estimator."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from broker.contract.payloads import CounterStatus, Origin, Status
from controller.domain.calling import choose
from controller.domain.centre_parts import NORMAL
from controller.domain.facts import Fact, FactType
from controller.domain.hall import Hall
from controller.domain.ticket import Ticket, Told, Visit
from controller.simulation.predictors import Delays, fixed_queue, head_of_line
from controller.simulation.scenarios import PRIORITY, SLOT, Scenario

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping
    from datetime import date

    from controller.domain.estimate import Estimate
    from controller.domain.queue_estimator import QueueEstimator

OTHERS: Final = ("LES", "HOL", "last hour", "fixed queue")


@dataclass(frozen=True, slots=True)
class Waited:
    """A ticket that had to wait: what was said at its issue (`others` in seconds), and how long it was, in seconds."""

    told: Estimate
    others: Mapping[str, float]
    waited_s: float


@dataclass(frozen=True, slots=True)
class Arrival:
    """A citizen to come, with the time that the service will take."""

    at: int
    service: str
    priority: str
    duration: int


class _What(IntEnum):
    """What happens; at the same instant in this order."""

    STAFF = 0
    END = 1
    ARRIVAL = 2


def arrivals(scenario: Scenario, dice: random.Random, midnight: int) -> list[Arrival]:
    """Draw the citizens of a day: a Poisson number in each half hour, lognormal services."""
    variance = math.log(1 + scenario.service_cv**2)
    mu, sigma = math.log(scenario.service_mean) - variance / 2, math.sqrt(variance)
    found = []
    for start, expected in scenario.arrivals.items():
        passed = dice.expovariate(1.0)
        while passed < expected:
            found.append(
                Arrival(
                    midnight + start + int(SLOT * passed / expected),
                    dice.choices(list(scenario.services), list(scenario.services.values()))[0],
                    PRIORITY if dice.random() < scenario.priority_share else NORMAL,
                    max(1, round(dice.lognormvariate(mu, sigma))),
                )
            )
            passed += dice.expovariate(1.0)
    return found


class LivedDay:
    """A day as it goes: what was told to each who had to wait stands in `waited` once all have been served."""

    def __init__(self, scenario: Scenario, estimator: QueueEstimator) -> None:
        self.scenario = scenario
        self.estimator = estimator
        self.hall = Hall(scenario.centre, 1, estimator)
        self.waited: list[Waited] = []
        self._delays = Delays()
        self._told: dict[str, tuple[Estimate, dict[str, float]]] = {}
        self._durations: dict[str, int] = {}
        self._agenda: list[tuple[int, _What, int, Arrival | frozenset[str] | str]] = []

    def live(self, day: date, dice: random.Random) -> list[Waited]:
        """Let a day pass and give those who had to wait, in order of their calls."""
        midnight = self.scenario.centre.calendar.on(day).start
        for start, opened in self.scenario.staff:
            self._plan(midnight + start, _What.STAFF, opened)
        for arrival in arrivals(self.scenario, dice, midnight):
            self._plan(arrival.at, _What.ARRIVAL, arrival)
        while self._agenda:
            now, _, _, what = heapq.heappop(self._agenda)
            if isinstance(what, Arrival):
                self._arrive(what, now)
            elif isinstance(what, str):
                self._end(what, now)
            else:
                self._staff(what, now)
        return self.waited

    def _plan(self, at: int, what: _What, content: Arrival | frozenset[str] | str) -> None:
        heapq.heappush(self._agenda, (at, what, len(self._agenda) + len(self._durations) * 1000, content))

    def _staff(self, opened: frozenset[str], now: int) -> None:
        for counter in self.hall.counters.values():
            if counter.id in opened and counter.status is CounterStatus.CLOSED:
                counter.status = CounterStatus.OPEN
                self._call(counter.id, now)
            elif counter.id not in opened and counter.status is CounterStatus.OPEN:
                counter.status = CounterStatus.CLOSED
        self._opened = opened

    def _arrive(self, arrival: Arrival, now: int) -> None:
        hall = self.hall
        ticket = Ticket(
            id=f"{now}-{len(hall.tickets)}", seq=len(hall.tickets), number=str(len(hall.tickets)), series="A",
            service=arrival.service, priority=arrival.priority, channel=Origin.KIOSK, lang="vi",
            issued_at=now, joined_at=now,
        )  # fmt: skip
        self._durations[ticket.id] = arrival.duration
        idle = next(
            (
                counter.id for counter in hall.counters.values()
                if counter.status is CounterStatus.OPEN and ticket.service in hall.services_at(counter)
            ), None,
        )  # fmt: skip
        others = self._others(ticket.service, now)
        hall.add(ticket)
        told = self.estimator.estimate(hall, ticket.service, now, ticket)
        if told is not None:
            ticket.told = Told(told.expected_s, told.low_s, told.high_s)
        self.estimator.happened(hall, Fact(FactType.ISSUED, now, {"id": ticket.id}))
        if idle is not None:
            self._call(idle, now)
        elif told is not None:
            self._told[ticket.id] = (told, others)

    def _others(self, service: str, now: int) -> dict[str, float]:
        fixed = fixed_queue(self.hall, service, self.scenario.nominal, self.scenario.service_mean)
        said = (self._delays.les(service), head_of_line(self.hall, service, now),
                self._delays.mean_of_last_hour(service, now), fixed)  # fmt: skip
        return {name: wait / 1000 for name, wait in zip(OTHERS, said, strict=True)}

    def _call(self, at: str, now: int) -> None:
        hall, counter = self.hall, self.hall.counters[at]
        choice = choose(hall, counter, now)
        if choice is None:
            return
        ticket = choice.ticket
        hall.lines.remove(ticket)
        visit = Visit(
            id=ticket.id, ticket=ticket.id, service=ticket.service, counter=at, zone="hall", officer=None,
            priority=ticket.is_priority, called_at=now, recalled_at=now, rule=choice.rule,
        )  # fmt: skip
        hall.visits[visit.id] = visit
        ticket.status, ticket.visit, ticket.called_at = Status.CALLED, visit.id, now
        counter.status, counter.visit = CounterStatus.CALLING, visit.id
        counter.run = counter.run + 1 if ticket.is_priority else 0
        self._delays.called(ticket.service, now, now - ticket.issued_at)
        self.estimator.happened(hall, Fact(FactType.CALLED, now, {"id": ticket.id}))
        if ticket.id in self._told:
            told, others = self._told.pop(ticket.id)
            self.waited.append(Waited(told, others, (now - ticket.issued_at) / 1000))
        self._plan(now + self._durations[ticket.id], _What.END, at)

    def _end(self, at: str, now: int) -> None:
        hall, counter = self.hall, self.hall.counters[at]
        if counter.visit is None:
            raise ValueError(f"counter {at} has nobody in hand")
        visit = hall.visits[counter.visit]
        visit.ended_at = now
        hall.services[visit.service].served.append(visit)
        hall.tickets[visit.ticket].status = Status.DONE
        counter.visit = None
        counter.status = CounterStatus.OPEN if at in self._opened else CounterStatus.CLOSED
        self.estimator.happened(hall, Fact(FactType.FINISHED, now, {"id": visit.ticket}))
        if counter.status is CounterStatus.OPEN:
            self._call(at, now)
