"""A real link without a broker, and which of two controllers gives way; with one it is in `tests/system/broker`."""

from __future__ import annotations

import asyncio

import pytest
from typing_extensions import override

from broker.contract.channels import CALLS
from broker.link.address import Address
from broker.link.backoff import Backoff
from broker.link.link import LinkDownError
from broker.link.mqtt_link import MqttLink
from broker.link.split_brain import NEWCOMER_S, SplitBrainRule
from broker.runtime.clock import SystemClock
from broker.server.mosquitto import free_port

PATIENCE_S = 10.0


async def down(running: asyncio.Task[None]) -> None:
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


class Counting(Backoff):
    """Counts the pauses, and makes none."""

    def __init__(self) -> None:
        super().__init__()
        self.thrice = asyncio.Event()
        self.taken = 0

    @override
    def pause(self) -> float:
        super().pause()
        self.taken += 1
        if self.taken == 3:
            self.thrice.set()
        return 0.0


async def test_a_broker_that_is_not_there_is_told_once_and_tried_again() -> None:
    told: list[str] = []
    nobody = Address("127.0.0.1", free_port("127.0.0.1", 0))
    link = MqttLink(nobody, "quang-ngai", "sign-1", "x", SystemClock(), trouble=told.append)
    link._backoff = backoff = Counting()
    running = asyncio.create_task(link.run())
    async with asyncio.timeout(PATIENCE_S):
        await backoff.thrice.wait()
    await down(running)

    assert len(told) == 1
    assert "cannot be reached" in told[0]
    with pytest.raises(LinkDownError):
        await link.publish(CALLS, None)


def test_the_newcomer_gives_way_only_when_somebody_came_between() -> None:
    rival = SplitBrainRule()
    rival.connected("one", 100.0)
    assert not rival.is_another("of a run before")
    rival.connected("two", 101.0)

    assert not rival.is_another("one")
    assert rival.is_another("somebody's")
    assert rival.gives_way(101.0)
    assert not rival.gives_way(100.0 + NEWCOMER_S + 0.1)
