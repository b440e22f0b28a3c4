"""What only the real link does: it keeps to the protocol's limits, and one controller gives way to another."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from broker.contract.channels import CALLS, CONTROLLER_STATE
from broker.contract.payloads import ControllerState
from broker.link.address import Address
from broker.link.backoff import Backoff
from broker.link.link import LinkDown, LinkRefused
from broker.link.mqtt_link import MqttLink
from broker.link.split_brain import NEWCOMER_S, Rival
from broker.runtime.clock import SystemClock
from broker.server.mosquitto import free_port

if TYPE_CHECKING:
    from broker.server.mosquitto import Mosquitto

PATIENCE_S = 10.0


def controller(broker: Mosquitto) -> MqttLink:
    return MqttLink(Address(broker.host, broker.port), "quang-ngai", "controller", broker.password, SystemClock())


async def up(link: MqttLink) -> asyncio.Task[None]:
    connected = asyncio.Event()

    async def hear() -> None:
        connected.set()

    link.on_connect(hear)
    running = asyncio.create_task(link.run())
    async with asyncio.timeout(PATIENCE_S):
        await connected.wait()
    return running


async def down(running: asyncio.Task[None]) -> None:
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_the_socket_sends_without_delay(mosquitto: Mosquitto) -> None:
    link = controller(mosquitto)
    running = await up(link)
    assert link._client is not None
    plain = link._client._client.socket()

    assert isinstance(plain, socket.socket)
    assert plain.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
    await down(running)


async def test_the_second_controller_gives_way_to_the_first(mosquitto: Mosquitto) -> None:
    first, second = controller(mosquitto), controller(mosquitto)
    running = await up(first)
    assert first._rival.since is not None
    first._rival.since -= NEWCOMER_S + 1

    async def tell() -> None:
        await first.publish(CONTROLLER_STATE, ControllerState(online=True, session=first.session))

    first.on_connect(tell)
    with pytest.raises(LinkRefused, match="another controller"):
        await asyncio.wait_for(second.run(), PATIENCE_S)
    assert not running.done()
    await down(running)


@pytest.mark.parametrize("name", ["controller", "sign-1"])
async def test_a_wrong_password_names_the_setting_of_the_controllers(mosquitto: Mosquitto, name: str) -> None:
    link = MqttLink(Address(mosquitto.host, mosquitto.port), "quang-ngai", name, "wrong", SystemClock())

    with pytest.raises(LinkRefused) as refused:
        await asyncio.wait_for(link.run(), PATIENCE_S)
    assert f"does not let {name} in: its password" in str(refused.value)
    assert ("LUOT_MQTT_PASSWORD" in str(refused.value)) == (name == "controller")


async def test_a_controller_that_starts_again_is_not_taken_for_another(mosquitto: Mosquitto) -> None:
    former = controller(mosquitto)
    running = await up(former)
    await former.publish(CONTROLLER_STATE, ControllerState(online=True, session=former.session))
    await down(running)
    link = controller(mosquitto)
    running = await up(link)
    await link.publish(CONTROLLER_STATE, ControllerState(online=True, session=link.session))

    assert link.connected
    await down(running)


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
    with pytest.raises(LinkDown):
        await link.publish(CALLS, None)


def test_the_newcomer_gives_way_only_when_somebody_came_between() -> None:
    rival = Rival()
    rival.connected("one", 100.0)
    assert not rival.is_another("of a run before")
    rival.connected("two", 101.0)

    assert not rival.is_another("one")
    assert rival.is_another("somebody's")
    assert rival.gives_way(101.0)
    assert not rival.gives_way(100.0 + NEWCOMER_S + 0.1)


async def test_the_broker_dying_is_survived_by_both(mosquitto: Mosquitto) -> None:
    link = controller(mosquitto)
    running = await up(link)
    again = asyncio.Event()

    async def hear() -> None:
        again.set()

    link.on_connect(hear)
    assert mosquitto._process is not None
    mosquitto._process.kill()
    async with asyncio.timeout(PATIENCE_S):
        await again.wait()
    await link.publish(CONTROLLER_STATE, ControllerState(online=True, session=link.session))

    assert link.counts.reconnects == 1
    await down(running)
