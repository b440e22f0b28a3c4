"""The order of calls, contract 13, by example."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from broker.contract.errors import Code
from controller.domain.queue.calling import choose, position
from tests.support.operations import operations

if TYPE_CHECKING:
    from tests.controller.domain.conftest import Stage


def called(stage: Stage, counter: str = "c1") -> list[tuple[str, str]]:
    """Press next until nobody is left; give the numbers and rules in order."""
    found = []
    while choose(stage.hall, stage.counter(counter), stage.now) is not None:
        event = stage.act("next", counter).events[-1]
        found.append((event.data["number"], event.data["rule"]))
    return found


def test_whoever_was_issued_first_is_called_first(stage: Stage) -> None:
    stage.press("open")
    numbers = []
    for _ in range(3):
        numbers.append((stage.issue().number, "score"))
        stage.wait(seconds=30)

    assert called(stage) == numbers


def test_tickets_of_the_same_instant_go_in_the_order_of_the_journal(stage: Stage) -> None:
    stage.press("open")
    numbers = [stage.issue(service).number for service in ("result", "land", "survey")]

    assert [number for number, _ in called(stage)] == numbers


def test_a_priority_ticket_gains_three_times_as_fast(stage: Stage) -> None:
    stage.press("open")
    normal = stage.issue()
    stage.wait(minutes=6)
    elderly = stage.issue(priority="elderly")

    stage.wait(minutes=2.9)
    assert stage.choice().ticket is normal
    stage.wait(minutes=0.2)
    choice = stage.choice()
    assert (choice.ticket, choice.rule, choice.second) == (elderly, "score", normal)
    assert choice.score == 3.0 * 3.1 * 60_000


def test_a_ticket_past_its_target_goes_before_any_that_is_not(stage: Stage) -> None:
    stage.press("open")
    result = stage.issue("result")
    stage.wait(minutes=5.5)
    elderly = stage.issue(priority="elderly")
    stage.wait(minutes=9.4)

    assert stage.choice().ticket is elderly
    stage.wait(minutes=0.1)
    choice = stage.choice()
    assert (choice.ticket, choice.rule, choice.second) == (result, "target", elderly)


def test_of_two_past_their_target_the_one_due_first_goes_first(stage: Stage) -> None:
    stage.press("open")
    land = stage.issue()
    stage.wait(minutes=14)
    result = stage.issue("result")
    stage.wait(minutes=20)

    choice = stage.choice()
    assert (choice.ticket, choice.second) == (result, land)


def test_after_two_priority_calls_in_a_row_a_normal_ticket_is_called(stage: Stage) -> None:
    stage.press("open")
    elderly = [stage.issue(priority="elderly").number for _ in range(3)]
    stage.wait(minutes=1)
    normal = stage.issue().number
    stage.wait(minutes=1)

    assert called(stage) == [(elderly[0], "score"), (elderly[1], "score"), (normal, "in_a_row"), (elderly[2], "score")]


def test_without_a_normal_ticket_for_the_counter_priority_tickets_go_on(stage: Stage) -> None:
    stage.press("open", "c2")
    elderly = [stage.issue(priority="elderly").number for _ in range(4)]
    stage.issue("result")

    assert [number for number, _ in called(stage, "c2")] == elderly


def test_a_call_by_hand_counts_for_the_row_and_an_undone_one_does_not(stage: Stage) -> None:
    stage.press("open")
    elderly = [stage.issue(priority="elderly") for _ in range(4)]
    normal = stage.issue()
    stage.wait(minutes=1)
    stage.press("call", number=elderly[3].number, reason="wheelchair")
    stage.press("next")
    assert stage.choice().ticket is normal

    stage.press("undo")
    assert stage.choice().ticket is elderly[0]


def test_a_recall_does_not_count_for_the_row(stage: Stage) -> None:
    stage.press("open")
    for _ in range(3):
        stage.issue(priority="elderly")
    stage.issue()
    stage.wait(minutes=1)
    stage.press("next")
    stage.press("recall")

    assert stage.act("next").events[-1].data["priority"] == "elderly"


def test_a_counter_that_prefers_as_listed_calls_its_first_service_first(stage: Stage) -> None:
    stage.press("open", "c3")
    land = stage.issue("land").number
    stage.wait(minutes=10)
    result = stage.issue("result").number

    assert called(stage, "c3") == [(result, "listed"), (land, "score")]


def test_a_service_that_is_not_served_is_never_called(stage: Stage) -> None:
    stage.press("open", "c2")
    stage.issue("result")

    with stage.refused(Code.NOTHING_WAITING):
        stage.press("next", "c2")


def test_a_transferred_ticket_is_called_at_its_counter_only_and_by_its_first_issue_time(stage: Stage) -> None:
    stage.press("open")
    stage.press("open", "c2")
    first = stage.issue("result")
    stage.wait(minutes=2)
    other = stage.issue("land")
    stage.press("next")
    stage.press("transfer", to_counter="c2")
    assert stage.choice("c1").ticket is other

    choice = stage.choice("c2")
    assert (choice.ticket, choice.second) == (first, other)


def test_each_call_stores_the_rule_the_score_and_who_came_second(stage: Stage) -> None:
    stage.press("open")
    first = stage.issue()
    second = stage.issue()
    stage.wait(minutes=2)

    data = stage.act("next").events[-1].data
    assert (data["number"], data["rule"], data["score"], data["second"]) == (
        first.number, "score", 120_000.0, second.number,
    )  # fmt: skip


def test_a_call_tells_how_many_it_overtook_and_how_often_it_was_overtaken(stage: Stage) -> None:
    stage.press("open")
    first, second, third = (stage.issue() for _ in range(3))

    assert stage.act("call", number=third.number, reason="ill").events[-1].data["overtook"] == 2
    data = stage.act("next").events[-1].data
    assert (data["number"], data["overtook"], data["overtaken"]) == (first.number, 0, 1)
    assert stage.act("next").events[-1].data["overtaken"] == 1
    assert stage.hall.in_hand(stage.counter()) is second


def test_a_position_counts_those_of_the_service_that_go_before_by_rank(stage: Stage) -> None:
    first = stage.issue()
    stage.wait(minutes=2)
    second = stage.issue()
    stage.wait(minutes=2)
    elderly = stage.issue(priority="elderly")
    stage.issue("survey")

    places = [position(stage.hall, ticket, stage.now) for ticket in (first, second, elderly)]
    assert places == [1, 2, 3]
    stage.wait(minutes=2.1)
    places = [position(stage.hall, ticket, stage.now) for ticket in (first, second, elderly)]
    assert places == [2, 3, 1]


def test_weights_of_services_count(make_stage: type[Stage]) -> None:
    services = make_stage.document()["service"]
    services[2]["weight"] = 5.0
    stage = make_stage({"service": services})
    stage.issue("land")
    stage.wait(minutes=1)
    result = stage.issue("result")
    stage.wait(minutes=1)

    choice = stage.choice()
    assert (choice.ticket, choice.score) == (result, 300_000.0)


def a_full_hall(make_stage: type[Stage], waiting: int) -> Stage:
    """Give a hall of 20 services and 60 counters where so many wait."""
    data = make_stage.document()
    services = [data["service"][0] | {"id": f"s{number}"} for number in range(20)]
    names = [service["id"] for service in services]
    counters = [data["counter"][0] | {"id": f"c{number}", "services": names} for number in range(1, 61)]
    devices = [device for device in data["device"] if device["kind"] != "board"]
    stage = make_stage({"service": services, "counter": counters, "device": devices})
    for number in range(waiting):
        stage.wait(seconds=1)
        stage.issue(f"s{number % 20}", priority=("normal", "elderly", "child")[number % 3])
    stage.press("open")
    return stage


def test_a_call_takes_as_many_steps_with_2000_waiting_as_with_200(make_stage: type[Stage]) -> None:
    few, many = (a_full_hall(make_stage, waiting) for waiting in (200, 2000))

    steps = [[operations(partial(stage.press, "next")) for _ in range(10)] for stage in (few, many)]

    assert sum(steps[1]) <= 1.1 * sum(steps[0])
