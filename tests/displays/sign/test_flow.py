from __future__ import annotations

from typing import TYPE_CHECKING

from broker.contract.payloads import CounterStatus
from displays.base.calls import FLASH_S
from displays.sign.flow import SignFlow, face, hear_call, hear_state, shows

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.payloads import Call, CounterState

EMPTY = SignFlow("c1")


def test_a_sign_that_knows_nothing_shows_nothing() -> None:
    assert face(EMPTY, 0.0).status is None
    assert face(EMPTY, 0.0).number is None


def test_the_number_that_is_called_flashes_for_a_few_seconds(make_state: Callable[..., CounterState]) -> None:
    flow = hear_state(EMPTY, make_state("calling", "A007"), age_s=0.1, now=100.0)

    assert face(flow, 100.0).number == "A007"
    assert face(flow, 100.0).light is True
    assert face(flow, 100.0 + FLASH_S).light is None


def test_a_recall_flashes_again(make_state: Callable[..., CounterState]) -> None:
    flow = hear_state(EMPTY, make_state("calling", "A007"), 0, 100.0)
    flow = hear_state(flow, make_state("calling", "A007", recall=1), 20, 120.0)

    assert face(flow, 120.0).recall == 1
    assert face(flow, 120.0).light is True


def test_a_state_that_changes_something_else_does_not_flash_again(make_state: Callable[..., CounterState]) -> None:
    flow = hear_state(EMPTY, make_state("calling", "A007", waiting=3), 0, 100.0)
    flow = hear_state(flow, make_state("calling", "A007", waiting=4), 0, 100.0 + FLASH_S)

    assert face(flow, 100.0 + FLASH_S).light is None


def test_the_flash_ends_with_the_call(make_state: Callable[..., CounterState]) -> None:
    flow = hear_state(EMPTY, make_state("calling", "A007"), 0, 100.0)
    flow = hear_state(flow, make_state("serving", "A007"), 0, 101.0)

    assert face(flow, 101.0).status is CounterStatus.SERVING
    assert face(flow, 101.0).light is None


def test_a_call_of_long_ago_stands_without_flashing_after_a_reconnect(make_state: Callable[..., CounterState]) -> None:
    flow = hear_state(EMPTY, make_state("calling", "A007"), age_s=400, now=100.0)

    assert face(flow, 100.0).number == "A007"
    assert face(flow, 100.0).light is None


def test_a_call_is_shown_before_the_state_that_follows_and_flashes_once(
    make_state: Callable[..., CounterState], make_call: Callable[..., Call], noon: int
) -> None:
    flow = hear_state(EMPTY, make_state("open", waiting=4), 60, 90.0)
    flow = hear_call(flow, make_call(at=noon + 500), 0, 100.0)

    assert (face(flow, 100.0).status, face(flow, 100.0).number) == (CounterStatus.CALLING, "A007")
    flow = hear_state(flow, make_state("calling", "A007", since=noon + 501), 0, 100.0 + FLASH_S)
    assert face(flow, 100.0 + FLASH_S).light is None


def test_a_call_is_acted_on_once(make_state: Callable[..., CounterState], make_call: Callable[..., Call]) -> None:
    flow = hear_call(hear_state(EMPTY, make_state(), 0, 90.0), make_call(), 0, 100.0)

    assert hear_call(flow, make_call(), 0, 101.0) is flow
    assert hear_call(flow, make_call("B001", "c2"), 0, 101.0) is flow
    assert hear_call(flow, make_call(recall=1), 31, 101.0) is flow
    assert face(hear_call(flow, make_call(recall=1), 0, 110.0), 110.0).light is True


def test_a_call_that_the_counter_has_passed_by_is_not_shown(
    make_state: Callable[..., CounterState], make_call: Callable[..., Call], noon: int
) -> None:
    flow = hear_state(EMPTY, make_state("calling", "A008", since=noon + 2000), 0, 100.0)
    late = make_call("A007", at=noon + 1000)

    flow = hear_call(flow, late, 1, 100.5)

    assert face(flow, 100.5).number == "A008"
    assert not shows(flow, late)
    assert flow.acted.has(late)


def test_a_call_is_shown_by_a_sign_that_has_no_state_yet(make_call: Callable[..., Call]) -> None:
    flow = hear_call(EMPTY, make_call(), 0, 100.0)

    assert face(flow, 100.0).number == "A007"
    assert shows(flow, make_call())


def test_a_recall_flashes_though_its_state_came_first_with_an_old_date(
    make_state: Callable[..., CounterState], make_call: Callable[..., Call]
) -> None:
    flow = hear_state(EMPTY, make_state("calling", "A007"), 0, 100.0)
    flow = hear_state(flow, make_state("calling", "A007", recall=1), age_s=60, now=160.0)
    flow = hear_call(flow, make_call(recall=1), 0, 160.1)

    assert face(flow, 160.1).light is True
