from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.contract.payloads import Board, Call
from displays.base.calls import FLASH_S
from displays.board.flow import ROWS, STAGE_S, BoardFlow, hear_board, hear_call, said, say_next, standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.payloads import ServiceState

EMPTY = BoardFlow("hall")


def numbers(flow: BoardFlow, now: float) -> list[str]:
    return [row.number for row in standing(flow, now).rows]


def spoken(flow: BoardFlow) -> list[tuple[str, int]]:
    heard: list[tuple[str, int]] = []
    while True:
        flow, call = say_next(flow)
        if call is None:
            return heard
        heard.append((call.number, call.recall))
        flow = said(flow)


def test_a_call_stands_flashes_and_is_spoken(make_call: Callable[..., Call]) -> None:
    flow = hear_call(EMPTY, make_call(), age_s=0.2, now=100.0)

    row = standing(flow, 100.0).rows[0]
    assert (row.number, row.counter, row.light, row.staged) == ("A007", "c1", True, True)
    assert standing(flow, 100.0 + FLASH_S).rows[0].light is None
    assert spoken(flow) == [("A007", 0)]


def test_a_repeated_call_changes_nothing_and_a_recall_is_spoken_again(make_call: Callable[..., Call]) -> None:
    once = hear_call(EMPTY, make_call(), 0, 100.0)
    twice = hear_call(once, make_call(), 0, 101.0)
    recalled = hear_call(twice, make_call(recall=1), 0, 110.0)

    assert twice is once
    assert spoken(recalled) == [("A007", 0), ("A007", 1)]
    assert numbers(recalled, 110.0) == ["A007"]
    assert standing(recalled, 110.0).rows[0].recall == 1
    assert standing(recalled, 110.0).rows[0].light is True


def test_a_call_older_than_30_seconds_on_arrival_is_dropped(make_call: Callable[..., Call]) -> None:
    assert hear_call(EMPTY, make_call(), age_s=30.5, now=0.0) is EMPTY


def test_a_call_of_another_zone_is_not_of_this_board(make_call: Callable[..., Call]) -> None:
    assert hear_call(EMPTY, make_call(zone="kon-tum"), 0, 0.0) is EMPTY


def test_time_in_the_voices_own_queue_does_not_count(make_call: Callable[..., Call]) -> None:
    flow = EMPTY
    for order in range(20):
        flow = hear_call(flow, make_call(f"A{order:03d}", f"c{order}"), 29.0, 100.0)
    flow, first = say_next(flow)
    assert first is not None

    # Half an hour later the voice has ended its first sentence.
    assert len(spoken(said(flow))) == 19
    assert len(standing(flow, 1900.0).rows) == ROWS


def test_two_calls_are_never_spoken_at_once(make_call: Callable[..., Call]) -> None:
    flow = hear_call(hear_call(EMPTY, make_call(), 0, 1.0), make_call("B001", "c2"), 0, 1.0)

    flow, first = say_next(flow)
    again, second = say_next(flow)

    assert first is not None
    assert first.number == "A007"
    assert second is None
    assert again is flow


def test_counters_that_call_together_stand_side_by_side(make_call: Callable[..., Call]) -> None:
    flow = EMPTY
    for order in range(4):
        flow = hear_call(flow, make_call(f"A00{order}", f"c{order}"), 0, 100.0 + order)

    seen = standing(flow, 104.0)
    assert [row.number for row in seen.stage] == ["A003", "A002", "A001", "A000"]
    assert seen.earlier == ()


def test_the_latest_call_stands_large_when_nothing_was_called_lately(
    make_call: Callable[..., Call], make_board: Callable[..., Board]
) -> None:
    board = make_board(make_call("A009", "c1"), make_call("B002", "c2"))
    flow = hear_board(EMPTY, board, 50.0)

    seen = standing(flow, 500.0)
    assert [row.number for row in seen.stage] == ["A009"]
    assert [row.number for row in seen.earlier] == ["B002"]
    assert all(row.light is None for row in seen.rows)


def test_the_state_of_the_zone_does_not_double_a_call_that_was_heard(
    make_call: Callable[..., Call], make_board: Callable[..., Board]
) -> None:
    flow = hear_call(EMPTY, make_call(recall=1), 0, 100.0)
    flow = hear_board(flow, make_board(make_call(recall=0)), 100.1)

    rows = standing(flow, 100.2).rows
    assert [(row.number, row.recall) for row in rows] == [("A007", 1)]
    assert rows[0].staged


def test_a_call_newer_than_the_zones_state_stands_first(
    make_call: Callable[..., Call], make_board: Callable[..., Board]
) -> None:
    flow = hear_board(EMPTY, make_board(make_call("A001"), make_call("A000", "c2")), 99.0)
    flow = hear_call(flow, make_call("A002", "c3"), 0, 100.0)

    assert numbers(flow, 100.0) == ["A002", "A001", "A000"]


def test_a_board_of_a_moment_before_does_not_take_a_call_back(
    make_call: Callable[..., Call], make_board: Callable[..., Board]
) -> None:
    flow = hear_call(EMPTY, make_call(), 0, 100.0)
    flow = hear_board(flow, make_board(), 100.05)

    assert numbers(flow, 100.1) == ["A007"]
    assert spoken(flow) == [("A007", 0)]


def test_an_undone_call_leaves_the_board_and_is_not_spoken(
    make_call: Callable[..., Call], make_board: Callable[..., Board]
) -> None:
    flow = hear_call(EMPTY, make_call(), 0, 100.0)
    flow = hear_board(flow, make_board(), 103.0)

    assert numbers(flow, 103.0) == []
    assert spoken(flow) == []


def test_a_call_that_slid_off_a_full_board_is_still_spoken(
    make_call: Callable[..., Call], make_board: Callable[..., Board], noon: int
) -> None:
    flow = hear_call(EMPTY, make_call(), 0, 100.0)
    later = [make_call(f"B{order:03d}", f"c{order}", at=noon + 1000 * order) for order in range(8, 0, -1)]
    flow = hear_board(flow, make_board(*later), 103.0)

    assert spoken(flow) == [("A007", 0)]
    assert "A007" not in numbers(flow, 100.0 + STAGE_S)
    assert len(numbers(flow, 103.0)) == ROWS


def test_queues_and_notice_are_the_zones(make_board: Callable[..., Board], queue: ServiceState) -> None:
    flow = hear_board(EMPTY, make_board(queues=[queue], notice={"vi": "Nghỉ trưa"}), 1.0)

    seen = standing(flow, 1.0)
    assert seen.queues == (queue,)
    assert seen.notice == {"vi": "Nghỉ trưa"}
    assert standing(EMPTY, 1.0).queues == ()


ARRIVALS = st.lists(
    st.tuples(
        st.integers(0, 5), st.integers(0, 2), st.sampled_from([0.0, 12.0, 29.9, 30.1, 900.0]), st.floats(0, 5)
    ),
    max_size=40,
)  # fmt: skip


@given(ARRIVALS)
def test_each_call_in_time_is_spoken_exactly_once_and_in_order_of_arrival(
    arrivals: list[tuple[int, int, float, float]],
) -> None:
    flow, now = EMPTY, 0.0
    expected: list[tuple[str, int]] = []
    for order, recall, age, passed in arrivals:
        now += passed
        call = Call(
            id=f"id-{order}", number=f"A{order:03d}", counter="c1", label={}, zone="hall", recall=recall, at=order
        )
        flow = hear_call(flow, call, age, now)
        if age <= 30 and (call.number, recall) not in expected:
            expected.append((call.number, recall))

    assert spoken(flow) == expected


@given(ARRIVALS, st.lists(st.integers(0, 9), unique=True, max_size=8), st.floats(0, 60))
def test_no_number_stands_twice_and_never_more_than_eight(
    arrivals: list[tuple[int, int, float, float]], listed: list[int], later: float
) -> None:
    flow, now = EMPTY, 0.0
    for order, recall, age, passed in arrivals:
        now += passed
        flow = hear_call(flow, _call(order, recall), age, now)
    flow = hear_board(flow, Board(zone="hall", calls=[_call(order, 0) for order in listed], at=0), now + later)

    seen = standing(flow, now + later)
    assert len({row.id for row in seen.rows}) == len(seen.rows) <= 8
    assert {row.id for row in seen.stage} | {row.id for row in seen.earlier} == {row.id for row in seen.rows}


def _call(order: int, recall: int) -> Call:
    return Call(id=f"id-{order}", number=f"A{order:03d}", counter="c1", label={}, zone="hall", recall=recall, at=order)


@pytest.mark.parametrize("passed", [0.0, 3.0, FLASH_S - 0.01, FLASH_S, 3600.0])
def test_a_flash_is_finite(make_call: Callable[..., Call], passed: float) -> None:
    flow = hear_call(EMPTY, make_call(), 0, 10.0)

    assert (standing(flow, 10.0 + passed).rows[0].light is None) is (passed >= FLASH_S)
