"""The MQTT side of a controller: everything of this package on one link."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from controller.mqtt.command_sender import CommandSender
from controller.mqtt.device_registry import DeviceRegistry
from controller.mqtt.flood_guard import FloodGuard
from controller.mqtt.gateway import Gateway
from controller.mqtt.heartbeat import Heartbeat
from controller.mqtt.op_handlers import OpHandlers
from controller.mqtt.publisher import Publisher
from controller.mqtt.upstream import Upstream
from controller.services.requests.issue import OUTAGES, Outages

if TYPE_CHECKING:
    from broker.link.link import Link
    from broker.runtime.clock import Clock
    from controller.domain.centre.centre import Centre
    from controller.mqtt.flood_guard import Suspender
    from controller.services.configuration import Configuration
    from controller.services.counts import Counts
    from controller.services.day_key import DayKey
    from controller.services.devices.presence import Presence
    from controller.services.engine.engine import Engine
    from controller.services.engine.supervision import Supervisor
    from controller.services.journal.ports import Ids, Store
    from controller.services.journal.set_aside import SetAside
    from controller.services.procedures import Procedures


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttDependencies:
    """What the MQTT adapter needs of the controller."""

    link: Link
    engine: Engine
    store: Store
    configuration: Configuration
    presence: Presence
    procedures: Procedures
    day_key: DayKey
    counts: Counts
    clock: Clock
    ids: Ids
    aside: SetAside
    supervisor: Supervisor
    version: str
    suspender: Suspender | None = None
    """None where no broker can suspend a device: what it floods is only dropped."""


class MqttAdapter:
    """Receives, replies, publishes and sends commands for the devices of one centre."""

    def __init__(self, deps: MqttDependencies) -> None:
        link, engine, store, clock = deps.link, deps.engine, deps.store, deps.clock
        self._deps = deps
        self._outages = Outages(dict(engine.answered_at))
        handlers = OpHandlers(engine, store, clock, self._outages, deps.procedures, deps.day_key)
        self._gateway = Gateway(link, engine, handlers, clock, deps.counts, deps.configuration.centre)
        self._publisher = Publisher(link, engine, clock, deps.counts)
        self.commands = CommandSender(link, engine, store, clock, deps.counts, deps.ids)
        self._registry = DeviceRegistry(
            link, deps.configuration, deps.presence, deps.procedures, self._publisher, deps.counts
        )
        self._heartbeat = Heartbeat(link, clock, deps.version, lambda: engine.guard.held is not None)
        self._flood_guard = FloodGuard(link, deps.suspender, clock, deps.counts, deps.configuration.centre)
        self._upstream = Upstream(link, engine, store, deps.configuration.centre().id, deps.aside)

    async def open(self, former: list[Centre]) -> None:
        """Subscribe to devices and commits; `former` are configurations whose retained topics may linger."""
        self._outages.recall(await self._deps.store.mark(OUTAGES), self._deps.aside)
        self._heartbeat.open()
        self._registry.open(former)
        self._flood_guard.open()
        self._gateway.open()
        self._publisher.open()
        await self.commands.open()
        self._upstream.open()
        self._deps.configuration.listen(lambda _before, _after: self._upstream.wake())

    async def run(self) -> None:
        """Work until cancelled; `AnotherControllerError` when one is heard."""
        keep = self._deps.supervisor.keep
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(keep("heartbeat", self._heartbeat.run), name="heartbeat")
            tasks.create_task(keep("publisher", self._publisher.run), name="publisher")
            tasks.create_task(keep("dispatch", self.commands.run), name="dispatch")
            tasks.create_task(keep("floods", self._flood_guard.run), name="floods")
            upstream = partial(self._upstream.run, self._is_upstream)
            tasks.create_task(keep("upstream", upstream, vital=False), name="upstream")

    def _is_upstream(self) -> bool:
        upstream = self._deps.configuration.centre().upstream
        return upstream is not None and upstream.enabled
