"""What every device does: says that it is there, takes its configuration, does each command once."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from broker.contract.channels import CONTROLLER_STATE, REPLY
from broker.contract.payloads import Command, ControllerState, DeviceState, Kind, Result
from broker.link.memory_link import MemoryBroker, MemoryLink
from devices.base.command_log import CommandLog
from devices.base.controller_clock import ControllerClock
from devices.base.device import Answer, Device
from tests.support.device_centre import ID, PATIENCE_S, Centre, HandClock

if TYPE_CHECKING:
    from pathlib import Path

    from broker.link.link import Message


async def test_a_device_is_born_with_its_kind_version_session_and_time(centre: Centre) -> None:
    device = centre.device()
    centre.tasks.append(asyncio.create_task(device.run()))

    assert await centre.state() == DeviceState(
        online=True, session=device.link.session, kind=Kind.PRINTER, version="1.0", at=1_000_000, detail={}
    )


async def test_a_heartbeat_repeats_the_state(centre: Centre) -> None:
    device = centre.device(heartbeat_s=0.005)
    await centre.run(device)
    centre.clock.instant = 2_000_000

    while (state := await centre.state()).at != 2_000_000:
        pass
    assert state.session == device.link.session


async def test_a_detail_is_told_when_it_changes_and_only_then(centre: Centre) -> None:
    device = centre.device()
    await centre.run(device)
    await device.detail(printer="ok")
    await device.detail(printer="ok")
    await device.detail(printer="paper_out")
    await device.detail(printer=None)

    assert [(await centre.state()).detail for _ in range(3)] == [{"printer": "ok"}, {"printer": "paper_out"}, {}]
    assert centre.states.empty()


async def test_a_command_is_done_once_and_every_repeat_gets_the_first_answer_also_after_a_restart(
    centre: Centre,
) -> None:
    done = list[str]()

    async def work(command: Command) -> Answer:
        done.append(command.id)
        return Answer(ok=False, error="paper_out")

    device = centre.device()
    device.on_command("print", work)
    running = await centre.run(device)
    for _ in range(2):
        centre.command(1, "print")
        assert await centre.result() == Result(id=ID.format(1), ok=False, error="paper_out")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await centre.state()

    again = centre.device()
    again.on_command("print", work)
    await centre.run(again)
    centre.command(1, "print")
    assert await centre.result() == Result(id=ID.format(1), ok=False, error="paper_out")

    assert done == [ID.format(1)]


async def test_a_repeat_that_comes_while_the_work_is_going_on_starts_nothing(centre: Centre) -> None:
    gate, done = asyncio.Event(), list[str]()

    async def work(command: Command) -> Answer:
        done.append(command.id)
        await gate.wait()
        return Answer(ok=True)

    device = centre.device()
    device.on_command("print", work)
    await centre.run(device)
    centre.command(1, "print")
    centre.command(1, "print")
    centre.command(2, "unheard-of")
    assert await centre.result() == Result(id=ID.format(2), ok=False, error="unknown_op")
    gate.set()
    assert await centre.result() == Result(id=ID.format(1), ok=True)

    assert done == [ID.format(1)]


async def test_an_interim_answer_is_followed_by_the_final_one(centre: Centre) -> None:
    async def work(_: Command) -> Answer:
        return Answer(None)

    device = centre.device()
    device.on_command("print", work)
    await centre.run(device)
    centre.command(1, "print")
    assert await centre.result() == Result(id=ID.format(1), ok=None)
    await device.settle(ID.format(1), Answer(ok=True))
    assert await centre.result() == Result(id=ID.format(1), ok=True)
    centre.command(1, "print")
    assert await centre.result() == Result(id=ID.format(1), ok=True)


async def test_a_command_that_a_crash_interrupted_is_answered_as_unknown_or_resumed(centre: Centre) -> None:
    log = CommandLog(centre.data / "handled.jsonl")
    log.begin(ID.format(1), 1)
    log.begin(ID.format(2), 1)
    resumed = list[str]()

    async def never(_: Command) -> Answer:
        raise AssertionError("done twice")

    async def resume(command: Command) -> Answer:
        resumed.append(command.id)
        return Answer(ok=True)

    device = centre.device()
    device.on_command("print", never)
    device.on_command("printed", never, resume=resume)
    await centre.run(device)
    centre.command(1, "print")
    assert await centre.result() == Result(id=ID.format(1), ok=None, error="unknown")
    centre.command(2, "printed")
    assert await centre.result() == Result(id=ID.format(2), ok=True)
    assert resumed == [ID.format(2)]


async def test_a_handler_that_fails_leaves_the_outcome_unknown(centre: Centre) -> None:
    async def broken(_: Command) -> Answer:
        raise RuntimeError("broken on purpose")

    device = centre.device()
    device.on_command("print", broken)
    await centre.run(device)
    centre.command(1, "print")
    assert await centre.result() == Result(id=ID.format(1), ok=None, error="failed")


async def test_restart_is_answered_first_and_never_repeated(centre: Centre) -> None:
    running = await centre.run(centre.device())
    centre.command(1, "restart")
    assert await centre.result() == Result(id=ID.format(1), ok=True)
    await asyncio.wait_for(running, PATIENCE_S)
    await centre.state()

    again = await centre.run(centre.device())
    centre.command(1, "restart")
    assert await centre.result() == Result(id=ID.format(1), ok=True)
    centre.command(2, "identify")
    assert await centre.result() == Result(id=ID.format(2), ok=True)
    assert not again.done()


async def test_a_retained_command_is_dropped(centre: Centre) -> None:
    raw = json.dumps({"id": ID.format(1), "op": "restart", "ttl_s": 5}).encode()
    centre.broker.inject("luot/v1/c/device/printer-1/command", raw, retain=True)
    await centre.run(centre.device())
    centre.command(2, "identify")

    assert await centre.result() == Result(id=ID.format(2), ok=True)


@pytest.mark.parametrize(("own", "expected"), [(5, 70_000), (90_000, 90_000)])
async def test_what_a_controller_left_behind_sets_no_clock_back(centre: Centre, own: int, expected: int) -> None:
    await centre.link.publish(CONTROLLER_STATE, ControllerState(online=True, session="gone", at=70_000))
    clock, up = HandClock(instant=own), asyncio.Event()
    link: MemoryLink = centre.broker.link("printer-1")
    controller = ControllerClock(link, clock)

    async def heard(_: Message[ControllerState]) -> None:
        up.set()

    link.on(CONTROLLER_STATE, heard)
    centre.tasks.append(asyncio.create_task(link.run()))
    await asyncio.wait_for(up.wait(), PATIENCE_S)
    clock.real = centre.clock.real

    assert (controller.now(), controller.alive) == (expected, False)


async def test_the_controllers_time_is_known_from_its_live_state_and_goes_stale_after_15_s(centre: Centre) -> None:
    clock = HandClock(instant=5)
    link: MemoryLink = centre.broker.link("printer-1")
    controller, first, up = ControllerClock(link, clock), asyncio.Event(), asyncio.Event()

    async def known() -> None:
        first.set()

    async def connected() -> None:
        up.set()

    link.on_connect(connected)

    controller.on_first(known)
    assert (controller.now(), controller.alive, controller.known) == (5, False, False)
    centre.tasks.append(asyncio.create_task(link.run()))
    await asyncio.wait_for(up.wait(), PATIENCE_S)
    await centre.link.publish(CONTROLLER_STATE, ControllerState(online=True, session="s", at=70_000))
    await asyncio.wait_for(first.wait(), PATIENCE_S)
    received = centre.clock.real
    clock.real = received + 14.5

    assert (controller.alive, controller.known, controller.now()) == (True, True, 84_500)
    clock.real = received + 15.0
    assert not controller.alive


async def test_a_disk_that_takes_nothing_keeps_no_command_from_being_done_once(centre: Centre) -> None:
    done = list[str]()

    async def work(command: Command) -> Answer:
        done.append(command.id)
        return Answer(ok=True)

    device = centre.device()
    device.on_command("print", work)
    await centre.run(device)
    (centre.data / "handled.jsonl").unlink(missing_ok=True)
    (centre.data / "handled.jsonl").mkdir()
    for _ in range(2):
        centre.command(1, "print")
        assert (await centre.result()).ok is True
    assert done == [ID.format(1)]


async def test_a_kind_that_asks_nothing_does_not_even_listen_for_replies(tmp_path: Path) -> None:
    link = MemoryBroker("c", HandClock()).link("sign-1")

    sign = Device(link, HandClock(), Kind.SIGN, "1", tmp_path)

    assert REPLY.filter("c", device="sign-1") not in link._board.filters()
    with pytest.raises(ValueError, match="asks the controller for nothing"):
        _ = sign.requester
