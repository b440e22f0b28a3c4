"""All commands in any order, with crashes between any two: what must hold always holds.

`LUOT_LONG=1` makes 1,000 runs of it, else there are a few.
"""

from __future__ import annotations

from collections import Counter as Tally
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from broker.contract.errors import RefusedError
from broker.contract.payloads import Origin
from controller.domain.centre.centre import parse_centre
from controller.domain.commands import (
    UNSAID,
    Action,
    Cancel,
    Command,
    CounterCommand,
    Issue,
    Offline,
    PublishCentre,
    Rank,
    Rate,
    Reprint,
    Reprioritise,
    SlipOutcome,
    Tick,
)
from controller.domain.queue.ticket import IN_HAND, LIVING
from controller.domain.queue.views import board, counter_state, service_state, ticket_view
from tests.support.examples import LONG, count_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from controller.domain.events import Event
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.ticket import Ticket
    from tests.controller.domain.conftest import Done, Stage

RUNS = count_of(50, 1000)
STEPS = 60 if LONG else 40

COUNTERS = st.sampled_from(["c1", "c2", "c3"])
SERVICES = st.sampled_from(["land", "survey", "result"])
PRIORITIES = st.sampled_from(["normal", "normal", "elderly", "child"])
USERS = st.sampled_from(["u1", "u2", "u3"])
BUSY = st.sampled_from(["next", "next", "next", "start", "finish", "no_show", "park", "recall", "transfer", "undo"])
RARE = st.sampled_from(["open", "close", "pause", "resume", "continue", "walk_in", "hand_over", "call", "return"])
CENTRES: list[dict[str, Any]] = [
    {},
    {"calling": {"most_priority_in_a_row": 1, "call_next_arrival": True}},
    {"calling": {"recalls_max": 1, "no_show_after_s": 30, "return_within_min": 10}},
    {"series": [{"id": "A", "first": 1, "last": 6}], "officer": [{"user": "u2", "services": ["survey", "result"]}]},
]


class Hall24(RuleBasedStateMachine):
    """Whoever may do something does it; nothing is presumed about the order."""

    make_stage: ClassVar[type[Stage]]
    naive: ClassVar[ModuleType]
    paint: ClassVar[Callable[[Hall], dict[str, Any]]]

    stage: Stage

    @initialize(which=st.integers(0, len(CENTRES) - 1), carries=st.booleans())
    def begin(self, which: int, *, carries: bool) -> None:
        services = self.make_stage.document()["service"]
        services[0]["carry_over"] = carries
        self.stage = self.make_stage(CENTRES[which] | {"service": services})
        self.calls: list[tuple[str, bool, str]] = []
        self.day = self.stage.hall.day
        self.printed: list[str] = []
        for counter in ("c1", "c2", "c3"):
            self.stage.press("open", counter)

    # ---- doing ----

    def attempt(self, command: Command) -> Done | None:
        """Do a command; a refused one must change nothing."""
        before = type(self).paint(self.stage.hall)
        expected, eligible = self.expected(command), self.eligible(command)
        try:
            done = self.stage.do(command)
        except RefusedError:
            assert type(self).paint(self.stage.hall) == before
            return None
        self.compare(expected, done.events)
        self.is_fair(eligible, done.events)
        self.follow(done.events)
        return done

    def expected(self, command: Command) -> Any:
        """Ask the naive second whom a counter that presses next would call."""
        if not isinstance(command, CounterCommand) or command.action is not Action.NEXT:
            return None
        calls = [(counter, priority) for counter, priority, _ in self.calls]
        now = max(self.stage.now, self.stage.hall.last_at)
        return self.naive.naive_next(self.stage.hall, command.counter, now, calls)

    def compare(self, expected: Any, events: tuple[Event, ...]) -> None:
        called = [event.data for event in events if event.type == "called" and event.data["action"] == "next"]
        if expected is None or not called:
            return
        data, second = called[0], expected.second
        assert (data["id"], data["rule"], data["score"], data["second"]) == (
            expected.ticket.id, expected.rule, expected.score, None if second is None else second.number,
        )  # fmt: skip

    def eligible(self, command: Command) -> list[tuple[bool, bool]]:
        """Give (priority, past its target) of all whom a counter could call, by the naive second."""
        if not isinstance(command, CounterCommand) or command.action is not Action.NEXT:
            return []
        hall, now = self.stage.hall, max(self.stage.now, self.stage.hall.last_at)
        found = [one for one in hall.tickets.values() if self.naive.is_eligible(hall, one, command.counter)]
        dues = [self.naive.due_of(hall, one) for one in found]
        return [(one.is_priority, due is not None and now >= due) for one, due in zip(found, dues, strict=True)]

    def is_fair(self, eligible: list[tuple[bool, bool]], events: tuple[Event, ...]) -> None:
        """Rule 1 keeps normal tickets from starving, and rule 3 those past their target."""
        called = [event.data for event in events if event.type == "called" and event.data["action"] == "next"]
        if not called or not eligible:
            return
        data, hall = called[0], self.stage.hall
        k = hall.centre.calling.most_priority_in_a_row
        last = [priority for where, priority, _ in self.calls if where == data["counter"]][-k:]
        in_a_row = len(last) == k and all(last)
        if data["priority"] != "normal" and in_a_row:
            assert all(priority for priority, _ in eligible)
        listed = hall.centre.counters[data["counter"]].prefer == "listed"
        within = data["target_s"] is None or data["last_called_at"] < data["issued_at"] + data["target_s"] * 1000
        if within and not listed and not in_a_row:
            assert not any(late for _, late in eligible)

    def follow(self, events: tuple[Event, ...]) -> None:
        """Keep the calls of the day in order, without those that were taken back."""
        for event in events:
            if str(self.stage.hall.day) != str(self.day):
                self.calls, self.day = [], self.stage.hall.day
            if event.type == "called" and event.data["rule"] != "continued":
                self.calls.append((event.data["counter"], event.data["priority"] != "normal", event.data["visit"]))
            if event.type == "undone" and event.data["undid"] == "called":
                self.calls = [call for call in self.calls if call[2] != event.data["visit"]]

    def some_ticket(self, draw: int) -> Ticket | None:
        tickets = list(self.stage.hall.tickets.values())
        return tickets[draw % len(tickets)] if tickets else None

    @rule(seconds=st.sampled_from([0, 1, 5, 14, 16, 60, 300, 900]))
    def time_passes(self, seconds: int) -> None:
        self.stage.wait(seconds=seconds)

    @rule(hours=st.sampled_from([4, 9, 16, 24, 100]))
    def much_time_passes(self, hours: int) -> None:
        self.stage.wait(minutes=60 * hours)

    @rule(seconds=st.integers(1, 7200))
    def the_clock_jumps_back(self, seconds: int) -> None:
        self.stage.now = max(self.stage.now - seconds * 1000, self.stage.hall.last_at - 1000)

    @rule()
    def the_controller_crashes(self) -> None:
        if self.stage.events:
            self.stage.check_replay()
            self.stage.crash()

    @rule()
    def tick(self) -> None:
        self.attempt(Tick())

    @rule(service=SERVICES, priority=PRIORITIES, slip=st.booleans())
    def issue(self, service: str, priority: str, *, slip: bool) -> None:
        request = self.stage.new_id()
        done = self.attempt(
            Issue(
                service=service, priority=priority, origin=Origin.KIOSK, staff=True, device="kiosk-1",
                request=request, printer="printer-1" if slip else None,
            )
        )  # fmt: skip
        if done is not None:
            self.printed.append(done.answer["ticket"].id)

    @rule(draw=st.integers(0, 99), back=st.integers(0, 2000), made=st.booleans(), service=SERVICES)
    def hand_in(self, draw: int, back: int, *, made: bool, service: str) -> None:
        replaced = self.some_ticket(draw)
        request = replaced.request if made and replaced is not None else self.stage.new_id()
        number = f"Z1-{len(self.stage.events):03d}"
        offline = Offline(
            number=number, token=self.stage.new_token(), at=self.stage.now - back * 60_000, replaces=request
        )
        done = self.attempt(
            Issue(
                service=service, origin=Origin.OFFLINE, device="kiosk-1", request=self.stage.new_id(), offline=offline
            )
        )
        assert done is not None, "a hand-in is never refused"

    @rule(action=BUSY, counter=COUNTERS, service=SERVICES, other=COUNTERS, how=st.integers(0, 2))
    def press(self, action: str, counter: str, service: str, other: str, how: int) -> None:
        fields: dict[str, Any] = {}
        if action == "transfer":
            fields = [{"service": service}, {"to_counter": other}, {"to_officer": "u2"}][how]
        if action == "park" and how:
            fields = {"minutes": 5}
        self.attempt(CounterCommand(action=Action(action), counter=counter, rank=Rank.KEYPAD, seen=UNSAID, **fields))

    @rule(action=RARE, counter=COUNTERS, user=USERS, draw=st.integers(0, 99), service=SERVICES, priority=PRIORITIES)
    def act(self, action: str, counter: str, user: str, draw: int, service: str, priority: str) -> None:
        ticket = self.some_ticket(draw)
        self.attempt(
            CounterCommand(
                action=Action(action), counter=counter, rank=Rank.OFFICER, officer=user, to_officer="u3",
                number=None if ticket is None else ticket.number, reason="ill", service=service, priority=priority,
            )
        )  # fmt: skip

    @rule(draw=st.integers(0, 99), which=st.integers(0, 4), priority=PRIORITIES, ok=st.sampled_from((True, None)))
    @precondition(lambda self: self.stage.hall.tickets)
    def about_a_ticket(self, draw: int, which: int, priority: str, *, ok: bool | None) -> None:
        ticket = self.some_ticket(draw)
        assert ticket is not None
        token = ticket.token or ""
        commands: list[Command] = [
            Cancel(token=token),
            Rate(token=token, score=3, version=2),
            Reprint(token=token, printer="printer-1", request=self.stage.new_id()),
            Reprioritise(number=ticket.number, priority=priority, reason="card"),
            SlipOutcome(ticket=ticket.id, ok=ok, final=bool(draw % 2)),
        ]
        self.attempt(commands[which])

    @rule(counter=COUNTERS)
    def rate_at_the_pad(self, counter: str) -> None:
        ended = self.stage.counter(counter).ended
        if ended is not None:
            self.attempt(Rate(visit=ended[0], counter=counter, score=2, version=2))

    @rule(k=st.integers(1, 3), prefers=st.booleans())
    def publish(self, k: int, *, prefers: bool) -> None:
        data = self.stage.hall.centre.to_document()
        data["calling"] = data.get("calling", {}) | {"most_priority_in_a_row": k}
        data["counter"][0]["prefer"] = "listed" if prefers else "all"
        version = max(self.stage.centres) + 1
        self.attempt(PublishCentre(centre=parse_centre(data), version=version))

    # ---- what must hold ----

    @invariant()
    def nobody_is_lost_or_in_two_places(self) -> None:
        hall = self.stage.hall
        waiting = Tally(ticket.id for ticket in hall.lines.tickets())
        in_hand = Tally(ticket.id for one in hall.counters.values() if (ticket := hall.in_hand(one)) is not None)
        for ticket in hall.tickets.values():
            assert waiting[ticket.id] == (ticket.status == "waiting")
            assert in_hand[ticket.id] == (ticket.status in IN_HAND)
            assert (ticket.id in hall.parked) == (ticket.status == "parked")
        living = [ticket.number for ticket in hall.tickets.values() if ticket.status in LIVING]
        assert len(living) == len(set(living))

    @invariant()
    def a_counter_has_somebody_in_hand_exactly_when_it_calls_or_serves(self) -> None:
        for counter in self.stage.hall.counters.values():
            ticket = self.stage.hall.in_hand(counter)
            assert (ticket is not None) == (counter.status in ("calling", "serving"))
            if ticket is not None:
                assert ticket.status == ("called" if counter.status == "calling" else "serving")
                assert ticket.counter == counter.id

    @invariant()
    def seniority_is_kept(self) -> None:
        issued: dict[str, int] = {}
        for event in self.stage.events:
            if "issued_at" in event.data:
                assert issued.setdefault(event.data["id"], event.data["issued_at"]) == event.data["issued_at"]

    @invariant()
    def the_journal_s_time_never_goes_back(self) -> None:
        times = [event.at for event in self.stage.events]
        assert times == sorted(times)

    @invariant()
    def no_visit_ends_twice_and_no_ticket_is_served_twice_unless_it_went_on(self) -> None:
        hall = self.stage.hall
        done = Tally(visit.ticket for visit in hall.visits.values() if visit.ended == "done")
        further = Tally(visit.ticket for visit in hall.visits.values() if visit.rule == "continued")
        assert all(times <= 1 + further[ticket] for ticket, times in done.items())

    @invariant()
    def no_counter_calls_more_priority_tickets_in_a_row_than_its_run_says(self) -> None:
        for counter in self.stage.hall.counters.values():
            own = [priority for where, priority, _ in self.calls if where == counter.id]
            run = len(own) if all(own) else own[::-1].index(False)
            assert counter.run == run or str(self.day) != str(self.stage.hall.day)

    @invariant()
    def all_views_can_be_shown(self) -> None:
        hall, now = self.stage.hall, self.stage.now
        for counter in hall.counters:
            state = counter_state(hall, counter, now)
            eligible = [one for one in hall.tickets.values() if self.naive.is_eligible(hall, one, counter)]
            assert state.waiting == len(eligible)
        for service in hall.services:
            waiting = [one for one in hall.tickets.values() if one.status == "waiting" and one.service == service]
            assert service_state(hall, service, now).waiting == len(waiting)
            places = sorted(ticket_view(hall, one, now).position or 0 for one in waiting)
            assert places == list(range(1, len(waiting) + 1))
        for zone in hall.centre.zones:
            board(hall, zone, now)

    def teardown(self) -> None:  # type: ignore[explicit-override]  # `typing.override` is younger than Python 3.11
        if hasattr(self, "stage") and self.stage.events:
            self.stage.check_replay()


def test_commands_in_any_order_with_crashes_between_them(
    make_stage: type[Stage], naive: ModuleType, paint: Callable[[Hall], dict[str, Any]]
) -> None:
    machine = type("Machine", (Hall24,), {"make_stage": make_stage, "naive": naive, "paint": staticmethod(paint)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=RUNS, stateful_step_count=STEPS, suppress_health_check=list(HealthCheck),
            derandomize=not LONG, phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if LONG else [])],
        ),
    )  # fmt: skip


if LONG:
    test_commands_in_any_order_with_crashes_between_them = pytest.mark.timeout(1800)(
        test_commands_in_any_order_with_crashes_between_them
    )
