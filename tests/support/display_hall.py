"""A controller and displays on a broker in memory, with a clock that the test moves."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from broker.contract.channels import CONFIG, CONTROLLER_STATE
from broker.contract.payloads import ControllerState, DeviceConfig, Kind
from devices.base.device import Device

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from broker.link.memory_link import MemoryBroker, MemoryLink

CENTRE = "quang-ngai"
PATIENCE_S = 5.0


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    seconds: float = 1000.0
    start: int = 1_764_000_000_000
    speed: float = 1.0

    def now(self) -> int:
        return self.start + int((self.seconds - 1000.0) * 1000 * self.speed)

    def monotonic(self) -> float:
        return self.seconds


@dataclass
class Hall:
    """One broker with the controller signed in."""

    broker: MemoryBroker
    clock: HandClock
    folder: Path
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)
    controller: MemoryLink = field(init=False)

    async def open(self) -> None:
        self.controller = self.broker.link("controller")
        await self.run(self.controller.run())
        await self.until(lambda: self.controller.connected)

    async def run(self, *work: Any) -> None:
        self.tasks += [asyncio.ensure_future(part) for part in work]
        await asyncio.sleep(0)

    async def device(self, name: str, kind: Kind) -> Device:
        await self.broker.grant(name, kind, "")
        return Device(self.broker.link(name), self.clock, kind, "1.0", self.folder / name)

    async def configure(self, device: Device, **fields: Any) -> None:
        card = {
            "id": CENTRE, "name": {"vi": "Trung tâm", "en": "Centre"}, "timezone": "Asia/Ho_Chi_Minh",
            "languages": ["vi", "en"], "public_url": "http://127.0.0.1",
        }  # fmt: skip
        config = {"revision": 1, "kind": device.kind.value, "centre": card, **fields}
        await self.controller.publish(CONFIG, DeviceConfig.model_validate(config), device=device.name)

    async def beat(self) -> None:
        """The controller says that it lives."""
        state = ControllerState(online=True, session=str(uuid.uuid4()), at=self.clock.now())
        await self.controller.publish(CONTROLLER_STATE, state)

    async def until(self, holds: Callable[[], Any]) -> None:
        """Wait until something holds, with a deadline."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():  # noqa: ASYNC110 - what is waited for has no event of its own
                await asyncio.sleep(0.005)

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
