"""The actions of a counter, contract 5, by example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import Code
from broker.contract.payloads import Status
from controller.domain.commands import Rate

if TYPE_CHECKING:
    from tests.controller.domain.conftest import Stage


def test_next_ends_the_visit_in_hand_and_calls_who_is_next(stage: Stage) -> None:
    stage.press("open")
    first, second = stage.issue(), stage.issue()
    stage.press("next")
    stage.wait(minutes=3)

    state = stage.press("next")
    assert (state.status, state.number, state.ended.number) == ("calling", second.number, first.number)
    assert (first.status, second.status) == (Status.DONE, Status.CALLED)


def test_next_with_nobody_waiting_ends_the_visit_in_hand(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue()
    stage.press("next")

    state = stage.press("next")
    assert (state.status, state.number, ticket.status) == ("open", None, Status.DONE)


def test_next_with_nobody_anywhere_is_nothing_waiting(stage: Stage) -> None:
    stage.press("open")
    with stage.refused(Code.NOTHING_WAITING):
        stage.press("next")


def test_a_call_is_announced_once_with_counter_zone_and_language(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue(priority="elderly", lang="en")

    done = stage.act("next")
    (announced,) = done.effects
    call = announced.call
    assert (call.number, call.counter, call.zone, call.recall, call.priority, call.lang, call.at) == (
        ticket.number, "c1", "hall", 0, True, "en", stage.now,
    )  # fmt: skip


def test_a_recall_repeats_the_call_with_its_id_and_the_next_count(stage: Stage) -> None:
    stage.press("open")
    stage.issue()
    first = stage.act("next").effects[0].call
    stage.wait(seconds=20)

    done = stage.act("recall")
    again = done.effects[0].call
    assert (again.id, again.recall, again.at, done.answer.recall) == (first.id, 1, stage.now, 1)


def test_a_finished_call_counts_as_served_though_nobody_pressed_start(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue()
    stage.press("next")

    state = stage.press("finish")
    assert (ticket.status, ticket.started_at, state.ended.number) == (Status.DONE, None, ticket.number)
    assert state.ended.visit == ticket.visit


def test_a_no_show_is_not_an_ended_visit(stage: Stage) -> None:
    stage.press("open")
    stage.issue()
    stage.press("next")

    assert stage.press("no_show").ended is None


def test_a_parked_ticket_comes_back_with_its_first_issue_time(stage: Stage) -> None:
    stage.press("open")
    parked = stage.issue()
    stage.wait(minutes=1)
    stage.issue()
    stage.press("next")
    stage.press("park")

    state = stage.press("return", number=parked.number)
    assert (state.status, parked.status) == ("open", Status.WAITING)
    assert stage.press("next").number == parked.number


def test_transfer_to_a_service_keeps_the_first_issue_time(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue()
    issued_at = ticket.issued_at
    stage.press("next")
    stage.wait(minutes=4)
    stage.issue("result")
    stage.wait(minutes=1)

    assert stage.press("transfer", service="result", note="thiếu bản sao").status == "open"
    assert (ticket.status, ticket.service, ticket.issued_at, ticket.transfers) == ("waiting", "result", issued_at, 1)
    assert stage.press("next").number == ticket.number


def test_a_note_never_stands_in_a_fact(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue()
    stage.press("next")

    stage.press("transfer", service="result", note="thiếu bản sao")
    assert "bản sao" not in str(stage.events)
    assert stage.secrets[("note", stage.visit(ticket).id)] == "thiếu bản sao"


def test_transfer_to_an_officer_waits_for_the_counter_where_the_officer_sits(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue("result")
    stage.press("next")
    stage.press("transfer", to_officer="u2")
    with stage.refused(Code.NOTHING_WAITING):
        stage.press("next")

    assert stage.press("open", "c2").waiting == 1
    assert stage.press("next", "c2").number == ticket.number


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, Code.BAD_REQUEST),
        ({"service": "land", "to_counter": "c2"}, Code.BAD_REQUEST),
        ({"service": "nothing"}, Code.UNKNOWN_SERVICE),
        ({"to_counter": "c9"}, Code.NOT_FOUND),
    ],
)
def test_a_transfer_needs_one_place_that_exists(stage: Stage, fields: dict[str, Any], code: Code) -> None:
    stage.press("open")
    stage.issue()
    stage.press("next")
    with stage.refused(code):
        stage.press("transfer", **fields)


def test_a_call_of_a_given_number_needs_a_reason(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue()
    with stage.refused(Code.BAD_REQUEST):
        stage.press("call", number=ticket.number)
    with stage.refused(Code.BAD_REQUEST):
        stage.press("call", number=ticket.number, reason="  ")
    with stage.refused(Code.NOT_FOUND):
        stage.press("call", number="A999", reason="ill")


def test_a_manual_call_says_who_would_have_been_called_and_keeps_free_words_apart(stage: Stage) -> None:
    stage.press("open")
    due, wanted = stage.issue(), stage.issue()

    data = stage.act("call", number=wanted.number, reason="Đến nhầm quầy", officer="u1").events[-1].data
    assert (data["rule"], data["second"], data["reason"], data["by"]) == ("manual", due.number, "other", "u1")
    assert stage.secrets[("reason", stage.visit(wanted).id)] == "Đến nhầm quầy"


def test_a_pause_shows_the_configured_name_of_its_reason_or_the_words(make_stage: type[Stage]) -> None:
    stage = make_stage({"pause": [{"code": "lunch", "name": {"vi": "Nghỉ trưa"}}]})
    stage.press("open")
    assert stage.press("pause", reason="lunch").reason == {"vi": "Nghỉ trưa"}
    stage.press("resume")
    assert stage.press("pause", reason="Họp giao ban").reason == {"vi": "Họp giao ban"}
    assert stage.events[-1].data["reason"] == "other"
    stage.press("resume")
    assert stage.press("pause").reason is None


def test_an_action_for_another_number_than_the_one_in_hand_does_nothing(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue()
    stage.press("next", seen=None)
    with stage.refused(Code.BAD_STATE):
        stage.press("finish", seen="A999")
    with stage.refused(Code.BAD_STATE):
        stage.press("next", seen=None)

    assert stage.press("finish", seen=ticket.number).status == "open"


def test_a_plain_next_soon_after_the_last_next_is_a_bounce(stage: Stage) -> None:
    stage.press("open")
    first, second = stage.issue(), stage.issue()
    stage.press("next")
    stage.wait(seconds=0.9)
    assert stage.press("next", bounce_ms=1000).number == first.number
    stage.wait(seconds=0.2)
    assert stage.press("next", bounce_ms=1000).number == second.number
    stage.wait(seconds=0.1)
    assert stage.press("next").number is None


def test_a_second_press_is_no_bounce_on_another_counter(stage: Stage) -> None:
    stage.press("open")
    stage.press("open", "c2")
    stage.issue()
    second = stage.issue()
    stage.press("next", "c1", bounce_ms=1000)

    assert stage.press("next", "c2", bounce_ms=1000).number == second.number


def test_the_counter_state_counts_whom_it_could_call(stage: Stage) -> None:
    stage.issue("land")
    stage.issue("result")
    stage.issue("survey")

    assert stage.press("open", "c1").waiting == 3
    assert stage.press("open", "c2").waiting == 1
    assert stage.press("open", "c3").waiting == 2


def test_undo_of_next_gives_the_ended_visit_and_the_place_back(stage: Stage) -> None:
    stage.press("open")
    first, second = stage.issue(), stage.issue()
    stage.press("next")
    stage.press("start")
    visit = stage.visit(first).id
    stage.wait(seconds=30)
    stage.press("next")
    stage.wait(seconds=15)

    state = stage.press("undo")
    assert (state.status, state.number, state.ended) == ("serving", first.number, None)
    assert (first.visit, first.ended_at, second.status, second.called_at) == (visit, None, Status.WAITING, None)
    assert stage.hall.services["land"].calls == [stage.hall.visits[visit]]


@pytest.mark.parametrize("action", ["finish", "no_show", "park", "transfer"])
def test_each_end_of_a_visit_can_be_taken_back(stage: Stage, action: str) -> None:
    stage.press("open")
    ticket = stage.issue()
    stage.press("next")
    visit = stage.visit(ticket).id
    stage.wait(minutes=1)
    stage.press(action, **({"service": "result"} if action == "transfer" else {}))

    state = stage.press("undo")
    assert (state.status, state.number, state.ended) == ("calling", ticket.number, None)
    assert (ticket.status, ticket.service, ticket.visit, ticket.ended_at) == ("called", "land", visit, None)
    assert stage.hall.visits[visit].ended is None


def test_undo_is_possible_for_15_seconds_and_once(stage: Stage) -> None:
    stage.press("open")
    stage.issue()
    stage.press("next")
    stage.wait(seconds=15.001)
    with stage.refused(Code.BAD_STATE):
        stage.press("undo")
    stage.press("finish")
    stage.press("undo")
    with stage.refused(Code.BAD_STATE):
        stage.press("undo")


def test_undo_takes_back_a_next_also_after_start_and_recall(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue()
    stage.press("next")
    stage.press("recall")
    stage.press("start")

    assert stage.press("undo").status == "open"
    assert (ticket.status, ticket.recalls, ticket.started_at) == (Status.WAITING, 0, None)
    assert stage.hall.visits == {}


def test_undo_during_a_pause_ends_the_pause(stage: Stage) -> None:
    stage.press("open")
    stage.issue()
    stage.press("next")
    stage.press("finish")
    stage.press("pause", reason="lunch")

    done = stage.act("undo")
    assert [event.type for event in done.events] == ["counter_resumed", "undone"]
    assert (done.answer.status, done.answer.reason) == ("calling", None)


def test_undo_fails_once_the_visit_was_rated(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue()
    stage.press("next")
    stage.press("finish")
    stage.do(Rate(token=stage.token(ticket), score=3, version=2))
    with stage.refused(Code.BAD_STATE):
        stage.press("undo")


def test_undo_fails_once_the_ticket_was_called_elsewhere(stage: Stage) -> None:
    stage.press("open")
    stage.press("open", "c2")
    ticket = stage.issue()
    stage.press("next")
    stage.press("transfer", to_counter="c2")
    stage.press("next", "c2")
    with stage.refused(Code.BAD_STATE):
        stage.press("undo")
    assert stage.hall.in_hand(stage.counter("c2")) is ticket


def test_undo_of_a_manual_call_gives_a_no_show_back(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue()
    stage.press("next")
    stage.press("no_show")
    stage.wait(minutes=5)
    stage.press("call", number=ticket.number, reason="came_late")

    stage.press("undo")
    assert ticket.status == Status.NO_SHOW


def test_nothing_can_be_taken_back_after_the_counter_was_closed(stage: Stage) -> None:
    stage.press("open")
    stage.issue()
    stage.press("next")
    stage.press("finish")
    stage.press("close")
    with stage.refused(Code.COUNTER_CLOSED):
        stage.press("undo")
    stage.press("open")
    with stage.refused(Code.BAD_STATE):
        stage.press("undo")


def test_an_undone_call_is_not_announced_again_and_leaves_the_board(stage: Stage) -> None:
    stage.press("open")
    stage.issue()
    stage.press("next")
    done = stage.act("undo")

    assert done.effects == ()
    assert stage.hall.called_in["hall"] == []
