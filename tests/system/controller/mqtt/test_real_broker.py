"""The same door on a real Mosquitto: one turn from the number to the call."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.channels import CALLS, COUNTER_STATE, REPLY, REQUEST
from broker.contract.payloads import Kind, Request
from broker.link.address import Address
from broker.link.mqtt_link import MqttLink
from broker.runtime.clock import SystemClock
from broker.server.mosquitto import Mosquitto
from broker.server.provision import Provisioner
from controller.mqtt.adapter import MqttAdapter
from controller.mqtt.dependencies import MqttDependencies
from controller.services.configuration import Configuration
from controller.services.counts import Counts
from controller.services.devices.presence import Presence
from controller.services.engine.ids import RandomIds
from controller.services.engine.supervision import Supervisor
from controller.services.journal.set_aside import QuarantinedRows

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.system


async def until(what: Any, seconds: float = 10.0) -> Any:
    async with asyncio.timeout(seconds):
        while not (found := what()):  # noqa: ASYNC110 - anything may be waited for
            await asyncio.sleep(0.005)
    return found


async def end(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_number_is_issued_called_and_shown(rig: Any, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        broker = await stack.enter_async_context(Mosquitto(tmp_path / "broker", "hall-a"))
        address, clock = Address(broker.host, broker.port), SystemClock()
        link = MqttLink(address, "hall-a", "controller", broker.password, clock)
        provisioner = Provisioner(link)
        configuration = Configuration(rig.engine, rig.clock)
        await configuration.start(await rig.store.version(1))
        devices = MqttAdapter(
            MqttDependencies(
                link=link, engine=rig.engine, store=rig.store, configuration=configuration, clock=rig.clock,
                presence=Presence(rig.clock), procedures=rig.procedures, day_key=rig.day_key, counts=Counts(),
                ids=RandomIds(), aside=QuarantinedRows(), supervisor=Supervisor(rig.clock), version="test",
            )
        )  # fmt: skip
        await devices.open([])
        for work in (link.run(), devices.run()):
            stack.push_async_callback(end, asyncio.ensure_future(work))
        await until(lambda: link.connected)
        await provisioner.grant("kiosk-2", Kind.KIOSK, "a kiosk's password")
        kiosk = MqttLink(address, "hall-a", "kiosk-2", "a kiosk's password", clock)
        heard: dict[str, list[Any]] = {}
        for channel, segments in ((REPLY, {"device": "kiosk-2"}), (CALLS, {}), (COUNTER_STATE, {})):
            kiosk.on(channel, keeper(heard.setdefault(channel.name, [])), **segments)
        stack.push_async_callback(end, asyncio.ensure_future(kiosk.run()))
        await until(lambda: kiosk.connected)

        asked = Request.model_validate({"id": RandomIds().new_id(), "op": "issue", "service": "land"})
        await kiosk.publish(REQUEST, asked, device="kiosk-2")
        reply = (await until(lambda: heard[REPLY.name]))[0]
        await rig.act("open")
        await rig.act("next")
        call = (await until(lambda: heard[CALLS.name]))[0]

        assert reply.result["ticket"]["number"] == call.number == "A001"


def keeper(kept: list[Any]) -> Any:
    async def keep(message: Any) -> None:
        kept.append(message.payload)

    return keep
