"""Rating a visit (contract 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import Code
from broker.contract.times import parse_instant
from controller.domain.commands import Rate

if TYPE_CHECKING:
    from controller.domain.queue.ticket import Ticket
    from tests.controller.domain.conftest import Stage


def served(stage: Stage) -> Ticket:
    """Give a ticket whose visit at c1 has just ended as done."""
    ticket = stage.issue()
    if stage.counter().status == "closed":
        stage.press("open")
    stage.press("next")
    stage.press("finish")
    return ticket


def by_token(stage: Stage, ticket: Ticket, **fields: Any) -> Rate:
    given: dict[str, Any] = {"token": stage.token(ticket), "score": 3, "version": 2}
    return Rate(**(given | fields))


def at_pad(stage: Stage, ticket: Ticket, **fields: Any) -> Rate:
    given: dict[str, Any] = {"visit": stage.visit(ticket).id, "counter": "c1", "score": 3, "version": 2}
    return Rate(**(given | fields))


def test_a_rating_stands_in_a_fact_without_its_comment(stage: Stage) -> None:
    ticket = served(stage)
    command = by_token(stage, ticket, score=1, reasons=("slow",), comment="Chờ lâu quá", answers={"manner": 2})
    rating = stage.do(command).answer["rating"]

    data = stage.events[-1].data
    found = {name: data[name] for name in ("rating", "visit", "score", "version", "satisfied", "reasons", "answers")}
    assert found == {
        "rating": rating, "visit": stage.visit(ticket).id, "score": 1, "version": 2, "satisfied": False,
        "reasons": ["slow"], "answers": {"manner": 2},
    }  # fmt: skip
    assert (data["counter"], data["source"]) == ("c1", "token")
    assert "lâu quá" not in str(stage.events)
    assert stage.secrets[("comment", rating)] == "Chờ lâu quá"


def test_a_visit_is_rated_once_by_whichever_way(stage: Stage) -> None:
    ticket = served(stage)
    stage.do(at_pad(stage, ticket))
    with stage.refused(Code.ALREADY_RATED):
        stage.do(by_token(stage, ticket))
    with stage.refused(Code.ALREADY_RATED):
        stage.do(at_pad(stage, ticket))


def test_the_pad_takes_a_rating_for_30_seconds_from_the_end_of_the_visit(stage: Stage) -> None:
    ticket = served(stage)
    stage.wait(seconds=30.001)
    with stage.refused(Code.NOT_RATEABLE):
        stage.do(at_pad(stage, ticket))
    stage.do(by_token(stage, ticket))


def test_the_window_is_judged_when_the_request_first_arrived(stage: Stage) -> None:
    ticket = served(stage)
    arrived = stage.now + 29_000
    stage.wait(minutes=2)
    stage.do(at_pad(stage, ticket, arrived=arrived))
    assert stage.events[-1].data["source"] == "pad"


def test_by_token_until_the_end_of_the_day(stage: Stage) -> None:
    ticket = served(stage)
    stage.now = parse_instant("2026-11-23T23:59:59+07:00")
    stage.do(by_token(stage, ticket))
    assert stage.events[-1].type == "rated"


def test_the_pad_of_another_counter_may_not_rate_the_visit(stage: Stage) -> None:
    ticket = served(stage)
    with stage.refused(Code.NOT_ALLOWED):
        stage.do(at_pad(stage, ticket, counter="c2"))


@pytest.mark.parametrize(
    "fields",
    [
        {"version": 1},
        {"score": 4},
        {"score": 1},
        {"reasons": ("unknown",)},
        {"answers": {"manner": 3}},
        {"answers": {"speed": 1}},
    ],
)
def test_what_does_not_fit_the_scale_is_a_bad_request(stage: Stage, fields: dict[str, Any]) -> None:
    ticket = served(stage)
    with stage.refused(Code.BAD_REQUEST):
        stage.do(by_token(stage, ticket, **fields))


@pytest.mark.parametrize("action", ["no_show", "park", "transfer"])
def test_only_a_visit_that_ended_as_done_is_rated_at_the_pad(stage: Stage, action: str) -> None:
    ticket = stage.issue()
    stage.press("open")
    stage.press("next")
    stage.press(action, **({"service": "result"} if action == "transfer" else {}))
    with stage.refused(Code.NOT_RATEABLE):
        stage.do(at_pad(stage, ticket))


def test_a_visit_that_never_was_is_not_found(stage: Stage) -> None:
    ticket = served(stage)
    command = at_pad(stage, ticket)
    stage.press("undo")
    with stage.refused(Code.NOT_RATEABLE):
        stage.do(command)
    stage.issue()
    stage.press("next")
    stage.press("undo")
    with stage.refused(Code.NOT_FOUND):
        stage.do(Rate(visit="22222222-2222-4222-8222-222222222222", counter="c1", score=3, version=2))


def test_a_centre_without_a_scale_takes_no_ratings(make_stage: type[Stage]) -> None:
    stage = make_stage({"rating": None})
    ticket = served(stage)
    with stage.refused(Code.NOT_RATEABLE):
        stage.do(by_token(stage, ticket))
