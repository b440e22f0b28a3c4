"""The MQTT side of a controller: everything of this package on one link."""

from __future__ import annotations

import asyncio
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
from controller.services.requests.issue import OUTAGES, KioskOutages

if TYPE_CHECKING:
    from controller.domain.centre.centre import Centre
    from controller.mqtt.dependencies import MqttDependencies


class MqttAdapter:
    """Receives, replies, publishes and sends commands for the devices of one centre."""

    def __init__(self, deps: MqttDependencies) -> None:
        link, engine, clock, centre = deps.link, deps.engine, deps.clock, deps.configuration.centre
        self._deps = deps
        self._outages = KioskOutages(dict(engine.answered_at))
        self._gateway = Gateway(deps, OpHandlers(deps, self._outages))
        self._publisher = Publisher(deps)
        self.commands = CommandSender(deps)
        self._registry = DeviceRegistry(deps, self._publisher)
        self._heartbeat = Heartbeat(link, clock, deps.version, lambda: engine.guard.held is not None)
        self._flood_guard = FloodGuard(link, deps.suspender, clock, deps.counts, centre)
        self._upstream = Upstream(link, engine, deps.store, centre().id, deps.aside)

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
        """Work until cancelled; `AnotherControllerError` when another is live."""
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
