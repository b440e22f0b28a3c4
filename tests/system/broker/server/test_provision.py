"""Credentials are valid, or gone, when the call returns."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from broker.contract.access_list import device_access
from broker.contract.payloads import Kind
from broker.link.address import Address
from broker.link.link import LinkRefusedError
from broker.link.mqtt_link import MqttLink
from broker.runtime.clock import SystemClock
from broker.server.dynamic_security import create_user
from broker.server.mosquitto import SECURITY_FILE
from broker.server.provision import ControlRefusedError, Provisioner

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from broker.server.mosquitto import Mosquitto

pytestmark = pytest.mark.system
PATIENCE_S = 10.0


def link(broker: Mosquitto, name: str, password: str) -> MqttLink:
    return MqttLink(Address(broker.host, broker.port), "quang-ngai", name, password, SystemClock())


async def up(made: MqttLink) -> asyncio.Task[None]:
    connected = asyncio.Event()

    async def hear() -> None:
        connected.set()

    made.on_connect(hear)
    running = asyncio.create_task(made.run())
    waiting = asyncio.create_task(connected.wait())
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.wait((running, waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if running.done():
        running.result()
    return running


async def down(running: asyncio.Task[None]) -> None:
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def provisioner(mosquitto: Mosquitto) -> AsyncIterator[Provisioner]:
    made = link(mosquitto, "controller", mosquitto.password)
    found = Provisioner(made, own=True)
    running = await up(made)
    yield found
    await down(running)


async def test_a_password_is_valid_when_it_is_granted_and_the_one_before_no_more(
    mosquitto: Mosquitto, provisioner: Provisioner
) -> None:
    assert await provisioner.grant("sign-1", Kind.SIGN, "first")
    await down(await up(link(mosquitto, "sign-1", "first")))
    assert await provisioner.grant("sign-1", Kind.SIGN, "second")
    await down(await up(link(mosquitto, "sign-1", "second")))

    with pytest.raises(LinkRefusedError):
        await up(link(mosquitto, "sign-1", "first"))


async def test_a_device_that_is_revoked_cannot_sign_in_and_may_be_revoked_twice(
    mosquitto: Mosquitto, provisioner: Provisioner
) -> None:
    await provisioner.grant("sign-1", Kind.SIGN, "first")
    assert await provisioner.revoke("sign-1")
    assert await provisioner.revoke("sign-1")

    with pytest.raises(LinkRefusedError):
        await up(link(mosquitto, "sign-1", "first"))


async def test_the_controller_itself_is_never_revoked(mosquitto: Mosquitto, provisioner: Provisioner) -> None:
    assert await provisioner.revoke("controller")

    assert await provisioner.grant("sign-1", Kind.SIGN, "first")
    assert "controller" in (mosquitto.folder / SECURITY_FILE).read_text()


async def test_sync_names_the_missing_removes_strangers_changes_kinds_and_keeps_passwords(
    mosquitto: Mosquitto, provisioner: Provisioner
) -> None:
    await provisioner.grant("keeps", Kind.SIGN, "kept")
    await provisioner.grant("turns", Kind.SIGN, "turned")
    await provisioner.grant("goes", Kind.SIGN, "gone")
    many = [f"many-{number}" for number in range(300)]  # a list beyond max_packet_size
    keypads = [(one, device_access("quang-ngai", one, Kind.KEYPAD)) for one in many]
    await provisioner._change([command for one in keypads for command in create_user(*one, "kept")])
    devices = {"keeps": Kind.SIGN, "turns": Kind.KIOSK} | dict.fromkeys(many, Kind.BOARD)
    assert await provisioner.sync(devices | {"comes": Kind.BOARD}) == frozenset({"comes"})
    assert await provisioner.sync(devices) == frozenset()

    stored = json.loads((mosquitto.folder / SECURITY_FILE).read_text())
    roles = {role["rolename"]: {rule["topic"] for rule in role["acls"]} for role in stored["roles"]}
    assert {client["username"] for client in stored["clients"]} == {"controller", *devices}
    assert set(roles) == {"controller", *devices}
    assert "luot/v1/quang-ngai/device/turns/request" in roles["turns"]
    assert "luot/v1/quang-ngai/device/keeps/request" not in roles["keeps"]
    for name, password in (("keeps", "kept"), ("turns", "turned")):
        await down(await up(link(mosquitto, name, password)))


async def until_connected(made: MqttLink, *, expected: bool) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while made.connected is not expected:  # noqa: ASYNC110 - it tells it by its state
            await asyncio.sleep(0.005)


async def test_a_suspended_device_is_put_out_and_refused_until_it_may_come_back(
    mosquitto: Mosquitto, provisioner: Provisioner
) -> None:
    await provisioner.grant("sign-1", Kind.SIGN, "first")
    sign = link(mosquitto, "sign-1", "first")
    running = await up(sign)
    assert await provisioner.suspend("sign-1")
    await until_connected(sign, expected=False)
    await provisioner.sync({"sign-1": Kind.SIGN})
    with pytest.raises(LinkRefusedError):
        await up(link(mosquitto, "sign-1", "first"))

    await provisioner.resume("sign-1")
    await until_connected(sign, expected=True)
    await down(running)


async def test_a_controller_that_starts_lets_everybody_back_whom_another_had_suspended(
    mosquitto: Mosquitto, provisioner: Provisioner
) -> None:
    await provisioner.grant("sign-1", Kind.SIGN, "first")
    await provisioner.suspend("sign-1")
    provisioner._suspended.clear()  # what another process knows

    await provisioner.sync({"sign-1": Kind.SIGN})
    await down(await up(link(mosquitto, "sign-1", "first")))


async def test_a_role_that_a_power_cut_left_alone_is_no_obstacle(
    mosquitto: Mosquitto, provisioner: Provisioner
) -> None:
    await provisioner._ask([{"command": "createRole", "rolename": "sign-1", "acls": []}])
    assert await provisioner.grant("sign-1", Kind.SIGN, "first")

    await down(await up(link(mosquitto, "sign-1", "first")))


async def test_a_command_that_the_broker_refuses_says_which(provisioner: Provisioner) -> None:
    with pytest.raises(ControlRefusedError, match="deleteClient: Client not found"):
        await provisioner._ask([{"command": "deleteClient", "username": "nobody"}])
