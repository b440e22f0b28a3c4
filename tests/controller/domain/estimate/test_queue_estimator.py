from __future__ import annotations

from typing import Any

import pytest

from broker.contract.payloads import CounterStatus
from controller.domain.commands import Cancel
from controller.domain.estimate.learned import LearnedTimes
from controller.domain.estimate.queue_estimator import QueueEstimator
from controller.domain.queue.ticket import NotifiedWait
from tests.support.operations import operations

MINUTE = 60_000


@pytest.fixture
def estimator() -> QueueEstimator:
    return QueueEstimator(LearnedTimes())


@pytest.fixture
def hall(make_stage: Any, estimator: QueueEstimator) -> Any:
    """A stage whose estimator hears of every event."""
    stage = make_stage(estimator=estimator)
    plain = stage.do

    def do(command: Any) -> Any:
        done = plain(command)
        for event in done.events:
            estimator.happened(stage.hall, event)
        return done

    stage.do = do
    return stage


def expected_min(stage: Any, service: str = "land", ticket: Any = None) -> Any:
    found = stage.hall.estimator.estimate(stage.hall, service, stage.now, ticket)
    return None if found is None else found.expected_s / 60


def test_nothing_is_said_until_a_counter_for_the_service_opens(hall: Any) -> None:
    assert expected_min(hall) is None
    assert hall.issue().told is None

    hall.press("open", "c2")

    assert expected_min(hall, "land") == pytest.approx(10)
    assert expected_min(hall, "result") is None


def test_paused_and_closed_counters_do_not_count(hall: Any) -> None:
    hall.press("open", "c1")
    hall.press("open", "c2")
    for _ in range(4):
        hall.issue()
    both = expected_min(hall)
    hall.press("pause", "c1", reason="x")

    one = expected_min(hall)

    assert one == pytest.approx(40)
    assert both == pytest.approx(15)
    hall.press("close", "c2")
    assert expected_min(hall) is None


def test_each_ticket_keeps_what_it_was_told_at_issue(hall: Any) -> None:
    hall.press("open", "c2")

    told = [hall.issue().told for _ in range(4)]
    hall.wait(minutes=5)

    assert told[0] == NotifiedWait(expected_s=0, low_s=0, high_s=300)
    assert [one.expected_s for one in told[1:]] == [600, 1200, 1800]
    assert all(one.low_s <= one.expected_s <= one.high_s for one in told)
    assert all(one.low_s % 300 == one.high_s % 300 == 0 for one in told)


def test_who_waits_hears_a_shorter_wait_as_the_line_moves_on(hall: Any) -> None:
    hall.press("open", "c2")
    tickets = [hall.issue() for _ in range(4)]
    waits = []
    for _ in range(3):
        hall.press("next", "c2")
        waits.append(expected_min(hall, ticket=tickets[3]))
        hall.wait(minutes=10)

    assert waits == sorted(waits, reverse=True)
    assert waits[-1] == pytest.approx(10)


def test_short_services_of_today_shorten_the_wait(hall: Any) -> None:
    hall.press("open", "c2")
    for _ in range(12):
        hall.issue()
    before = expected_min(hall)
    for _ in range(8):
        hall.press("next", "c2")
        hall.wait(minutes=2)
    for _ in range(8):
        hall.issue()
    hall.press("finish", "c2")

    assert before is not None
    after = expected_min(hall)
    assert after is not None
    assert after < before


def test_a_priority_ticket_waits_less_than_a_normal_one_behind_the_same_people(hall: Any) -> None:
    hall.press("open", "c2")
    for _ in range(8):
        hall.issue()
        hall.wait(seconds=30)

    normal, elderly = hall.issue(), hall.issue(priority="elderly")

    assert elderly.told.expected_s < normal.told.expected_s


def test_priority_tickets_of_the_last_hour_lengthen_the_wait_of_normal_ones(make_stage: Any) -> None:
    def wait(priority: str) -> Any:
        stage = make_stage(estimator=QueueEstimator(LearnedTimes()))
        stage.press("open", "c2")
        stage.issue(priority=priority)
        for _ in range(9):
            stage.issue(priority=priority)
            stage.press("next", "c2")
            stage.wait(minutes=1)
        stage.press("next", "c2")
        for _ in range(3):
            stage.issue()
        return expected_min(stage)

    usual, passed = wait("normal"), wait("elderly")

    assert usual is not None
    assert passed is not None
    assert passed > usual


def test_a_ticket_bound_to_a_counter_waits_for_that_counter_alone(hall: Any) -> None:
    hall.press("open", "c1")
    hall.press("open", "c2")
    ticket = hall.issue()
    for _ in range(5):
        hall.issue()
    hall.press("next", "c1")
    hall.act("transfer", "c1", to_counter="c2", rank="officer", officer="u1")

    assert expected_min(hall, ticket=ticket) == 0
    hall.press("close", "c2")
    assert expected_min(hall, ticket=ticket) is None


def test_what_became_of_estimates_is_learnt_once_for_each_ticket(hall: Any, estimator: QueueEstimator) -> None:
    hall.press("open", "c2")
    for _ in range(3):
        hall.issue()
    hall.press("next", "c2")
    hall.wait(minutes=20)
    hall.press("next", "c2")
    hall.press("recall", "c2")

    learnt = [ratio for size in estimator.memory.today_ratios for ratio in size]

    assert learnt == [1.0, pytest.approx(21 / 11)]
    assert estimator.memory.today_means["land"].weight == 1
    assert estimator.memory.today_means["land"].total == 20 * MINUTE
    assert len(estimator.given) == 1


def test_a_cancelled_ticket_is_not_learnt_from(hall: Any, estimator: QueueEstimator) -> None:

    hall.press("open", "c2")
    ticket = hall.issue()
    hall.do(Cancel(token=hall.token(ticket)))

    assert estimator.given == {}
    assert estimator.memory.today_ratios == [[], [], [], []]


def test_after_a_restart_the_tickets_that_wait_are_still_learnt_from(hall: Any, estimator: QueueEstimator) -> None:
    hall.press("open", "c2")
    hall.issue()
    hall.issue()
    estimator.given.clear()
    hall.wait(minutes=3)
    hall.crash()
    hall.press("next", "c2")

    assert sum(len(size) for size in estimator.memory.today_ratios) == 1


def test_the_next_day_knows_the_last_one(hall: Any, estimator: QueueEstimator) -> None:
    hall.press("open", "c2")
    hall.issue()
    hall.press("next", "c2")
    hall.wait(minutes=7)
    hall.press("finish", "c2")
    hall.wait(minutes=24 * 60)
    hall.press("open", "c2")
    hall.issue()

    assert estimator.memory.day == "2026-11-24"
    assert estimator.memory.means["land"].total == 7 * MINUTE
    assert estimator.memory.today_means == {}


def test_a_service_that_somebody_forgot_to_end_counts_as_a_long_one(hall: Any, estimator: QueueEstimator) -> None:
    hall.press("open", "c2")
    hall.issue()
    hall.press("next", "c2")
    hall.wait(minutes=5 * 60)
    hall.press("finish", "c2")

    assert estimator.memory.today_means["land"].total == 60 * MINUTE


def test_staff_is_looked_at_only_while_somebody_waits(hall: Any, estimator: QueueEstimator) -> None:
    hall.press("open", "c1")
    hall.press("open", "c2")
    hall.issue()
    hall.press("next", "c2")

    assert [mean.total / mean.weight for mean in estimator.memory.today_staff.values()] == [2]
    assert set(estimator.memory.today_staff) == {("land", 16)}


def test_an_estimate_takes_fewer_steps_than_a_ticket_and_as_many_however_long_the_line_is(
    hall: Any, estimator: QueueEstimator
) -> None:
    for counter in hall.hall.counters.values():
        counter.status = CounterStatus.SERVING
    for number in range(60):
        hall.issue("land" if number % 2 else "result", "elderly" if number % 8 == 0 else "normal")
        hall.wait(seconds=20)

    def steps() -> int:
        return operations(lambda: estimator.estimate(hall.hall, "land", hall.now))

    fresh, known = steps(), steps()
    ticket = operations(lambda: hall.issue("land"))
    for _ in range(1000):
        hall.issue("land")

    assert 2 * fresh < ticket
    assert steps() <= known
