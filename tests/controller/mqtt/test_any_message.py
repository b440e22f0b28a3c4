"""Whatever devices send, no handler fails, each readable id is answered, and the next number is given."""

from __future__ import annotations

import asyncio
import json
import random
import uuid
from typing import Any

from broker.contract.bounds import is_message_id
from broker.contract.channels import DEVICE_STATE, PRESS, REPLY, REQUEST, RESULT, Channel
from tests.support.examples import count_of

CASES = count_of(300, 20_000)
OPS = ["issue", "lookup", "cancel", "reprint", "rate", "time", "procedures", "dance", "", "\ud800"]
FIELDS = [
    "service", "priority", "lang", "dossier", "person", "offline", "token", "number", "visit", "score", "version",
    "reasons", "comment", "answers", "revision", "after", "at", "id", "op", "button", "for", "ok", "error", "online",
    "session", "kind", "detail", "printer",
]  # fmt: skip
VALUES: list[Any] = [
    None, True, False, 0, -1, 3, 10**30, -(10**30), 1e308, "", "land", "normal", "vi", "next", "open", "A001", "Z2-001",
    "printer-1", "sign-1", "x" * 64, "x" * 65, "x" * 5000, "\ud800", "a\udfffb", "\x00", "\n", "😀", "Máy in 1",
    "'; DROP TABLE journal; --", "2026-11-23T08:00:00+07:00", "0001-01-01T00:00:00Z", "offline-token-00000001",
    [], ["slow"], ["x" * 500], [None], {}, {"a": 1}, {"printer": "\ud800"}, {"refused": [{"number": 7}]},
    {"number": "Z2-001", "token": "offline-token-00000001", "at": "2026-11-23T08:00:00+07:00"},
    {"number": "Z2-" + "9" * 40, "token": "offline-token-00000002", "at": 0, "replaces": "\ud800"},
]  # fmt: skip
SENDERS: list[tuple[Channel[Any], str]] = [
    (REQUEST, "kiosk-2"), (REQUEST, "rater-1"), (PRESS, "keypad-1"), (RESULT, "printer-1"), (DEVICE_STATE, "kiosk-2"),
]  # fmt: skip


def message(chance: random.Random) -> dict[str, Any]:
    known = {"id": str(uuid.UUID(int=chance.getrandbits(128))), "op": chance.choice(OPS), "button": "next", "ok": True}
    known |= {"online": True, "session": "s"}
    wrong = {name: chance.choice(VALUES) for name in chance.sample(FIELDS, chance.randint(1, 8))}
    return {**known, **wrong}


async def test_any_field_of_any_message_may_hold_anything(stage: Any) -> None:
    chance = random.Random(20261130)  # noqa: S311 - the same messages at every run
    peers = {device: await stage.peer(device) for device in sorted({device for _, device in SENDERS})}
    asked: dict[str, set[str]] = {device: set() for device in peers}
    for number in range(CASES):
        channel, device = chance.choice(SENDERS)
        content = message(chance)
        if channel in (REQUEST, PRESS) and is_message_id(content["id"]):
            asked[device].add(content["id"])
        stage.broker.inject(channel.topic(stage.broker.centre, device=device), json.dumps(content).encode())
        if number % 20 == 19:
            stage.rig.clock.pass_seconds(1)
            await answered(peers, asked)

    await answered(peers, asked)
    assert stage.link.counts.failed == {}
    ticket = (await peers["kiosk-2"].request("issue", service="result"))["result"]["ticket"]
    assert ticket["number"].startswith("T")


async def answered(peers: dict[str, Any], asked: dict[str, set[str]]) -> None:
    async with asyncio.timeout(10):
        for device, ids in asked.items():
            replies = peers[device].heard[REPLY.name]
            while ids - {reply.id for reply in replies}:  # noqa: ASYNC110 - replies come in their own time
                await asyncio.sleep(0.001)
            ids.clear()
            replies.clear()
