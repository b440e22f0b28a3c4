"""One day of a scenario, lived through in a real hall by its real commands: only time and the citizens are made up."""

from __future__ import annotations

import heapq
import math
import uuid
from dataclasses import dataclass
from enum import IntEnum
from itertools import count
from typing import TYPE_CHECKING, Final

from broker.contract.payloads import CounterStatus, Origin
from controller.domain.centre.model import NORMAL
from controller.domain.commands import Action, Command, CounterCommand, Issue, Rank
from controller.domain.decide import apply, decide
from controller.domain.decision.decision import DecisionContext
from controller.domain.events import Event, EventType
from controller.domain.queue.hall import Hall
from deploy.bench.wait_estimate.predictors import Delays, fixed_queue, head_of_line
from deploy.bench.wait_estimate.scenarios import PRIORITY, SLOT, Scenario

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping
    from datetime import date

    from controller.domain.estimate.queue_estimator import QueueEstimator
    from controller.domain.queue.ticket import NotifiedWait, Ticket

OTHERS: Final = ("LES", "HOL", "last hour", "fixed queue")


@dataclass(frozen=True, slots=True)
class Waited:
    """A ticket that had to wait: what was said at its issue, and how long it was; all in seconds.

    `told` is what its holder was told, `raw` the range before it was rounded, `others` what other estimates said.
    """

    told: NotifiedWait
    raw: tuple[float, float]
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
        self._told: dict[str, tuple[NotifiedWait, tuple[float, float], dict[str, float]]] = {}
        self._durations: dict[str, int] = {}
        self._opened: frozenset[str] = frozenset()
        self._agenda: list[tuple[int, _What, int, Arrival | frozenset[str] | str]] = []
        self._count = count(1)

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
        heapq.heappush(self._agenda, (at, what, next(self._count), content))

    def _do(self, command: Command, now: int) -> tuple[Event, ...]:
        decision = decide(self.hall, command, DecisionContext(now, self._new_id, self._new_token))
        apply(self.hall, decision)
        for event in decision.events:
            self.estimator.happened(self.hall, event)
        return decision.events

    def _new_id(self) -> str:
        return str(uuid.UUID(int=next(self._count)))

    def _new_token(self) -> str:
        return f"{next(self._count):022d}"

    def _staff(self, opened: frozenset[str], now: int) -> None:
        self._opened = opened
        for counter in self.hall.counters.values():
            if counter.id in opened and counter.status is CounterStatus.CLOSED:
                self._do(CounterCommand(action=Action.OPEN, counter=counter.id, rank=Rank.SUPERVISOR), now)
                self._next(counter.id, now)
            elif counter.id not in opened and counter.status is CounterStatus.OPEN:
                self._do(CounterCommand(action=Action.CLOSE, counter=counter.id, rank=Rank.SUPERVISOR), now)

    def _arrive(self, arrival: Arrival, now: int) -> None:
        idle = [
            counter.id
            for counter in self.hall.counters.values()
            if counter.status is CounterStatus.OPEN and arrival.service in self.scenario.counters[counter.id]
        ]
        others = self._others(arrival.service, now)
        issued = self._do(Issue(service=arrival.service, priority=arrival.priority, origin=Origin.KIOSK), now)[-1]
        ticket = self.hall.tickets[issued.data["id"]]
        self._durations[ticket.id] = arrival.duration
        if idle:
            self._next(idle[0], now)
        elif ticket.told is not None:
            self._told[ticket.id] = (ticket.told, self.estimator.given[ticket.id], others)

    def _others(self, service: str, now: int) -> dict[str, float]:
        fixed = fixed_queue(self.hall, service, self.scenario.nominal, self.scenario.service_mean)
        said = (self._delays.les(service), head_of_line(self.hall, service, now),
                self._delays.mean_of_last_hour(service, now), fixed)  # fmt: skip
        return {name: wait / 1000 for name, wait in zip(OTHERS, said, strict=True)}

    def _next(self, at: str, now: int) -> None:
        """Press next at a counter; with nobody waiting for it, it stays open."""
        if not self.hall.waiting_at(self.hall.counters[at]) and self.hall.counters[at].visit is None:
            return
        for event in self._do(CounterCommand(action=Action.NEXT, counter=at, rank=Rank.SUPERVISOR), now):
            if event.type is EventType.CALLED:
                self._called(self.hall.tickets[event.data["id"]], at, now)

    def _called(self, ticket: Ticket, at: str, now: int) -> None:
        waited = now - ticket.issued_at
        self._delays.called(ticket.service, now, waited)
        if ticket.id in self._told:
            self.waited.append(Waited(*self._told.pop(ticket.id), waited / 1000))
        self._plan(now + self._durations[ticket.id], _What.END, at)

    def _end(self, at: str, now: int) -> None:
        if at in self._opened:
            self._next(at, now)
        else:
            self._do(CounterCommand(action=Action.FINISH, counter=at, rank=Rank.SUPERVISOR), now)
            self._do(CounterCommand(action=Action.CLOSE, counter=at, rank=Rank.SUPERVISOR), now)
