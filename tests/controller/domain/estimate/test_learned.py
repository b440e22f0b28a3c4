from __future__ import annotations

import json
import random

import pytest

from controller.domain.estimate.learned import ENOUGH, KEPT, UNKNOWN, LearnedTimes, size_of

HALF_HOUR = 30 * 60_000


def outcomes(
    memory: LearnedTimes, count: int, dice: random.Random, expected_s: float = 1200, slower: float = 1
) -> float:
    """Let waits come true that scatter around their estimate; give the share that lay within the range."""
    inside = 0
    for _ in range(count):
        low, high = memory.range_of(expected_s)
        waited = expected_s * slower * dice.lognormvariate(0, 0.4)
        inside += low <= waited <= high
        memory.came_true(expected_s, low, high, waited)
    return inside / count


@pytest.fixture
def dice() -> random.Random:
    return random.Random(5)  # noqa: S311 - repeatable, not secret


@pytest.mark.parametrize(("expected_s", "size"), [(0, 0), (0.9, 0), (1, 1), (599, 1), (600, 2), (1799, 2), (1800, 3)])
def test_waits_are_told_apart_by_size(expected_s: float, size: int) -> None:
    assert size_of(expected_s) == size


def test_without_a_history_the_range_is_wide_and_holds_the_expectation() -> None:
    memory = LearnedTimes()

    for expected_s in (0, 60, 300, 900, 3600):
        low, high = memory.range_of(expected_s)
        assert 0 <= low <= expected_s <= high
        if expected_s:
            assert high - low > expected_s


def test_what_is_said_of_today_counts_from_the_next_day_on() -> None:
    memory = LearnedTimes()
    memory.turn_to("2026-01-05")
    for _ in range(50):
        memory.served("land", 900_000)
        memory.staffed("land", 18 * HALF_HOUR, 3)

    assert memory.usual_mean("land") is None
    assert memory.usual_staff("land", 18) is None
    for day in (6, 7, 8):
        assert memory.turn_to(f"2026-01-0{day}")
        memory.staffed("land", 18 * HALF_HOUR + 60_000, 3)

    assert memory.usual_mean("land") == pytest.approx(900_000)
    assert memory.usual_staff("land", 18) == pytest.approx(3)
    assert memory.usual_staff("land", 19) is None


def test_few_services_are_not_a_usual_mean() -> None:
    memory = LearnedTimes()
    memory.turn_to("2026-01-05")
    memory.served("land", 900_000)
    memory.turn_to("2026-01-06")

    assert memory.usual_mean("land") is None


def test_a_day_turns_once_and_never_back() -> None:
    memory = LearnedTimes()

    assert memory.turn_to("2026-01-06")
    assert not memory.turn_to("2026-01-06")
    assert not memory.turn_to("2026-01-05")
    assert memory.day == "2026-01-06"


def test_the_last_days_count_most() -> None:
    memory = LearnedTimes()
    for day in range(60):
        memory.turn_to(f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}")
        for _ in range(40):
            memory.served("land", 600_000 if day < 30 else 1_200_000)
    memory.end_day()

    assert memory.usual_mean("land") == pytest.approx(1_100_000, rel=0.05)


def test_the_range_comes_to_hold_four_waits_in_five(dice: random.Random) -> None:
    memory = LearnedTimes()
    for day in range(10):
        memory.turn_to(f"2026-01-{day + 1:02d}")
        outcomes(memory, 200, dice)
    memory.turn_to("2026-01-11")

    assert outcomes(memory, 1000, dice) == pytest.approx(0.8, abs=0.03)
    low, high = memory.range_of(1200)
    assert low == pytest.approx(1200 * 0.6, rel=0.15)
    assert high == pytest.approx(1200 * 1.67, rel=0.15)


def test_a_day_unlike_the_others_widens_the_range_while_it_lasts(dice: random.Random) -> None:
    memory = LearnedTimes()
    for day in range(10):
        memory.turn_to(f"2026-01-{day + 1:02d}")
        outcomes(memory, 200, dice)
    memory.turn_to("2026-01-11")
    usual_high = memory.range_of(1200)[1]

    first = outcomes(memory, 30, dice, slower=1.5)
    later = outcomes(memory, 400, dice, slower=1.5)

    assert first < 0.7
    assert later == pytest.approx(0.8, abs=0.05)
    assert memory.range_of(1200)[1] > usual_high * 1.1


def test_sizes_learn_apart(dice: random.Random) -> None:
    memory = LearnedTimes()
    for day in range(3):
        memory.turn_to(f"2026-01-{day + 1:02d}")
        outcomes(memory, ENOUGH, dice, expected_s=300)
    memory.end_day()

    low, high = memory.range_of(3600)
    assert (low, high) == (UNKNOWN[3][0] * 3660 - 60, UNKNOWN[3][1] * 3660 - 60)
    assert memory.range_of(300)[1] < UNKNOWN[1][1] * 360 - 60


def test_the_history_does_not_grow_without_end(dice: random.Random) -> None:
    memory = LearnedTimes()
    outcomes(memory, KEPT + 500, dice)
    memory.end_day()

    assert len(memory.ratios[2]) == KEPT


def test_the_state_survives_as_text(dice: random.Random) -> None:
    memory = LearnedTimes()
    for day in range(3):
        memory.turn_to(f"2026-01-{day + 1:02d}")
        outcomes(memory, 100, dice)
        memory.served("land", 600_000)
        memory.staffed("land", 18 * HALF_HOUR, 3)

    again = LearnedTimes.from_json(memory.to_json())

    assert again.to_json() == memory.to_json()
    assert again.day == "2026-01-03"
    assert again.range_of(1200) == pytest.approx(memory.range_of(1200), rel=1e-3)
    again.turn_to("2026-01-04")
    assert again.usual_staff("land", 18) == pytest.approx(3)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"v": 2}', '{"v": 1, "day": "2026-01-05"}'])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"learnt|Expecting value"):
        LearnedTimes.from_json(text)


def test_a_state_with_other_sizes_is_refused() -> None:
    data = json.loads(LearnedTimes().to_json())
    data["ratios"].pop()

    with pytest.raises(ValueError, match="3 sizes, not 4"):
        LearnedTimes.from_json(json.dumps(data))
