"""Commands to devices: until a result, once, through a restart."""

from __future__ import annotations

import asyncio
from typing import Any

from broker.contract.channels import COMMAND


async def until(what: Any, seconds: float = 5.0) -> Any:
    async with asyncio.timeout(seconds):
        while not (found := what()):  # noqa: ASYNC110 - anything may be waited for
            await asyncio.sleep(0.001)
    return found


def commands(peer: Any, op: str) -> list[Any]:
    return [command for command in peer.heard[COMMAND.name] if command.op == op]


async def printing(stage: Any) -> tuple[Any, Any, dict[str, Any], Any]:
    kiosk, printer = await stage.peer("kiosk-1"), await stage.peer("printer-1")
    ticket = (await kiosk.request("issue", service="land"))["result"]["ticket"]
    command = (await until(lambda: commands(printer, "print")))[0]
    return kiosk, printer, ticket, command


async def slip(stage: Any, ticket: dict[str, Any]) -> str:
    state: str = await stage.rig.engine.ask(lambda hall, _: hall.tickets[ticket["id"]].slip.value)
    return state


async def test_a_slip_is_printed_and_the_kiosk_told(stage: Any) -> None:
    kiosk, printer, ticket, command = await printing(stage)

    await printer.result(command.id, ok=True)
    told = (await until(lambda: commands(kiosk, "printed")))[0]
    await kiosk.result(told.id, ok=True)
    await until(lambda: len(stage.devices.commands) == 0)

    assert command.model_extra["ticket"]["token"] == ticket["token"]
    assert command.model_extra["slip"]["qr"].endswith(f"/t/{ticket['token']}")
    assert told.model_extra == {"ticket": ticket["id"], "ok": True}
    assert await slip(stage, ticket) == "printed"
    assert await stage.rig.store.outbox() == []


async def test_a_command_is_repeated_every_five_seconds_with_its_id(stage: Any) -> None:
    _, printer, _, command = await printing(stage)

    stage.rig.clock.pass_seconds(5)
    again = (await until(lambda: commands(printer, "print")[1:]))[0]

    assert (again.id, again.model_extra) == (command.id, command.model_extra)


async def test_a_result_that_comes_twice_counts_once(stage: Any) -> None:
    kiosk, printer, _, command = await printing(stage)

    for _ in range(3):
        await printer.result(command.id, ok=False, error="paper_out")
    told = await until(lambda: commands(kiosk, "printed"))
    await until(lambda: stage.counts.dropped["unknown_result"] == 2)

    assert [one.model_extra["error"] for one in told] == ["paper_out"]
    assert stage.counts.prints["paper_out"] == 1


async def test_what_a_printer_writes_of_its_own_is_told_nobody_and_stands_in_no_journal(stage: Any) -> None:
    kiosk, printer, ticket, command = await printing(stage)

    await printer.result(command.id, ok=False, error="Nguyễn Văn Mẫu took the paper")
    told = (await until(lambda: commands(kiosk, "printed")))[0]

    assert told.model_extra == {"ticket": ticket["id"], "ok": False, "error": "offline"}
    assert stage.counts.prints == {"offline": 1}
    assert "took" not in repr(await stage.rig.store.events(0, 100))


async def test_a_result_of_another_device_counts_for_nothing(stage: Any) -> None:
    kiosk, _, ticket, command = await printing(stage)

    await kiosk.result(command.id, ok=True)
    await until(lambda: stage.counts.dropped["unknown_result"])

    assert await slip(stage, ticket) == "pending"


async def test_an_unknown_outcome_stays_open_for_its_final_one(stage: Any) -> None:
    kiosk, printer, ticket, command = await printing(stage)

    await printer.result(command.id, ok=None)
    await until(lambda: commands(kiosk, "printed"))
    undecided = await kiosk.request("reprint", token=ticket["token"])
    stage.rig.clock.pass_seconds(120)
    await printer.result(command.id, ok=True)
    told = await until(lambda: commands(kiosk, "printed")[1:])

    assert undecided["error"]["code"] == "bad_state"
    assert told[0].model_extra["ok"] is True
    assert len(commands(printer, "print")) == 1
    assert await slip(stage, ticket) == "printed"


async def test_a_silent_printer_leaves_the_slip_undecided(stage: Any) -> None:
    kiosk, _, ticket, _ = await printing(stage)

    stage.rig.clock.pass_seconds(61)
    told = await until(lambda: commands(kiosk, "printed"))

    assert told[0].model_extra["ok"] is None
    assert await slip(stage, ticket) == "pending"
    assert stage.counts.prints["silent"] == 1


async def test_a_result_that_could_not_be_written_is_taken_when_it_comes_again(stage: Any) -> None:
    kiosk, printer, ticket, command = await printing(stage)
    stage.rig.store.fail_before = 1

    await printer.result(command.id, ok=True)
    await until(lambda: not stage.rig.store.fail_before)
    await stage.rig.engine.ask(lambda hall, _: hall.day)
    await printer.result(command.id, ok=True)
    await until(lambda: commands(kiosk, "printed"))

    assert await slip(stage, ticket) == "printed"


async def test_commands_outlive_the_controller(open_stage: Any) -> None:
    stage = await open_stage()
    await stage.rig.issue(printer="printer-1")
    await until(lambda: len(stage.devices.commands))

    again = await open_stage()
    printer = await again.peer("printer-1")
    again.rig.clock.pass_seconds(5)

    assert (await until(lambda: commands(printer, "print")))[0].model_extra["ticket"]["number"] == "A001"


async def test_restart_is_sent_once_and_identify_until_answered(stage: Any) -> None:
    sign = await stage.peer("sign-1")

    await stage.devices.commands.send("sign-1", "restart", 30)
    await stage.devices.commands.send("sign-1", "identify", 30)
    await until(lambda: commands(sign, "identify"))
    stage.rig.clock.pass_seconds(5)
    await until(lambda: commands(sign, "identify")[1:])
    stage.rig.clock.pass_seconds(26)
    await until(lambda: len(stage.devices.commands) == 0)

    assert len(commands(sign, "restart")) == 1
