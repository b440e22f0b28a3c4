"""Loops that fail are logged, counted and restarted; a vital one that fails too often ends the process."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from controller.services.engine.supervision import MOST, WITHIN_S, RepeatedFailureError, Supervisor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.controller.conftest import HandClock


class Answer(Exception):  # noqa: N818 - it is none of the failures
    pass


class Pauses:
    """A sleep that only moves the clock."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        self.clock.pass_seconds(seconds)
        await asyncio.sleep(0)


def failing(times: int, clock: HandClock, lasts: float = 0.0) -> Callable[[], Awaitable[None]]:
    left = times

    async def loop() -> None:
        nonlocal left
        clock.pass_seconds(lasts)
        if left:
            left -= 1
            raise RuntimeError("unexpected")

    return loop


@pytest.fixture
def pauses(hand_clock: HandClock) -> Pauses:
    return Pauses(hand_clock)


@pytest.fixture
def supervisor(hand_clock: HandClock, pauses: Pauses) -> Supervisor:
    return Supervisor(hand_clock, ends=(Answer,), sleep=pauses)


async def test_a_loop_that_fails_is_restarted_and_counted(
    supervisor: Supervisor, pauses: Pauses, hand_clock: HandClock
) -> None:
    await supervisor.keep("look", failing(3, hand_clock))

    assert supervisor.restarts == {"look": 3}
    assert len(pauses.taken) == 3


async def test_the_pauses_grow_while_a_loop_fails_at_once(
    supervisor: Supervisor, pauses: Pauses, hand_clock: HandClock
) -> None:
    await supervisor.keep("look", failing(8, hand_clock))

    assert pauses.taken[0] <= 0.2
    assert pauses.taken[-1] >= 5.0


async def test_the_pauses_begin_again_once_a_loop_has_worked_for_a_while(
    supervisor: Supervisor, pauses: Pauses, hand_clock: HandClock
) -> None:
    await supervisor.keep("look", failing(8, hand_clock, lasts=60.0))

    assert max(pauses.taken) <= 0.2


async def test_a_vital_loop_that_keeps_failing_ends_the_process(supervisor: Supervisor, hand_clock: HandClock) -> None:
    with pytest.raises(RepeatedFailureError, match="the loop dispatch failed 20 times within 10 minutes"):
        await supervisor.keep("dispatch", failing(MOST, hand_clock))


async def test_failures_far_apart_end_nothing(supervisor: Supervisor, hand_clock: HandClock) -> None:
    await supervisor.keep("dispatch", failing(3 * MOST, hand_clock, lasts=WITHIN_S / (MOST - 1) + 1))

    assert supervisor.restarts["dispatch"] == 3 * MOST


async def test_a_loop_that_the_centre_can_do_without_ends_nothing(
    supervisor: Supervisor, hand_clock: HandClock
) -> None:
    await supervisor.keep("figures", failing(3 * MOST, hand_clock), vital=False)

    assert supervisor.restarts["figures"] == 3 * MOST


async def test_an_answer_is_no_failure(supervisor: Supervisor) -> None:
    async def loop() -> None:
        raise Answer

    with pytest.raises(Answer):
        await supervisor.keep("heartbeat", loop)
    assert supervisor.restarts == {"heartbeat": 0}


async def test_a_loop_that_is_cancelled_is_not_restarted(supervisor: Supervisor) -> None:
    task = asyncio.create_task(supervisor.keep("look", asyncio.Event().wait))
    await asyncio.sleep(0)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert supervisor.restarts == {"look": 0}
