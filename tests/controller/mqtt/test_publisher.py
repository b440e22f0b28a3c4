"""What is published, when, and never twice alike."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from broker.contract.channels import BOARD, CALLS, COUNTER_STATE, SERVICE_STATE
from broker.contract.errors import RefusedError


async def until(what: Any, seconds: float = 5.0) -> Any:
    async with asyncio.timeout(seconds):
        while not (found := what()):  # noqa: ASYNC110 - anything may be waited for
            await asyncio.sleep(0.001)
    return found


def retained(stage: Any, channel: Any, **segments: str) -> Any:
    raw = stage.broker.retained.get(channel.topic(stage.broker.centre, **segments))
    return json.loads(raw) if raw else None


async def test_every_state_stands_retained_after_the_first_connect(stage: Any) -> None:
    board = await until(lambda: retained(stage, BOARD, zone="hall"))
    await until(lambda: len(stage.broker.retained) >= 6)

    assert [state["service"] for state in board["queues"]] == ["land", "result"]
    assert retained(stage, COUNTER_STATE, counter="c2")["status"] == "closed"
    assert retained(stage, SERVICE_STATE, service="land")["open"] is True


async def test_a_call_is_said_once_and_shown_on_its_counter_and_board(stage: Any) -> None:
    board = await stage.peer("board-1", CALLS)
    await stage.rig.issue()
    await stage.rig.act("open")
    stage.rig.clock.pass_seconds(1)
    await stage.rig.act("next")

    call = (await until(lambda: board.heard[CALLS.name]))[0]
    stage.rig.clock.pass_seconds(1)
    state = await until(
        lambda: (found := retained(stage, COUNTER_STATE, counter="c1")) and found["status"] == "calling" and found
    )
    shown = await until(lambda: (found := retained(stage, BOARD, zone="hall")) and found["calls"])

    assert (call.number, call.counter, call.recall) == ("A001", "c1", 0)
    assert (state["number"], state["waiting"]) == ("A001", 0)
    assert [one["id"] for one in shown] == [call.id]
    assert len(board.heard[CALLS.name]) == 1


async def test_a_topic_is_sent_at_most_ten_times_a_second_and_the_latest_wins(stage: Any) -> None:
    sign = await stage.peer("sign-1", COUNTER_STATE)
    await until(lambda: len(sign.heard[COUNTER_STATE.name]) >= 2)
    stage.rig.clock.pass_seconds(1)
    sign.heard[COUNTER_STATE.name].clear()

    await stage.rig.act("open")
    await until(lambda: sign.heard[COUNTER_STATE.name])
    for action in ("pause", "resume", "pause"):
        await stage.rig.act(action)
    before = [state.status for state in sign.heard[COUNTER_STATE.name] if state.counter == "c1"]
    stage.rig.clock.pass_seconds(0.2)
    states = await until(
        lambda: (found := [s.status for s in sign.heard[COUNTER_STATE.name] if s.counter == "c1"])[1:] and found
    )

    assert before == ["open"]
    assert states == ["open", "paused"]


async def test_what_says_the_same_is_not_sent_again(stage: Any) -> None:
    sign = await stage.peer("sign-1", COUNTER_STATE, SERVICE_STATE, BOARD)
    await until(lambda: len(sign.heard[COUNTER_STATE.name]) == 2 and len(sign.heard[SERVICE_STATE.name]) == 2)
    await until(lambda: sign.heard[BOARD.name])
    for channel in (COUNTER_STATE, SERVICE_STATE, BOARD):
        sign.heard[channel.name].clear()

    stage.rig.clock.pass_seconds(6)
    await stage.rig.act("open")
    await until(lambda: sign.heard[COUNTER_STATE.name])

    assert {state.counter for state in sign.heard[COUNTER_STATE.name]} == {"c1"}
    assert sign.heard[SERVICE_STATE.name] == []


async def test_after_a_break_everything_is_said_again_and_young_calls_too(stage: Any) -> None:
    await stage.rig.issue()
    await stage.rig.issue()
    await stage.rig.act("open")
    await stage.rig.act("next")
    stage.rig.clock.pass_seconds(31)
    stage.broker.cut("controller")
    await stage.rig.act("next")
    stage.broker.retained.clear()
    board = await stage.peer("board-1", CALLS)

    stage.broker.mend("controller")
    call = (await until(lambda: board.heard[CALLS.name]))[0]
    state = await until(lambda: retained(stage, COUNTER_STATE, counter="c1"))

    assert (call.number, state["number"]) == ("A002", "A002")
    assert [one.number for one in board.heard[CALLS.name]] == ["A002"]
    assert stage.counts.dropped["old_call"] >= 1


async def test_a_store_that_was_away_ends_nothing(stage: Any) -> None:
    await stage.rig.act("open")
    stage.rig.clock.pass_seconds(1)
    stage.rig.store.away = True
    with pytest.raises(RefusedError):
        await stage.rig.act("pause")
    stage.rig.clock.pass_seconds(6)
    with pytest.raises(RefusedError):
        await stage.rig.engine.ask(lambda hall, _: hall.day)

    stage.rig.store.away = False
    await stage.rig.act("pause")
    stage.rig.clock.pass_seconds(6)

    await until(lambda: retained(stage, COUNTER_STATE, counter="c1")["status"] == "paused")


async def test_nobody_can_publish_for_the_controller(stage: Any) -> None:
    sign = await stage.peer("sign-1")

    await sign.link.publish(CALLS, None)
    tried = [refusal for refusal in stage.broker.refused if refusal.act == "publish"]

    assert [(refusal.name, refusal.topic) for refusal in tried] == [("sign-1", CALLS.topic(stage.broker.centre))]
