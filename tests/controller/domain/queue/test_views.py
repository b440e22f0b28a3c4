"""What others see (contract 4 and 6)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from broker.contract.payloads import Wait
from controller.domain.queue.ticket import NotifiedWait
from controller.domain.queue.views import (
    board,
    call_reason,
    counter_state,
    note_of,
    service_state,
    ticket_view,
    touched,
)

if TYPE_CHECKING:
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.ticket import Ticket
    from tests.controller.domain.conftest import Stage


class ByPeople:
    """Ten minutes for everybody who waits."""

    def estimate(self, hall: Hall, service: str, _now: int, _ticket: Ticket | None = None) -> NotifiedWait | None:
        people = hall.waiting_for(service)
        return NotifiedWait(600 * people, 300 * people, 900 * people)


def test_a_ticket_as_its_holder_sees_it(make_stage: type[Stage]) -> None:
    stage = make_stage(estimator=ByPeople())
    stage.issue()
    ticket = stage.issue(lang="en")
    seen = ticket_view(stage.hall, ticket, stage.now)

    assert json.loads(seen.model_dump_json()) == {
        "id": ticket.id, "number": "A002", "token": ticket.token, "service": "land", "priority": "normal",
        "status": "waiting", "channel": "kiosk", "lang": "en", "issued_at": "2026-11-23T01:00:00.000+00:00",
        "position": 2, "wait": {"low_s": 300, "high_s": 900}, "counter": None, "counters": ["c1", "c2", "c3"],
    }  # fmt: skip
    later = ticket_view(stage.hall, ticket, stage.now + 1, token=False)
    assert (later.token, later.wait) == (None, Wait(low_s=600, high_s=1800))


def test_a_ticket_that_does_not_wait_has_no_position_and_no_wait(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue()
    stage.press("next")
    seen = ticket_view(stage.hall, ticket, stage.now)
    assert (seen.position, seen.wait, seen.counter, seen.status) == (None, None, "c1", "called")
    stage.press("transfer", to_counter="c3")
    seen = ticket_view(stage.hall, ticket, stage.now)
    assert (seen.position, seen.counter, seen.counters) == (1, None, ["c3"])


def test_a_service_counts_who_waits_and_who_is_served_and_names_its_last_call(stage: Stage) -> None:
    stage.press("open")
    stage.press("open", "c2")
    for _ in range(4):
        stage.issue()
    stage.press("next")
    stage.press("start")
    stage.press("next", "c2")
    state = service_state(stage.hall, "land", stage.now)
    assert (state.open, state.waiting, state.serving, state.last_called) == (True, 2, 1, "A002")
    stage.press("undo", "c2")
    assert service_state(stage.hall, "land", stage.now).last_called == "A001"
    assert not service_state(stage.hall, "land", stage.now + 4 * 3600_000).open


def test_a_board_shows_the_last_eight_calls_of_its_zone_newest_first(stage: Stage) -> None:
    stage.press("open")
    stage.press("open", "c3")
    numbers = []
    for _ in range(10):
        numbers.append(stage.issue("survey").number)
        stage.press("next")
    stage.issue("result")
    stage.press("next", "c3")

    shown = board(stage.hall, "hall", stage.now)
    assert [call.number for call in shown.calls] == numbers[:1:-1]
    assert [queue.service for queue in shown.queues] == ["land", "survey", "result"]
    assert [call.number for call in board(stage.hall, "side", stage.now).calls] == ["T001"]


def test_a_recalled_number_comes_to_the_top_of_the_board(stage: Stage) -> None:
    stage.press("open")
    stage.press("open", "c2")
    first, second = stage.issue(), stage.issue()
    stage.press("next")
    stage.press("next", "c2")
    stage.press("recall")
    calls = board(stage.hall, "hall", stage.now).calls
    assert [(call.number, call.recall) for call in calls] == [(first.number, 1), (second.number, 0)]


def test_a_board_carries_the_notice_of_its_zone(make_stage: type[Stage]) -> None:
    stage = make_stage({"zone": [{"id": "hall", "notice": {"vi": "Nghỉ lễ ngày mai"}}]})
    assert board(stage.hall, "hall", stage.now).notice == {"vi": "Nghỉ lễ ngày mai"}
    assert board(stage.hall, "side", stage.now).notice is None


def test_a_counter_shows_the_number_in_hand_and_since_when(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue()
    stage.wait(minutes=1)
    stage.press("next")
    state = counter_state(stage.hall, "c1", stage.now)
    assert (state.number, state.since, state.label, state.waiting) == (
        ticket.number, stage.now, {"vi": "Quầy 1", "en": "Quầy 1"}, 0,
    )  # fmt: skip


def test_what_facts_touch_is_what_has_to_be_shown_again(stage: Stage) -> None:
    done: Any = stage.act("open", "c2")
    assert touched(stage.hall, done.events) == ({"c1", "c2", "c3"}, {"land"}, {"hall", "side"})
    stage.issue("survey")
    assert touched(stage.hall, stage.events[-1:]) == ({"c1"}, {"survey"}, {"hall"})
    stage.issue("land")
    stage.press("open")
    stage.press("next")
    done = stage.act("transfer", service="result")
    assert touched(stage.hall, done.events)[1] >= {"survey", "result"}


def test_whoever_asks_is_told_why_a_number_was_called(stage: Stage) -> None:
    stage.press("open")
    ticket, second = stage.issue(), stage.issue()
    stage.wait(minutes=1)
    stage.press("next")
    assert call_reason(stage.hall, stage.visit(ticket).id) == {
        "visit": ticket.visit, "number": "A001", "rule": "score", "score": 60_000.0, "second": second.number,
        "overtook": 0, "manual": False, "reason": None,
    }  # fmt: skip


def test_the_last_note_goes_with_the_ticket(stage: Stage) -> None:
    stage.press("open")
    ticket = stage.issue()
    stage.press("next")
    assert note_of(stage.hall, ticket) is None
    stage.press("transfer", service="result", note="thiếu bản sao")
    stage.press("next")
    assert note_of(stage.hall, ticket) == "thiếu bản sao"
    stage.press("park", note="đi photo")
    assert note_of(stage.hall, ticket) == "đi photo"
