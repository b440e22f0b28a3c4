"""The controller says that it lives, and gives way to another that does."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from broker.contract.channels import CONTROLLER_STATE
from broker.link.memory_link import MemoryBroker
from controller.mqtt.heartbeat import AnotherControllerError, Heartbeat


async def until(what: Any, seconds: float = 5.0) -> Any:
    async with asyncio.timeout(seconds):
        while not (found := what()):  # noqa: ASYNC110 - anything may be waited for
            await asyncio.sleep(0.001)
    return found


@pytest.fixture
async def beating(hand_clock: Any) -> Any:
    broker = MemoryBroker("hall-a", hand_clock)
    link = broker.link("controller")
    heart = Heartbeat(link, hand_clock, "1.2.3")
    heart.open()
    tasks = [asyncio.ensure_future(link.run()), asyncio.ensure_future(heart.run())]
    await until(lambda: link.connected)
    yield broker, link, tasks[1]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def said(broker: MemoryBroker) -> Any:
    raw = broker.retained.get(CONTROLLER_STATE.topic("hall-a"))
    return json.loads(raw) if raw else None


async def test_it_says_at_once_that_it_lives(beating: Any) -> None:
    broker, link, _ = beating

    state = await until(lambda: said(broker))

    assert state == {
        "online": True, "session": link.session, "version": "1.2.3", "at": "2026-11-23T01:00:00.000+00:00",
    }  # fmt: skip


async def test_the_will_of_a_former_session_does_not_stand(beating: Any) -> None:
    broker, link, _ = beating
    await until(lambda: said(broker))

    broker.inject(CONTROLLER_STATE.topic("hall-a"), b'{"online": false, "session": "former"}', retain=True)
    state = await until(lambda: (found := said(broker)) and found["online"] and found)

    assert state["session"] == link.session


async def test_another_live_controller_ends_it(beating: Any) -> None:
    broker, _, heart = beating
    await until(lambda: said(broker))

    broker.inject(CONTROLLER_STATE.topic("hall-a"), b'{"online": true, "session": "stranger"}', retain=True)

    with pytest.raises(AnotherControllerError, match="another controller of hall-a is live"):
        await asyncio.wait_for(heart, 5)


async def test_what_a_former_controller_left_retained_ends_nothing(hand_clock: Any) -> None:
    broker = MemoryBroker("hall-a", hand_clock)
    broker.inject(CONTROLLER_STATE.topic("hall-a"), b'{"online": true, "session": "former"}', retain=True)
    link = broker.link("controller")
    heart = Heartbeat(link, hand_clock, "1")
    heart.open()
    running = [asyncio.ensure_future(link.run()), asyncio.ensure_future(heart.run())]

    await until(lambda: said(broker)["session"] == link.session)

    assert not running[1].done()
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
