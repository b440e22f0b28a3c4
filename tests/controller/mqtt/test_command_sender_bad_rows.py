"""Commands in the outbox that can never be sent are set aside: no loop ends, and their slips are reported."""

from __future__ import annotations

import json
import sqlite3
import uuid
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.channels import COMMAND
from controller.services.journal.ports import StoredCommand
from controller.store.database import FILE
from tests.controller.mqtt.test_command_sender import commands, slip, until

if TYPE_CHECKING:
    from controller.services.engine.engine import Commit


def insert(stage: Any, **changes: Any) -> str:
    """Put a command into the store as a former version or a damaged disk might have left it."""
    row = {
        "id": str(uuid.uuid4()), "device": "printer-1", "op": "print", "body": "{}", "ttl_s": 60,
        "at": stage.rig.clock.now(), "state": "sent",
    } | changes  # fmt: skip
    with closing(sqlite3.connect(stage.rig.folder / FILE)) as connection, connection:
        connection.execute(
            "INSERT INTO outbox VALUES (:id, :device, :op, CAST(:body AS TEXT), :ttl_s, :at, :state)", row
        )
    return str(row["id"])


def state_of(stage: Any, command: str) -> str:
    with closing(sqlite3.connect(stage.rig.folder / FILE)) as connection:
        return str(connection.execute("SELECT state FROM outbox WHERE id = ?", (command,)).fetchone()[0])


def body_of(ticket: dict[str, Any]) -> str:
    return json.dumps({"request": None, "ticket": ticket, "slip": {"copy": False}}, separators=(",", ":"))


BAD = {
    "no device": {"device": ""},
    "a device that is no level of a topic": {"device": "Máy in 1"},
    "an id that is no UUID": {"id": "17"},
    "a body that is no JSON": {"body": '{"ticket":'},
    "a body that is a list": {"body": "[]"},
    "bytes that are no text": {"body": b"\xff\xfe"},
    "a body with an op of its own": {"body": '{"op": 7}'},
    "a time to live of ages": {"ttl_s": 2**62},
    "an instant far ahead": {"at": 2**62},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD.keys())
async def test_a_row_that_can_never_be_sent_is_set_aside(open_stage: Any, changes: dict[str, Any]) -> None:
    stage = await open_stage()
    bad = insert(stage, **changes)

    again = await open_stage()
    await until(lambda: state_of(again, bad) == "set_aside")
    kiosk, printer = await again.peer("kiosk-1"), await again.peer("printer-1")
    answer = await kiosk.request("issue", service="land")

    assert answer["ok"] is True
    assert await until(lambda: commands(printer, "print"))
    assert again.counts.set_aside == {"outbox": 1}
    assert bad not in {sent.id for sent in await again.rig.store.outbox()}


@pytest.mark.parametrize("cut", [0, 40], ids=["whole", "cut short"])
async def test_the_slip_of_a_command_that_is_set_aside_is_reported_as_not_printed(open_stage: Any, cut: int) -> None:
    stage = await open_stage()
    ticket = await stage.rig.issue(printer="printer-1")
    await until(lambda: len(stage.devices.commands))
    (sent,) = await stage.rig.store.outbox()
    with closing(sqlite3.connect(stage.rig.folder / FILE)) as connection, connection:
        body = body_of(ticket)
        connection.execute(
            "UPDATE outbox SET body = ?, ttl_s = ? WHERE id = ?", (body[: len(body) - cut], 2**62, sent.id)
        )

    again = await open_stage()
    await until(lambda: state_of(again, sent.id) == "set_aside")
    kiosk = await again.peer("kiosk-1")
    again.rig.clock.pass_seconds(5)
    told = (await until(lambda: commands(kiosk, "printed")))[0]

    assert told.model_extra == {"ticket": ticket["id"], "ok": False, "error": "offline"}
    assert await slip(again, ticket) == "failed"


async def test_other_commands_are_sent_past_a_bad_one(stage: Any) -> None:
    sign = await stage.peer("sign-1")
    bad = StoredCommand(str(uuid.uuid4()), "", "identify", {}, 30, stage.rig.clock.now())

    await stage.rig.engine.do(None, also=lambda batch: batch.sent.append(bad))
    await stage.devices.commands.send("sign-1", "identify", 30)

    assert await until(lambda: commands(sign, "identify"))
    assert len(sign.heard[COMMAND.name]) == 1


async def test_a_command_is_set_aside_again_when_the_disk_did_not_take_it(stage: Any) -> None:
    bad = StoredCommand(str(uuid.uuid4()), "", "identify", {}, 30, stage.rig.clock.now())

    def break_disk(commit: Commit) -> None:
        stage.rig.store.fail_before = len(commit.batch.sent)

    leave = stage.rig.engine.listen(break_disk)
    await stage.rig.engine.do(None, also=lambda batch: batch.sent.append(bad))
    leave()
    await until(lambda: not stage.rig.store.fail_before)
    stage.rig.clock.pass_seconds(5)

    await until(lambda: state_of(stage, bad.id) == "set_aside")


async def test_a_command_that_was_set_aside_is_deleted_after_thirty_days(stage: Any) -> None:
    bad = insert(stage, state="set_aside")

    await stage.rig.store.purge(stage.rig.clock.now() + 29 * 24 * 3600 * 1000)
    kept = state_of(stage, bad)
    await stage.rig.store.purge(stage.rig.clock.now() + 31 * 24 * 3600 * 1000)

    assert kept == "set_aside"
    with pytest.raises(TypeError):
        state_of(stage, bad)
