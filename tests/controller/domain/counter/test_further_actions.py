"""The further ways of a visit: timers, several services, walk-ins, outcomes, arrivals called at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import Code
from broker.contract.payloads import Status
from controller.domain.commands import Rate, Reprioritise, Tick

if TYPE_CHECKING:
    from tests.controller.domain.conftest import Stage


def with_calling(make_stage: type[Stage], **calling: Any) -> Stage:
    stage = make_stage({"calling": calling})
    stage.press("open")
    return stage


def test_a_parked_ticket_waits_again_by_itself_after_its_minutes(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue()
    stage.press("next")
    stage.press("park", minutes=10)
    stage.wait(minutes=9.9)
    assert stage.do(Tick()).events == ()
    stage.wait(minutes=0.1)
    stage.do(Tick())

    assert (ticket.status, ticket.park_until) == (Status.WAITING, None)
    assert (stage.events[-1].type, stage.events[-1].data["reason"]) == ("returned", "timer")


def test_several_services_in_one_visit_are_visits_of_their_own_in_a_row(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue("land")
    stage.press("next")
    first = stage.visit(ticket)
    stage.wait(minutes=5)
    done = stage.act("continue", service="result", quantity=2)

    assert (done.answer.status, done.answer.number, done.answer.ended.visit) == ("serving", ticket.number, first.id)
    assert [event.type for event in done.events] == ["finished", "called", "started"]
    assert done.effects == ()
    second = stage.visit(ticket)
    assert (first.ended, first.quantity, second.service, second.rule) == ("done", 2, "result", "continued")
    assert ticket.called_at == first.called_at
    stage.do(Rate(visit=first.id, counter="c1", score=3, version=2))
    stage.press("finish")
    stage.do(Rate(token=stage.token(ticket), score=2, version=2))
    assert [visit.rating is not None for visit in stage.hall.visits.values()] == [True, True]


def test_a_continued_visit_does_not_count_for_the_row_and_is_not_taken_back(stage: Stage) -> None:
    stage.press("open")
    stage.issue(priority="elderly")
    stage.press("next")
    stage.press("continue", service="result")
    assert stage.counter().run == 1
    with stage.refused(Code.BAD_STATE):
        stage.press("undo")


@pytest.mark.parametrize(("service", "code"), [(None, Code.BAD_REQUEST), ("nothing", Code.UNKNOWN_SERVICE)])
@pytest.mark.parametrize("action", ["continue", "walk_in"])
def test_going_on_needs_a_service(stage: Stage, action: str, service: str | None, code: Code) -> None:
    stage.press("open")
    stage.issue()
    stage.press("next")
    with stage.refused(code):
        stage.press(action, service=service)


def test_somebody_without_a_ticket_is_served_at_once_and_counted(stage: Stage) -> None:
    stage.press("open")
    first = stage.issue()
    stage.press("next")
    done = stage.act("walk_in", service="land", priority="child")

    assert (done.answer.status, done.answer.number) == ("serving", "A002")
    assert [event.type for event in done.events] == ["finished", "issued", "called", "started"]
    assert (first.status, done.effects) == (Status.DONE, ())
    ticket = stage.hall.by_number("A002")
    assert ticket is not None
    assert (ticket.channel, ticket.priority, ticket.status) == ("reception", "child", "serving")


def test_an_outcome_is_a_configured_code_and_a_quantity_a_small_number(make_stage: type[Stage]) -> None:
    stage = make_stage({"outcome": [{"code": "accepted", "name": {"vi": "Đã nhận"}}]})
    stage.press("open")
    ticket = stage.issue()
    stage.press("next")
    with stage.refused(Code.BAD_REQUEST):
        stage.press("finish", outcome="rejected")
    with stage.refused(Code.BAD_REQUEST):
        stage.press("finish", quantity=0)
    stage.press("finish", outcome="accepted", quantity=3)
    assert (stage.visit(ticket).result, stage.visit(ticket).quantity) == ("accepted", 3)
    assert (stage.events[-1].data["result"], stage.events[-1].data["quantity"]) == ("accepted", 3)


def test_a_no_show_needs_the_configured_recalls_with_their_pause(make_stage: type[Stage]) -> None:
    stage = with_calling(make_stage, recalls_before_no_show=2, recall_pause_s=20)
    stage.issue()
    stage.press("next")
    for _ in range(2):
        with stage.refused(Code.BAD_STATE):
            stage.press("no_show")
        with stage.refused(Code.BAD_STATE):
            stage.press("recall")
        stage.wait(seconds=20)
        stage.press("recall")
    with stage.refused(Code.BAD_STATE):
        stage.press("no_show")
    stage.wait(seconds=20)
    assert stage.press("no_show").status == "open"


def test_after_the_last_recall_a_call_is_a_no_show_by_itself(make_stage: type[Stage]) -> None:
    stage = with_calling(make_stage, recalls_max=1, no_show_after_s=40)
    ticket = stage.issue()
    stage.press("next")
    stage.press("recall")
    stage.wait(seconds=39)
    assert stage.do(Tick()).events == ()
    stage.wait(seconds=1)
    stage.do(Tick())
    assert (ticket.status, stage.events[-1].data["reason"]) == (Status.NO_SHOW, "recalls_max")
    stage.check_replay()


def test_one_recall_too_many_is_a_no_show(make_stage: type[Stage]) -> None:
    stage = with_calling(make_stage, recalls_max=1)
    ticket = stage.issue()
    stage.press("next")
    stage.press("recall")
    assert stage.press("recall").status == "open"
    assert ticket.status == Status.NO_SHOW


def test_a_no_show_comes_back_only_within_the_tolerance(make_stage: type[Stage]) -> None:
    stage = with_calling(make_stage, return_within_min=15)
    ticket = stage.issue()
    stage.press("next")
    stage.press("no_show")
    stage.wait(minutes=15.1)
    for action in ("return", "call"):
        with stage.refused(Code.BAD_STATE):
            stage.press(action, number=ticket.number, reason="late")


def test_an_idle_counter_that_asked_for_it_gets_the_next_arrival_at_once(make_stage: type[Stage]) -> None:
    stage = with_calling(make_stage, call_next_arrival=True)
    stage.press("open", "c2")
    assert stage.press("next", "c2").status == "open"
    stage.wait(seconds=5)
    stage.press("next")
    with stage.refused(Code.NOTHING_WAITING):
        stage.press("next")

    first, second = stage.issue(), stage.issue()
    assert [stage.hall.in_hand(stage.counter(name)) for name in ("c2", "c1")] == [first, second]
    assert stage.issue().status == "waiting"
    stage.check_replay()


def test_a_counter_that_asked_gets_only_what_it_serves_and_a_pause_ends_its_asking(make_stage: type[Stage]) -> None:
    stage = with_calling(make_stage, call_next_arrival=True)
    stage.press("open", "c2")
    stage.press("next", "c2")
    assert stage.issue("result").status == "waiting"
    stage.press("pause", "c2")
    assert stage.issue("land").status == "waiting"


def test_a_waiting_ticket_gets_another_class_with_a_reason_and_keeps_its_issue_time(stage: Stage) -> None:
    stage.press("open")
    first = stage.issue()
    stage.wait(minutes=1)
    second = stage.issue()
    stage.wait(minutes=1)
    stage.do(Reprioritise(number=second.number, priority="elderly", reason="Có thẻ ưu tiên", officer="u1"))

    data = stage.events[-1].data
    assert data["position"] == 1
    assert (data["priority"], data["was"], data["reason"], data["officer"]) == ("elderly", "normal", "other", "u1")
    assert stage.press("next").number == second.number
    assert first.status == "waiting"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"priority": "vip"}, Code.BAD_REQUEST),
        ({"reason": " "}, Code.BAD_REQUEST),
        ({"number": "A999"}, Code.NOT_FOUND),
    ],
)
def test_another_class_needs_a_known_one_a_reason_and_a_ticket(
    stage: Stage, fields: dict[str, Any], code: Code
) -> None:
    number = stage.issue().number
    with stage.refused(code):
        stage.do(Reprioritise(**({"number": number, "priority": "elderly", "reason": "card"} | fields)))


def test_a_ticket_that_loses_its_class_is_not_counted_before_itself(stage: Stage) -> None:
    elderly = stage.issue(priority="elderly")
    stage.wait(minutes=1)
    stage.do(Reprioritise(number=elderly.number, priority="normal", reason="mistake"))
    assert stage.events[-1].data["position"] == 1
