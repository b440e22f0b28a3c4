"""What devices see and get while the controller's clock is not believed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from broker.contract.channels import BOARD, CALLS, CONTROLLER_STATE, SERVICE_STATE
from broker.contract.times import parse_instant
from tests.controller.mqtt.test_command_sender import commands, printing
from tests.controller.mqtt.test_publisher import retained, until

YEAR_2036 = parse_instant("2036-03-06T08:00:00+07:00")


@pytest.fixture(autouse=True)
def _beats_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("controller.mqtt.heartbeat.BEAT_S", 0.005)


def heartbeat(stage: Any) -> Any:
    raw = stage.broker.retained.get(CONTROLLER_STATE.topic("hall-a"))
    return json.loads(raw) if raw else None


async def test_requests_and_presses_are_to_be_tried_again_and_nothing_is_written(stage: Any) -> None:
    kiosk, keypad = await stage.peer("kiosk-1"), await stage.peer("keypad-1")
    await kiosk.request("issue", service="land")
    before = await stage.rig.store.events(0, 100)

    stage.rig.clock.at = YEAR_2036
    replies = [
        await kiosk.request("issue", service="land"), await kiosk.request("time"), await keypad.press("next"),
    ]  # fmt: skip

    assert [reply["error"]["code"] for reply in replies] == ["try_again"] * 3
    assert await stage.rig.store.events(0, 100) == before


async def test_devices_are_told_that_nobody_is_there_and_never_the_held_time(stage: Any) -> None:
    await until(lambda: (found := heartbeat(stage)) and found["online"])

    stage.rig.clock.at = YEAR_2036
    held = await until(lambda: (found := heartbeat(stage)) and not found["online"] and found)
    stage.rig.clock.at = parse_instant("2026-11-23T08:01:00+07:00")
    released = await until(lambda: (found := heartbeat(stage)) and found["online"] and found)

    assert held.get("at") is None
    assert released["at"] == "2026-11-23T01:01:00.000+00:00"


async def test_services_are_shown_closed_without_a_wait_until_it_is_released(stage: Any) -> None:
    await until(lambda: retained(stage, SERVICE_STATE, service="land"))

    stage.rig.clock.at = YEAR_2036
    stage.rig.clock.seconds += 6
    stage.devices._publisher._woken.set()
    shut = await until(
        lambda: (found := retained(stage, SERVICE_STATE, service="land")) and not found["open"] and found
    )
    board = await until(
        lambda: (found := retained(stage, BOARD, zone="hall")) and not found["queues"][0]["open"] and found
    )
    stage.rig.clock.at = parse_instant("2026-11-23T08:01:00+07:00")
    stage.rig.clock.seconds += 6
    stage.devices._publisher._woken.set()

    assert shut["wait"] is None
    assert [queue["open"] for queue in board["queues"]] == [False, False]
    await until(lambda: retained(stage, SERVICE_STATE, service="land")["open"])


async def test_no_slip_of_before_is_printed_and_no_call_repeated(open_stage: Any, rig: Any) -> None:
    stage = await open_stage()
    kiosk, printer, _, command = await printing(stage)
    board = await stage.peer("board-1", CALLS)
    await rig.act("open")
    await rig.act("next")
    await until(lambda: board.heard[CALLS.name])

    rig.clock.at = YEAR_2036
    rig.clock.seconds += 6
    await stage.devices._publisher._connected()
    stage.devices.commands._send_due()
    await printer.result(command.id, ok=True)
    await kiosk.request("time")

    assert len(board.heard[CALLS.name]) == 1
    assert commands(printer, "print") == [command]
    assert [sent.id for sent in await rig.store.outbox() if sent.op == "print"] == [command.id]
