"""A device that floods is dropped unread, suspended for 30 s, and comes back; nobody else waits for it."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.channels import REPLY, REQUEST
from broker.link.link import LinkDownError
from broker.link.memory_link import MemoryBroker
from broker.server.provision import ControlRefusedError
from controller.domain.centre.centre import parse_centre
from controller.mqtt.flood_guard import FLOOD_RATE, LATE_S, SUSPENDED_S, FloodGuard
from controller.services.counts import Counts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CENTRE = "hall-a"


async def until(what: Any, seconds: float = 10.0) -> Any:
    async with asyncio.timeout(seconds):
        while not (found := what()):  # noqa: ASYNC110 - anything may be waited for
            await asyncio.sleep(0.001)
    return found


class Broker:
    """Notes who is suspended, and fails as told."""

    def __init__(self) -> None:
        self.suspended: set[str] = set()
        self.calls: list[str] = []
        self.managed = True
        self.fault: Exception | None = None

    async def suspend(self, device: str) -> bool:
        self.calls.append(f"suspend {device}")
        if self.fault:
            raise self.fault
        self.suspended |= {device} if self.managed else set()
        return self.managed

    async def resume(self, device: str) -> None:
        self.calls.append(f"resume {device}")
        if self.fault:
            raise self.fault
        self.suspended.discard(device)


class Guard:
    """Floods under test, without a controller around."""

    def __init__(self, clock: Any, small_centre: Any) -> None:
        self.clock, self.broker, self.counts = clock, Broker(), Counts()
        centre = parse_centre(small_centre)
        link = MemoryBroker(CENTRE, clock).link("controller")
        self.floods = FloodGuard(link, self.broker, clock, self.counts, lambda: centre)

    def send(self, device: str, count: int, channel: str = "request") -> int:
        """Have messages arrive; return how many are read."""
        return sum(self.floods.admits(f"luot/v1/{CENTRE}/device/{device}/{channel}") for _ in range(count))


@pytest.fixture
async def guard(hand_clock: Any, small_centre: Any) -> AsyncIterator[Guard]:
    made = Guard(hand_clock, small_centre)
    running = asyncio.create_task(made.floods.run())
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_500_messages_a_second_are_read_and_suspend_nobody(guard: Guard) -> None:
    for _ in range(20):
        assert guard.send("kiosk-1", int(FLOOD_RATE)) == FLOOD_RATE
        guard.clock.pass_seconds(1)

    assert guard.broker.calls == []


async def test_a_flood_is_cut_off_at_once_and_its_sender_suspended_for_30_seconds(guard: Guard) -> None:
    read = guard.send("kiosk-1", 5000)
    await until(lambda: guard.broker.suspended == {"kiosk-1"})
    on_its_way = guard.send("kiosk-1", 100)
    guard.clock.pass_seconds(SUSPENDED_S - 1)
    assert guard.counts.suspended == {"kiosk-1"}
    guard.clock.pass_seconds(1)
    await until(lambda: guard.broker.suspended == set())
    await until(lambda: guard.counts.suspended == set())

    assert (read, on_its_way) == (FLOOD_RATE, 0)
    assert guard.send("kiosk-1", 10) == 10
    assert (guard.counts.floods, guard.broker.calls) == ({"kiosk-1": 1}, ["suspend kiosk-1", "resume kiosk-1"])


async def test_all_topics_of_a_device_count_together_and_those_of_others_apart(guard: Guard) -> None:
    assert guard.send("kiosk-1", 300, "request") + guard.send("kiosk-1", 300, "state") == FLOOD_RATE
    assert guard.send("kiosk-2", 300, "state") == 300


async def test_messages_of_unknown_devices_share_one_bucket_and_suspend_nobody(guard: Guard) -> None:
    assert sum(guard.send(f"stranger-{number}", 1) for number in range(2000)) == FLOOD_RATE
    await asyncio.sleep(0)

    assert guard.broker.calls == []


async def test_what_is_not_a_devices_is_always_read(guard: Guard) -> None:
    assert all(guard.floods.admits("$CONTROL/dynamic-security/v1/response") for _ in range(2000))
    assert all(guard.floods.admits(f"luot/v1/{CENTRE}/controller/state") for _ in range(2000))


async def test_at_an_unmanaged_broker_only_what_is_too_much_is_dropped(guard: Guard) -> None:
    guard.broker.managed = False
    guard.send("kiosk-1", 5000)
    await until(lambda: guard.counts.floods["kiosk-1"] == 1)
    guard.clock.pass_seconds(1)

    assert guard.send("kiosk-1", 5000) == FLOOD_RATE
    assert (guard.counts.suspended, guard.broker.calls) == (set(), ["suspend kiosk-1"])


async def test_a_suspension_that_the_broker_forgot_is_made_again(guard: Guard) -> None:
    guard.send("kiosk-1", 5000)
    await until(lambda: guard.counts.suspended)
    guard.clock.pass_seconds(LATE_S + 1)  # a broker that was restarted meanwhile let the device in
    guard.send("kiosk-1", 5000)
    await until(lambda: guard.counts.floods["kiosk-1"] == 2)
    guard.clock.pass_seconds(SUSPENDED_S)
    await until(lambda: not guard.counts.suspended)

    assert guard.broker.calls == ["suspend kiosk-1", "suspend kiosk-1", "resume kiosk-1"]


@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        (LinkDownError("away"), ["suspend kiosk-1", "resume kiosk-1"]),
        (ControlRefusedError("no such client"), ["suspend kiosk-1"]),
    ],
)
async def test_a_broker_that_fails_leaves_nobody_suspended_for_ever(
    guard: Guard, fault: Exception, calls: list[str]
) -> None:
    guard.broker.fault = fault
    guard.send("kiosk-1", 5000)
    await until(lambda: guard.counts.floods["kiosk-1"] == 1)
    guard.clock.pass_seconds(SUSPENDED_S)
    if isinstance(fault, LinkDownError):
        await until(lambda: guard.broker.calls[-1] == "resume kiosk-1")
    guard.broker.fault = None
    await until(lambda: not guard.counts.suspended)

    assert list(dict.fromkeys(guard.broker.calls)) == calls
    assert guard.send("kiosk-1", 10) == 10


async def test_another_kiosk_is_answered_while_one_floods(stage: Any) -> None:
    flooding, other = await stage.peer("kiosk-1"), await stage.peer("kiosk-2")
    raw = json.dumps({"id": str(uuid.uuid4()), "op": "time"}).encode()
    for _ in range(3000):
        stage.broker.inject(REQUEST.topic(stage.broker.centre, device="kiosk-1"), raw)

    assert (await other.request("issue", service="land"))["ok"]
    await until(lambda: not flooding.link.connected)
    assert stage.link.counts.unreadable["flood"] >= 2500
    assert len(flooding.heard[REPLY.name]) <= FLOOD_RATE
    stage.rig.clock.pass_seconds(SUSPENDED_S)
    await until(lambda: flooding.link.connected)
    assert (await flooding.request("time"))["ok"]
