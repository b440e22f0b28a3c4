"""Whose counter it is, contract 5."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from broker.contract.errors import Code
from controller.domain.commands import Rank

if TYPE_CHECKING:
    from tests.controller.domain.conftest import Stage


def officer(stage: Stage, action: str, counter: str, user: str, rank: Rank = Rank.OFFICER, **fields: Any) -> Any:
    return stage.press(action, counter, rank=rank, officer=user, **fields)


def test_an_officer_who_opens_a_counter_is_its_officer(stage: Stage) -> None:
    officer(stage, "open", "c1", "u1")
    assert stage.counter().officer == "u1"
    with stage.refused(Code.NOT_ALLOWED):
        officer(stage, "next", "c1", "u3")
    with stage.refused(Code.NOT_ALLOWED):
        officer(stage, "open", "c1", "u3")


def test_supervisors_act_anywhere_and_hold_no_counter_back(stage: Stage) -> None:
    officer(stage, "open", "c1", "u1")
    stage.issue()
    assert officer(stage, "next", "c1", "boss", Rank.SUPERVISOR).status == "calling"
    assert stage.events[-1].data["officer"] == "u1"
    officer(stage, "open", "c2", "boss", Rank.SUPERVISOR)
    officer(stage, "open", "c3", "boss", Rank.SUPERVISOR)
    assert stage.counter("c2").status == "open"


def test_opening_another_counter_closes_the_first(stage: Stage) -> None:
    officer(stage, "open", "c1", "u1")
    officer(stage, "open", "c3", "u1")
    assert (stage.counter("c1").status, stage.counter("c1").officer) == ("closed", None)
    assert [(event.type, event.data["counter"], event.data["officer"]) for event in stage.events[-2:]] == [
        ("counter_closed", "c1", "u1"), ("counter_opened", "c3", "u1"),
    ]  # fmt: skip


def test_opening_another_counter_with_a_visit_in_hand_is_refused(stage: Stage) -> None:
    officer(stage, "open", "c1", "u1")
    stage.issue()
    officer(stage, "next", "c1", "u1")
    with stage.refused(Code.BAD_STATE):
        officer(stage, "open", "c3", "u1")


def test_a_keypad_opens_for_the_configured_officer_or_for_nobody(stage: Stage) -> None:
    stage.press("open", "c2")
    stage.press("open", "c1")
    assert (stage.counter("c2").officer, stage.counter("c1").officer) == ("u2", None)


def test_an_officer_may_act_at_a_counter_that_a_keypad_opened_for_nobody(stage: Stage) -> None:
    stage.press("open", "c1")
    stage.issue()
    assert officer(stage, "next", "c1", "u7").status == "calling"


def test_presses_count_for_the_officer_of_the_counter(stage: Stage) -> None:
    officer(stage, "open", "c1", "u1")
    stage.issue()
    stage.press("next")
    stage.press("finish")
    assert [event.data["officer"] for event in stage.events[-2:]] == ["u1", "u1"]


def test_any_officer_may_return_a_ticket_at_a_closed_counter(stage: Stage) -> None:
    stage.press("open", "c2")
    ticket = stage.issue()
    stage.press("next", "c2")
    stage.press("no_show", "c2")
    officer(stage, "return", "c1", "u5", number=ticket.number)
    assert ticket.status == "waiting"


def test_an_officer_limited_to_services_meets_the_counter_with_them(make_stage: type[Stage]) -> None:
    stage = make_stage({"officer": [{"user": "u1", "services": ["result"]}]})
    officer(stage, "open", "c1", "u1")
    stage.issue("land")
    result = stage.issue("result")
    assert stage.press("next").number == result.number
    assert stage.press("finish").waiting == 0
    stage.check_replay()


def test_a_visit_is_handed_over_to_another_officer_who_ends_it(stage: Stage) -> None:
    officer(stage, "open", "c1", "u1")
    ticket = stage.issue()
    officer(stage, "next", "c1", "u1")
    officer(stage, "hand_over", "c1", "u1", to_officer="u4")
    with stage.refused(Code.NOT_ALLOWED):
        officer(stage, "finish", "c1", "u1")
    officer(stage, "finish", "c1", "u4")
    assert (stage.visit(ticket).officer, ticket.officer, stage.counter().officer) == ("u4", "u4", "u4")
