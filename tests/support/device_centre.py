"""What a test of a device needs: a clock that it moves, and the controller's side of the link."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from broker.contract.channels import COMMAND, DEVICE_STATE, RESULT
from broker.contract.payloads import Command, DeviceConfig, DeviceState, Kind, Result
from broker.link.memory_link import MemoryBroker
from devices.base.device import ConfigHandler, Device

if TYPE_CHECKING:
    from pathlib import Path

    from broker.link.link import Message

PATIENCE_S = 5.0
ID = "11111111-2222-4333-8444-{:012d}"
CARD = {"id": "c", "name": {"vi": "TT"}, "timezone": "Asia/Ho_Chi_Minh", "languages": ["vi"], "public_url": "http://x"}


@dataclass
class HandClock:
    """A clock that a test moves."""

    instant: int = 1_000_000
    real: float = 100.0
    speed: float = 1.0

    def now(self) -> int:
        return self.instant

    def monotonic(self) -> float:
        return self.real


class Centre:
    """A controller's side: what a device told, in order."""

    def __init__(self, data: Path) -> None:
        self.clock = HandClock()
        self.broker = MemoryBroker("c", self.clock)
        self.broker.admit("printer-1", Kind.PRINTER)
        self.data = data
        self.link = self.broker.link("controller")
        self.states: asyncio.Queue[DeviceState | None] = asyncio.Queue()
        self.results: asyncio.Queue[Result | None] = asyncio.Queue()
        self.tasks: list[asyncio.Task[None]] = []
        self.link.on(DEVICE_STATE, self._state)
        self.link.on(RESULT, self._result)

    async def _state(self, message: Message[DeviceState]) -> None:
        self.states.put_nowait(message.payload)

    async def _result(self, message: Message[Result]) -> None:
        self.results.put_nowait(message.payload)

    async def open(self) -> None:
        up = asyncio.Event()

        async def hear() -> None:
            up.set()

        self.link.on_connect(hear)
        self.tasks.append(asyncio.create_task(self.link.run()))
        await asyncio.wait_for(up.wait(), PATIENCE_S)

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def device(self, heartbeat_s: float = 30.0) -> Device:
        return Device(
            self.broker.link("printer-1"), self.clock, Kind.PRINTER, "1.0", self.data, heartbeat_s=heartbeat_s
        )

    async def run(self, device: Device) -> asyncio.Task[None]:
        running = asyncio.create_task(device.run())
        self.tasks.append(running)
        assert (await self.state()).online
        return running

    async def begin_again(self, running: asyncio.Task[None], handler: ConfigHandler) -> Device:
        """End a device, and start one on its disk to which nobody tells anything."""
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert not (await self.state()).online
        self.broker.retained.clear()
        again = self.device()
        again.on_config(handler)
        self.tasks.append(asyncio.create_task(again.run()))
        return again

    async def state(self) -> DeviceState:
        found = await asyncio.wait_for(self.states.get(), PATIENCE_S)
        assert found is not None
        return found

    async def result(self) -> Result:
        found = await asyncio.wait_for(self.results.get(), PATIENCE_S)
        assert found is not None
        return found

    def command(self, number: int, op: str, **fields: Any) -> None:
        told = {"id": ID.format(number), "op": op, "ttl_s": 30, **fields}
        self.link.post(COMMAND, Command.model_validate(told), device="printer-1")

    def config(self, revision: int) -> DeviceConfig:
        told = {"revision": revision, "kind": "printer", "centre": CARD, "width_mm": 80}
        return DeviceConfig.model_validate(told)
