"""A stage for the rules: a small centre, a clock that is pushed by hand, and a journal that can be replayed."""

from __future__ import annotations

import copy
import json
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Origin
from broker.contract.times import parse_instant
from controller.domain.centre.calendar import local_day
from controller.domain.centre.centre import parse_centre
from controller.domain.commands import Action, CounterCommand, Issue, Offline, Rank
from controller.domain.decide import apply, decide
from controller.domain.decision.decision import DecisionContext
from controller.domain.events import Event
from controller.domain.queue.calling import choose
from controller.domain.queue.evolve import evolve, settle
from controller.domain.queue.hall import Hall
from controller.domain.recheck import recheck_event
from tests.support import naive_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from controller.domain.centre.centre import Centre
    from controller.domain.commands import Command
    from controller.domain.queue.calling import Choice
    from controller.domain.queue.counter import Counter
    from controller.domain.queue.hall import Estimator
    from controller.domain.queue.ticket import Ticket, Visit

MONDAY = parse_instant("2026-11-23T08:00:00+07:00")
MINUTE = 60_000


def text(words: str) -> dict[str, str]:
    return {"vi": words, "en": words}


def document() -> dict[str, Any]:
    """A centre with two services that share a series, a third, three counters and two priority classes."""
    return {
        "centre": {
            "id": "hall-a", "name": text("Trung tâm"), "timezone": "Asia/Ho_Chi_Minh", "languages": ["vi", "en"],
            "public_url": "http://127.0.0.1:8000",
        },
        "hours": [{"days": ["mon", "tue", "wed", "thu", "fri"], "open": ["07:00-11:30", "13:30-17:00"]}],
        "group": [{"id": "land", "name": text("Đất đai")}],
        "service": [
            {"id": "land", "group": "land", "series": "A", "name": text("Nộp"), "target_wait_min": 30},
            {"id": "survey", "group": "land", "series": "A", "name": text("Đo đạc"), "target_wait_min": 30},
            {"id": "result", "group": "land", "series": "T", "name": text("Trả kết quả"), "target_wait_min": 15},
        ],
        "counter": [
            {"id": "c1", "label": text("Quầy 1"), "zone": "hall", "services": ["land", "survey", "result"]},
            {"id": "c2", "label": text("Quầy 2"), "zone": "hall", "services": ["land"], "officer": "u2"},
            {"id": "c3", "label": text("Quầy 3"), "zone": "side", "services": ["result", "land"], "prefer": "listed"},
        ],
        "priority": [
            {"id": "elderly", "name": text("Cao tuổi"), "weight": 3.0, "target_wait_min": 10, "grant": "kiosk"},
            {"id": "child", "name": text("Trẻ em"), "weight": 2.0, "grant": "staff"},
        ],
        "rating": {
            "version": 2, "window_s": 30,
            "levels": [
                {"score": 3, "name": text("Rất hài lòng"), "satisfied": True},
                {"score": 2, "name": text("Hài lòng"), "satisfied": True},
                {"score": 1, "name": text("Không hài lòng"), "satisfied": False, "reason": "required"},
            ],
            "reasons": [{"code": "slow", "name": text("Chờ lâu")}],
            "criteria": [{"id": "manner", "name": text("Thái độ"), "levels": [
                {"score": 1, "name": text("Chưa tốt"), "satisfied": False},
                {"score": 2, "name": text("Tốt"), "satisfied": True},
            ]}],
        },
        "device": [
            {"id": "kiosk-1", "kind": "kiosk", "printer": "printer-1", "offline": "Z1"},
            {"id": "kiosk-2", "kind": "kiosk", "offline": "Z2"},
            {"id": "printer-1", "kind": "printer", "attached": "kiosk-1"},
            {"id": "keypad-1", "kind": "keypad", "counter": "c1"},
            {"id": "rater-1", "kind": "rater", "counter": "c1"},
        ],
    }  # fmt: skip


@cache
def the_centre() -> Centre:
    """The centre of most stages, read once."""
    return parse_centre(document())


def picture(hall: Hall) -> dict[str, Any]:
    """All that a hall knows, in a form that can be compared; empty lines say nothing and are left out."""
    lines = {(one.service, one.priority, one.to): [t.id for t in one.tickets] for group in
             hall.lines.of_service.values() for one in group if one.tickets}  # fmt: skip
    return {
        "day": hall.day, "last_at": hall.last_at, "version": hall.version, "lines": lines,
        "tickets": {one.id: asdict(one) for one in hall.tickets.values()},
        "visits": {one.id: asdict(one) for one in hall.visits.values()},
        "counters": {one.id: asdict(one) for one in hall.counters.values()},
        "calls": {zone: [visit.id for visit in visits] for zone, visits in hall.called_in.items() if visits},
        "services": {one.id: (one.issued, one.serving, [v.id for v in one.calls], [v.id for v in one.served])
                     for one in hall.services.values()},
        "waiting": {key: value for key, value in hall.lines.waiting.items() if value},
        "series": hall.series, "requests": hall.requests, "voided": hall.voided, "parked": set(hall.parked),
        "numbers": {number: hall.by_number(number).id for number in hall._by_number},  # type: ignore[union-attr]  # all are known
        "tokens": dict(hall._by_token),
    }  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What a command did."""

    answer: Any
    effects: tuple[Any, ...]
    events: tuple[Event, ...]


class Stage:
    """Commands in, events kept; `now` is pushed by hand."""

    def __init__(self, changes: dict[str, Any] | None = None, estimator: Estimator | None = None) -> None:
        data = document()
        for table, value in (changes or {}).items():
            if value is None:
                del data[table]
            else:
                data[table] = value
        self.centre = parse_centre(data) if changes else the_centre()
        self.estimator = estimator
        self.hall = Hall(self.centre, 1, estimator)
        self.now = MONDAY
        self.events: list[Event] = []
        self.secrets: dict[tuple[str, str], str] = {}
        self.centres = {1: self.centre}
        self._ids = 0

    document = staticmethod(document)

    def new_id(self) -> str:
        self._ids += 1
        return str(UUID(int=self._ids))

    def new_token(self) -> str:
        self._ids += 1
        return f"{self._ids:022d}"

    def wait(self, *, minutes: float = 0, seconds: float = 0) -> None:
        self.now += round(minutes * MINUTE + seconds * 1000)

    def do(self, command: Command) -> Done:
        decision = decide(self.hall, command, DecisionContext(self.now, self.new_id, self.new_token))
        apply(self.hall, decision)
        self.events += decision.events
        self.centres.update(decision.centres)
        self.secrets.update({(one.what, one.subject): one.value for one in decision.secrets})
        effects = () if decision.effects is None else decision.effects(self.hall)
        return Done(decision.answer(self.hall), effects, decision.events)

    @contextmanager
    def refused(self, code: Code) -> Iterator[None]:
        """Require that the command within is refused with a code and changes nothing."""
        before = copy.deepcopy(picture(self.hall))
        with pytest.raises(RefusedError) as caught:
            yield
        assert caught.value.code == code, caught.value.detail
        assert picture(self.hall) == before

    def issue(self, service: str = "land", priority: str = "normal", **fields: Any) -> Ticket:
        fields.setdefault("staff", priority == "child")
        fields.setdefault("origin", Origin.KIOSK)
        done = self.do(Issue(service=service, priority=priority, **fields))
        return self.hall.tickets[done.answer["ticket"].id]

    def hand_in(self, number: str, *, at: int | None = None, replaces: str | None = None, **fields: Any) -> Any:
        offline = Offline(
            number=number, token=fields.pop("token", f"offline-token-of-{number:>8}".replace(" ", "_")),
            at=self.now if at is None else at, replaces=replaces, made=fields.pop("made", None),
            not_before=fields.pop("not_before", None),
        )  # fmt: skip
        fields = {"service": "land", "device": "kiosk-1", "request": self.new_id()} | fields
        return self.do(Issue(origin=Origin.OFFLINE, offline=offline, **fields)).answer["ticket"]

    def act(self, action: Action | str, counter: str = "c1", **fields: Any) -> Done:
        fields.setdefault("rank", Rank.KEYPAD)
        return self.do(CounterCommand(action=Action(action), counter=counter, **fields))

    def press(self, action: Action | str, counter: str = "c1", **fields: Any) -> Any:
        """Do an action and give the counter's state."""
        return self.act(action, counter, **fields).answer

    def counter(self, counter: str = "c1") -> Counter:
        return self.hall.counters[counter]

    def choice(self, counter: str = "c1") -> Choice:
        """Give whom a counter would call, and why."""
        found = choose(self.hall, self.hall.counters[counter], self.now)
        assert found is not None
        return found

    def token(self, ticket: Ticket) -> str:
        assert ticket.token is not None
        return ticket.token

    def visit(self, ticket: Ticket) -> Visit:
        """Give the visit in hand of a ticket, or its last one."""
        assert ticket.visit is not None
        return self.hall.visits[ticket.visit]

    def rebuilt(self) -> Hall:
        """Replay the events of the last day in another hall, as a controller does that starts."""
        version = max((one.data["version"] for one in self.events if one.type == "config_published"), default=1)
        timezone = self.centres[version].timezone
        days = [local_day(event.at, timezone) for event in self.events]
        today = [event for event, day in zip(self.events, days, strict=True) if day == days[-1]]
        before = [one.data["version"] for one in self.events if one.type == "config_published" and one not in today]
        begin = max(before, default=1)
        hall = Hall(self.centres[begin], begin, self.estimator)
        hall.centres.update(self.centres)
        hall.learn(self.secrets)
        former = None
        for event in today:
            stored = Event(event.type, event.at, json.loads(json.dumps(event.data)), event.v)
            assert list(recheck_event(hall, stored, former)) == [], "a fact is not what the rules decide again"
            evolve(hall, stored)
            former = stored
        return hall

    def crash(self) -> None:
        """Lose the memory and read the journal."""
        self.hall = self.rebuilt()

    def check_replay(self) -> None:
        hall = self.rebuilt()
        now = max(self.now, hall.last_at, self.hall.last_at)
        for one in (hall, self.hall):
            settle(one, now)
        assert picture(hall) == picture(self.hall)


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A stage whose journal must replay to the same hall at the end of every test."""
    made = Stage()
    yield made
    made.check_replay()


@pytest.fixture(scope="session")
def make_stage() -> type[Stage]:
    """Make stages with other tables of the configuration."""
    return Stage


@pytest.fixture(scope="session")
def paint() -> Any:
    """Give all that a hall knows in a form that can be compared."""
    return picture


@pytest.fixture(scope="session")
def naive() -> ModuleType:
    """The second, naive implementation of contract 13."""
    return naive_order
