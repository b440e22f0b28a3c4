"""What only the real link does: it keeps to the protocol's limits, and one controller gives way to another."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import pytest

from broker.contract.channels import CONTROLLER_STATE
from broker.contract.payloads import ControllerState
from broker.link.address import Address
from broker.link.link import LinkRefusedError
from broker.link.mqtt_link import MqttLink
from broker.link.split_brain import NEWCOMER_S
from broker.runtime.clock import SystemClock

if TYPE_CHECKING:
    from broker.server.mosquitto import Mosquitto

pytestmark = pytest.mark.system
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
    with pytest.raises(LinkRefusedError, match="another controller"):
        await asyncio.wait_for(second.run(), PATIENCE_S)
    assert not running.done()
    await down(running)


@pytest.mark.parametrize("name", ["controller", "sign-1"])
async def test_a_wrong_password_names_the_setting_of_the_controllers(mosquitto: Mosquitto, name: str) -> None:
    link = MqttLink(Address(mosquitto.host, mosquitto.port), "quang-ngai", name, "wrong", SystemClock())

    with pytest.raises(LinkRefusedError) as refused:
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
