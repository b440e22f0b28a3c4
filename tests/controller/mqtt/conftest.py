"""The controller's door for devices on a broker in memory, with devices that are nothing but links."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.access_list import Access
from broker.contract.channels import COMMAND, EVENT, PRESS, REPLY, REQUEST, RESULT
from broker.contract.payloads import Press, Request, Result
from broker.link.memory_link import MemoryBroker
from controller.domain.centre.centre import parse_centre
from controller.mqtt.adapter import MqttAdapter
from controller.mqtt.dependencies import MqttDependencies
from controller.mqtt.heartbeat import AnotherControllerError
from controller.services.configuration import Configuration
from controller.services.counts import Counts
from controller.services.devices.presence import Presence
from controller.services.engine.ids import RandomIds
from controller.services.engine.supervision import Supervisor
from controller.services.journal.set_aside import QuarantinedRows

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from broker.contract.channels import Channel
    from broker.link.link import Link, Message

Json = dict[str, Any]


async def until(what: Callable[[], Any], seconds: float = 5.0) -> Any:
    """Look until something is there."""
    async with asyncio.timeout(seconds):
        while not (found := what()):  # noqa: ASYNC110 - anything may be waited for
            await asyncio.sleep(0.001)
    return found


@dataclass
class Peer:
    """A device as a stranger would write it: its link, and what it heard."""

    link: Link
    heard: dict[str, list[Any]] = field(default_factory=dict)

    def hear(self, channel: Channel[Any], **segments: str) -> None:
        """Keep what comes on a channel."""
        kept = self.heard.setdefault(channel.name, [])

        async def keep(message: Message[Any]) -> None:
            kept.append(message.payload)

        self.link.on(channel, keep, **segments)

    async def request(self, op: str, request: str | None = None, **fields: Any) -> Json:
        """Ask and wait for the answer."""
        asked = request or str(uuid.uuid4())
        before = len(self.heard[REPLY.name])
        await self.link.publish(
            REQUEST, Request.model_validate({"id": asked, "op": op, **fields}), device=self.link.name
        )
        return await self._answer(asked, before)

    async def press(self, button: str, press: str | None = None, **fields: Any) -> Json:
        """Press with an id and wait for the answer."""
        pressed = press or str(uuid.uuid4())
        before = len(self.heard[REPLY.name])
        said = Press.model_validate({"id": pressed, "button": button, **fields})
        await self.link.publish(PRESS, said, device=self.link.name)
        return await self._answer(pressed, before)

    async def result(self, command: str, *, ok: bool | None, error: str | None = None) -> None:
        """Tell what became of a command."""
        await self.link.publish(RESULT, Result(id=command, ok=ok, error=error), device=self.link.name)

    async def _answer(self, asked: str, before: int) -> Json:
        replies = self.heard[REPLY.name]
        found = await until(lambda: [reply for reply in replies[before:] if reply.id == asked])
        answer: Json = found[0].model_dump(mode="json")
        return answer


@dataclass
class Stage:
    """A centre with its door open."""

    rig: Any
    broker: MemoryBroker
    link: Any
    devices: MqttAdapter
    configuration: Configuration
    presence: Presence
    counts: Counts
    stack: AsyncExitStack

    async def peer(self, name: str, *channels: Channel[Any]) -> Peer:
        """Connect a device that hears its replies, its commands and some channels of all."""
        peer = Peer(self.broker.link(name))
        peer.hear(REPLY, device=name)
        peer.hear(COMMAND, device=name)
        for channel in channels:
            peer.hear(channel)
        self.run(peer.link.run())
        await until(lambda: peer.link.connected)
        return peer

    async def read_upstream(self) -> None:
        """Have the province subscribe to the journal."""
        self.broker._access["province"] = Access(publish=(), hear=(EVENT.topic(self.broker.centre),))
        province = Peer(self.broker.link("province"))
        province.hear(EVENT)
        self.run(province.link.run())
        await until(lambda: province.link.connected)

    def run(self, work: Any) -> asyncio.Task[Any]:
        """Run something until the end of the test."""
        task: asyncio.Task[Any] = asyncio.ensure_future(work)
        self.stack.push_async_callback(_end, task)
        return task


async def _end(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def open_stage(rig: Any, small_centre: Json) -> AsyncIterator[Callable[[], Any]]:
    async with AsyncExitStack() as stack:

        async def start() -> Stage:
            centre = parse_centre(small_centre)
            broker = MemoryBroker(centre.id, rig.clock)
            for device in centre.device:
                broker.admit(device.id, device.kind)
            configuration = Configuration(rig.engine, rig.clock)
            await configuration.start(await rig.store.version(1))
            presence, counts, link = Presence(rig.clock), Counts(), broker.link("controller")
            devices = MqttAdapter(
                MqttDependencies(
                    link=link, engine=rig.engine, store=rig.store, configuration=configuration, presence=presence,
                    procedures=rig.procedures, day_key=rig.day_key, counts=counts, clock=rig.engine.guard,
                    ids=RandomIds(), aside=QuarantinedRows(counts.set_aside),
                    supervisor=Supervisor(rig.clock, counts.restarts, ends=(AnotherControllerError,)),
                    version="test", suspender=broker,
                )
            )  # fmt: skip
            await devices.open([])
            stage = Stage(rig, broker, link, devices, configuration, presence, counts, stack)
            stage.run(link.run())
            stage.run(devices.run())
            await until(lambda: link.connected)
            return stage

        yield start


@pytest.fixture
async def stage(open_stage: Callable[[], Any]) -> Any:
    return await open_stage()
