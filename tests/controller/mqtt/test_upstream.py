"""The journal on its way to the province."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from broker.contract.channels import EVENT
from controller.mqtt import upstream


async def until(what: Any, seconds: float = 5.0) -> Any:
    async with asyncio.timeout(seconds):
        while not (found := what()):  # noqa: ASYNC110 - anything may be waited for
            await asyncio.sleep(0.001)
    return found


def heard(stage: Any) -> list[tuple[int, str]]:
    return [(event["seq"], event["type"]) for event in stage.said]


@pytest.fixture
async def listening(stage: Any) -> Any:
    stage.said = []
    topic, carry = EVENT.topic(stage.broker.centre), stage.broker.carry

    def overhear(sender: Any, to: str, raw: bytes, *, retain: bool) -> None:
        if to == topic:
            stage.said.append(json.loads(raw))
        carry(sender, to, raw, retain=retain)

    stage.broker.carry = overhear
    return stage


@pytest.fixture
async def read(listening: Any) -> Any:
    await listening.read_upstream()
    return listening


async def test_facts_go_up_in_order_without_what_is_personal(read: Any) -> None:
    listening = read
    data = listening.configuration.current().data | {"upstream": {}}
    await listening.configuration.publish(data, expected=1)
    ticket = await listening.rig.issue(dossier="H26-000123")
    await listening.rig.act("open")
    await until(lambda: len(listening.said) == 3)

    assert heard(listening) == [(1, "config_published"), (2, "issued"), (3, "counter_opened")]
    assert ticket["token"] not in json.dumps(listening.said)
    assert "H26-000123" not in json.dumps(listening.said)
    assert listening.said[1]["centre"] == "hall-a"
    assert (listening.said[1]["epoch"], listening.said[1]["config"]) == (1, 2)


async def test_nothing_is_left_out_while_the_broker_is_away(read: Any) -> None:
    listening = read
    data = listening.configuration.current().data | {"upstream": {}}
    await listening.configuration.publish(data, expected=1)
    await until(lambda: len(listening.said) == 1)
    listening.broker.cut("controller")
    for _ in range(3):
        await listening.rig.issue()

    listening.broker.mend("controller")
    await until(lambda: {seq for seq, _ in heard(listening)} == {1, 2, 3, 4})

    assert [seq for seq, _ in heard(listening)] == sorted(seq for seq, _ in heard(listening))


async def test_the_mark_does_not_move_until_somebody_reads(listening: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "READER_S", 0.01)
    data = listening.configuration.current().data | {"upstream": {}}
    await listening.configuration.publish(data, expected=1)
    for _ in range(3):
        await listening.rig.issue()
    await until(lambda: len(listening.said) > 2)

    assert {seq for seq, _ in heard(listening)} == {1}
    assert await listening.rig.store.mark(upstream.MARK) is None
    await listening.read_upstream()
    await until(lambda: {seq for seq, _ in heard(listening)} == {1, 2, 3, 4})


async def test_without_it_nothing_is_published(stage: Any) -> None:
    await stage.rig.issue()
    await stage.rig.engine.ask(lambda hall, _: hall.day)

    assert stage.link.counts.sent[EVENT.name] == 0
