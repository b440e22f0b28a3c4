"""The door for devices as a whole: everything of this package on one link."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from controller.mqtt.device_registry import Roll
from controller.mqtt.dispatch import Dispatch
from controller.mqtt.floods import Floods
from controller.mqtt.gateway import Door
from controller.mqtt.heartbeat import Heartbeat
from controller.mqtt.op_handlers import Desk
from controller.mqtt.publisher import Publisher
from controller.mqtt.upstream import Upstream
from controller.services.requests.issue import OUTAGES, Outages

if TYPE_CHECKING:
    from broker.link.link import Link
    from broker.runtime.clock import Clock
    from controller.domain.centre.centre import Centre
    from controller.mqtt.floods import Suspender
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
class Around:
    """What the door stands between."""

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


class Devices:
    """Hears, answers, publishes and commands the devices of one centre."""

    def __init__(self, around: Around) -> None:
        link, engine, store, clock = around.link, around.engine, around.store, around.clock
        self._around = around
        self._outages = Outages(dict(engine.answered_at))
        desk = Desk(engine, store, clock, self._outages, around.procedures, around.day_key)
        self._door = Door(link, engine, desk, clock, around.counts, around.configuration.centre)
        self._publisher = Publisher(link, engine, clock, around.counts)
        self.dispatch = Dispatch(link, engine, store, clock, around.counts, around.ids)
        self._roll = Roll(
            link, around.configuration, around.presence, around.procedures, self._publisher, around.counts
        )
        self._heartbeat = Heartbeat(link, clock, around.version, lambda: engine.guard.held is not None)
        self._floods = Floods(link, around.suspender, clock, around.counts, around.configuration.centre)
        self._upstream = Upstream(link, engine, store, around.configuration.centre().id, around.aside)

    async def open(self, former: list[Centre]) -> None:
        """Hear devices and commits from now on; `former` are configurations whose retained topics may linger."""
        self._outages.recall(await self._around.store.mark(OUTAGES), self._around.aside)
        self._heartbeat.open()
        self._roll.open(former)
        self._floods.open()
        self._door.open()
        self._publisher.open()
        await self.dispatch.open()
        self._upstream.open()
        self._around.configuration.listen(lambda _before, _after: self._upstream.wake())

    async def run(self) -> None:
        """Work until cancelled; `AnotherController` when one is heard."""
        keep = self._around.supervisor.keep
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(keep("heartbeat", self._heartbeat.run), name="heartbeat")
            tasks.create_task(keep("publisher", self._publisher.run), name="publisher")
            tasks.create_task(keep("dispatch", self.dispatch.run), name="dispatch")
            tasks.create_task(keep("floods", self._floods.run), name="floods")
            upstream = partial(self._upstream.run, self._is_upstream)
            tasks.create_task(keep("upstream", upstream, vital=False), name="upstream")

    def _is_upstream(self) -> bool:
        upstream = self._around.configuration.centre().upstream
        return upstream is not None and upstream.enabled
