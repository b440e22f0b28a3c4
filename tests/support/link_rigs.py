"""Links that run until a test ends, and a broker in memory for them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from broker.link.memory_link import MemoryBroker
from broker.runtime.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.payloads import Kind
    from broker.link.link import Link

CENTRE = "quang-ngai"
PATIENCE_S = 10.0


class Running:
    """Links that run until the test ends."""

    def __init__(self) -> None:
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def start(self, link: Link) -> None:
        up = asyncio.Event()

        async def connected() -> None:
            up.set()

        leave = link.on_connect(connected)
        self.tasks[link.name] = asyncio.create_task(link.run())
        await asyncio.wait_for(up.wait(), PATIENCE_S)
        leave()

    async def stop(self, name: str) -> None:
        task = self.tasks.pop(name, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def stop_all(self) -> None:
        for name in [*self.tasks][::-1]:
            await self.stop(name)


class MemoryRig(Running):
    def __init__(self) -> None:
        super().__init__()
        self.broker = MemoryBroker(CENTRE, SystemClock())

    async def link(self, name: str, kind: Kind | None = None, before: Callable[[Any], None] | None = None) -> Link:
        if kind is not None:
            await self.broker.grant(name, kind, "")
        link = self.broker.link(name)
        if before:
            before(link)
        await self.start(link)
        return link

    async def stranger(self, name: str) -> Link:
        return self.broker.link(name)

    async def raw(self, name: str, topic: str, raw: bytes, *, retain: bool = False) -> None:
        self.broker.carry(name, topic, raw, retain=retain)

    async def expel(self, name: str) -> None:
        await self.broker.revoke(name)

    async def cut(self, name: str) -> None:
        self.broker.cut(name)

    async def mend(self, name: str) -> None:
        self.broker.mend(name)
