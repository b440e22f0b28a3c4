from __future__ import annotations

from itertools import pairwise

import pytest

from controller.domain.estimate.learned import LearnedTimes
from controller.domain.estimate.wait_range import (
    CounterLoad,
    LobbySnapshot,
    TicketAhead,
    WaitEstimate,
    WaitingTicket,
    capacity,
    connected,
    estimate,
    expected_wait,
    people_before,
    shrunk_mean,
)

MINUTE = 60_000
NOW = 1_000 * 3_600_000
NORMAL = TicketAhead(1.0, 30 * MINUTE)
ELDERLY = TicketAhead(3.0, 10 * MINUTE)
UNTARGETED = TicketAhead(1.0, None)


def ago(*minutes: float) -> list[int]:
    return [NOW - round(minute * MINUTE) for minute in minutes]


def lobby(
    desks: list[CounterLoad],
    waiting: list[tuple[TicketAhead, list[int]]] | None = None,
    others: dict[str, int] | None = None,
    newcomers: list[tuple[TicketAhead, float]] | None = None,
    since_midnight: int = 9 * 60 * MINUTE,
) -> LobbySnapshot:
    lines = waiting or []
    people = {"land": sum(len(instants) for _, instants in lines)} | (others or {})
    means = dict.fromkeys({"land", "tax", "result", *people}, 10.0 * MINUTE)
    kept = [WaitingTicket(standing, instants) for standing, instants in lines]
    return LobbySnapshot("land", NOW, since_midnight, desks, means, people, kept, newcomers or [])


def wait_min(
    seen: LobbySnapshot, standing: TicketAhead = NORMAL, memory: LearnedTimes | None = None, age_min: float = 0
) -> float:
    wait = expected_wait(seen, standing, memory or LearnedTimes(), NOW - round(age_min * MINUTE) if age_min else None)
    assert wait is not None
    return wait / MINUTE


LAND = CounterLoad(("land",))


def test_no_counter_open_for_the_service_gives_no_estimate() -> None:
    assert estimate(lobby([]), NORMAL, LearnedTimes()) is None
    assert estimate(lobby([CounterLoad(("tax",), free=True)]), NORMAL, LearnedTimes()) is None


def test_a_free_counter_with_nobody_before_is_no_wait() -> None:
    found = estimate(lobby([CounterLoad(("land",), free=True)]), NORMAL, LearnedTimes())

    assert found is not None
    assert (found.expected_s, found.low_s, found.high_s) == (0, 0, 300)


def test_the_wait_is_the_people_before_and_oneself_over_the_open_counters() -> None:
    assert wait_min(lobby([LAND], [(NORMAL, ago(9, 8, 7))])) == pytest.approx(40)
    assert wait_min(lobby([LAND, LAND], [(NORMAL, ago(9, 8, 7))])) == pytest.approx(20)
    assert wait_min(lobby([LAND, LAND])) == pytest.approx(5)


def test_free_counters_take_as_many_at_once() -> None:
    free = CounterLoad(("land",), free=True)

    assert wait_min(lobby([free, free], [(NORMAL, ago(1))])) == 0
    assert wait_min(lobby([free, LAND], [(NORMAL, ago(1))])) == pytest.approx(5)


def test_the_wait_grows_with_the_queue_and_shrinks_with_the_counters() -> None:
    by_queue = [wait_min(lobby([LAND, LAND], [(NORMAL, ago(*range(40, 40 - people, -1)))])) for people in range(30)]
    by_counters = [wait_min(lobby([LAND] * counters, [(NORMAL, ago(3, 2, 1))])) for counters in range(1, 9)]

    assert all(shorter < longer for shorter, longer in pairwise(by_queue))
    assert all(longer > shorter for longer, shorter in pairwise(by_counters))


def test_who_waits_already_counts_only_the_older_ones_and_not_itself() -> None:
    seen = lobby([LAND], [(NORMAL, ago(9, 8, 7))])

    assert wait_min(seen, age_min=9) == pytest.approx(10)
    assert wait_min(seen, age_min=7) == pytest.approx(30)


def test_a_newcomer_comes_behind_those_of_the_same_millisecond_and_a_ticket_does_not_count_itself() -> None:
    seen = lobby([LAND], [(NORMAL, [NOW, NOW])])

    assert people_before(seen, NORMAL, None, 0) == 2
    assert people_before(seen, NORMAL, 0, 0) == 0


def test_a_shared_counter_with_nobody_else_waiting_works_for_the_service_alone() -> None:
    assert capacity(lobby([LAND, CounterLoad(("land", "tax"))], [(NORMAL, ago(1))])) == pytest.approx(2)


def test_a_shared_counter_is_divided_by_the_work_that_waits() -> None:
    desk = CounterLoad(("land", "tax"))

    assert capacity(lobby([desk], [(NORMAL, ago(3, 2, 1))], {"tax": 4})) == pytest.approx(0.5)
    assert capacity(lobby([desk], [(NORMAL, ago(3, 2, 1))], {"tax": 12})) == pytest.approx(0.25)


def test_a_shared_counter_helps_where_the_waits_are_long() -> None:
    desks = [LAND, CounterLoad(("land", "tax")), CounterLoad(("tax",))]

    assert capacity(lobby(desks, [(NORMAL, ago(*range(20, 9, -1)))], {"tax": 1})) == pytest.approx(2, abs=0.1)
    assert capacity(lobby(desks, [(NORMAL, ago(1))], {"tax": 30})) == pytest.approx(1, abs=0.1)


def test_counters_that_share_work_through_others_are_found_and_the_rest_are_not() -> None:
    desks = [
        CounterLoad(("land",)),
        CounterLoad(("tax", "result")),
        CounterLoad(("land", "tax")),
        CounterLoad(("health",)),
    ]

    assert {desk.services for desk in connected(desks, "land")} == {("land",), ("land", "tax"), ("tax", "result")}


@pytest.mark.parametrize(
    ("wait", "expected"),
    [
        (0, 2),  # called at once, everybody older goes first
        (1, 2),  # 3 x 1 < 5 + 1: both still lead
        (4, 1),  # 3 x 4 > 5 + 4: the younger one is passed; 25 + 4 leads until it is due at 30, and longer
        (9, 1),
        (15, 1),  # due at 10, before the one due at 25 but after the one that was due 5 minutes from its issue
    ],
)
def test_a_priority_ticket_passes_those_whose_score_or_target_it_overtakes(wait: float, expected: int) -> None:
    seen = lobby([LAND], [(NORMAL, ago(25, 5))])

    assert people_before(seen, ELDERLY, 0, wait * MINUTE) == expected


def test_a_normal_ticket_is_passed_by_priority_that_comes_after_it() -> None:
    seen = lobby([LAND], newcomers=[(ELDERLY, 60.0)])

    assert people_before(seen, NORMAL, 0, 12 * MINUTE) == pytest.approx(8)  # issued within 2/3 of the wait
    assert people_before(seen, NORMAL, 0, 50 * MINUTE) == pytest.approx(20)  # due before: issued within 30 - 10 min
    assert people_before(seen, ELDERLY, 0, 12 * MINUTE) == 0
    assert wait_min(seen) > wait_min(lobby([LAND]))


def test_a_ticket_without_target_lets_all_go_first_that_are_past_theirs() -> None:
    seen = lobby([LAND], [(NORMAL, ago(40)), (UNTARGETED, ago(50))])

    assert people_before(seen, UNTARGETED, 45 * MINUTE, 0) == 2
    assert people_before(seen, NORMAL, 35 * MINUTE, 0) == 1


def test_the_mean_of_few_services_stays_near_what_was_known() -> None:
    assert shrunk_mean([], 600.0) == 600
    assert shrunk_mean([1200] * 20, 600.0) == pytest.approx(840)
    assert shrunk_mean([99_999] * 5 + [1200] * 20, 600.0) == pytest.approx(840)


def test_the_staff_that_is_usual_later_on_stretches_the_wait() -> None:
    memory = LearnedTimes()
    for day in range(1, 6):
        memory.turn_to(f"2026-01-0{day}")
        for half_hour, counters in ((18, 2), (19, 0), (20, 2)):
            memory.staffed("land", half_hour * 30 * MINUTE, counters)
    memory.turn_to("2026-01-06")
    seen = lobby([LAND, LAND], [(NORMAL, ago(*range(10, 3, -1)))])

    assert wait_min(seen) == pytest.approx(40)
    assert wait_min(seen, memory=memory) == pytest.approx(70)
    assert wait_min(lobby([LAND, LAND], [(NORMAL, ago(1))]), memory=memory) == pytest.approx(10)


def test_todays_difference_from_the_usual_staff_is_kept() -> None:
    memory = LearnedTimes()
    for day in range(1, 6):
        memory.turn_to(f"2026-01-0{day}")
        for half_hour in range(14, 34):
            memory.staffed("land", half_hour * 30 * MINUTE, 4)
    memory.turn_to("2026-01-06")

    assert wait_min(lobby([LAND, LAND], [(NORMAL, ago(*range(10, 3, -1)))]), memory=memory) == pytest.approx(40)


@pytest.mark.parametrize(
    ("raw", "told"),
    [((0, 40), (0, 300)), ((610, 1180), (600, 1200)), ((700, 740), (600, 900)), ((1000, 3299), (900, 3300))],
)
def test_people_are_told_five_minutes_and_never_an_empty_range(raw: tuple[int, int], told: tuple[int, int]) -> None:
    found = WaitEstimate(0.0, *raw)

    assert (found.low_s, found.high_s) == told
