"""A controller that a test plays, devices on a broker in memory, a clock that the test moves, a virtual screen."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.channels import CONFIG, CONTROLLER_STATE, REPLY, REQUEST
from broker.contract.payloads import ControllerState, DeviceConfig, Kind, Reply, Request, Slip, Ticket
from broker.link.memory_link import MemoryBroker
from broker.runtime.catalogue import catalogue
from devices.base.device import Device
from kiosk.app import kiosk as kiosk_app
from kiosk.app import rater
from kiosk.app.attached_printer import AttachedPrinter
from kiosk.app.kiosk import KioskApp
from kiosk.storage.outbox import Outbox
from tests.gallery.kiosk.specimens import MONDAY_MORNING, kiosk_data

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from broker.link.link import Message
    from broker.link.memory_link import MemoryLink

CENTRE = "quang-ngai"
PATIENCE_S = 5.0


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    seconds: float = 1000.0
    speed: float = 1.0

    def now(self) -> int:
        return MONDAY_MORNING + int((self.seconds - 1000.0) * 1000 * self.speed)

    def monotonic(self) -> float:
        return self.seconds


@dataclass
class Hall:
    """One broker with the controller signed in; `answer` gives the reply to a request, or None to keep silent."""

    broker: MemoryBroker
    clock: HandClock
    folder: Path
    requests: list[Request] = field(default_factory=list)
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)
    controller: MemoryLink = field(init=False)

    async def open(self) -> None:
        self.answer: Callable[[Request], Reply | None] = lambda _: None
        self.controller = self.broker.link("controller")
        self.controller.on(REQUEST, self._hear)
        await self.run(self.controller.run())
        await self.until(lambda: self.controller.connected)

    async def _hear(self, message: Message[Request]) -> None:
        if message.payload is None:
            return
        self.requests.append(message.payload)
        reply = self.answer(message.payload)
        if reply is not None:
            await self.controller.publish(REPLY, reply, device=message.segments["device"])

    async def run(self, *work: Any) -> None:
        self.tasks += [asyncio.ensure_future(part) for part in work]
        await asyncio.sleep(0)

    async def device(self, name: str, kind: Kind) -> Device:
        await self.broker.grant(name, kind, "")
        return Device(self.broker.link(name), self.clock, kind, "1.0", self.folder / name)

    async def configure(self, device: str, data: dict[str, Any] | None) -> None:
        await self.controller.publish(CONFIG, DeviceConfig.model_validate(data) if data else None, device=device)

    async def beat(self) -> None:
        """Say that the controller lives."""
        state = ControllerState(online=True, session=str(uuid.uuid4()), at=self.clock.now())
        await self.controller.publish(CONTROLLER_STATE, state)

    async def until(self, holds: Callable[[], Any]) -> None:
        """Wait until something holds, with a deadline."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():  # noqa: ASYNC110 - what is waited for has no event of its own
                await asyncio.sleep(0.005)

    async def switch_off(self) -> None:
        """End what runs beside the controller, as a power cut does to the devices."""
        for task in self.tasks[1:]:
            task.cancel()
        await asyncio.gather(*self.tasks[1:], return_exceptions=True)

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.fixture
async def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hall]:
    for module in (kiosk_app, rater):
        monkeypatch.setattr(module, "TICK_S", 0.005)
    monkeypatch.setattr(kiosk_app, "HAND_IN_PAUSE_S", 0.01)
    clock = HandClock()
    hall = Hall(MemoryBroker(CENTRE, clock), clock, tmp_path)
    await hall.open()
    yield hall
    await hall.close()


@dataclass
class FakeAgent:
    """A printer's agent that does what the test says."""

    begun: bool = False
    prints: bool | None = True
    status: str = "ok"
    voided: list[str] = field(default_factory=list)
    printed: list[tuple[Ticket, Slip]] = field(default_factory=list)
    known: Ticket | None = None

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def print_offline(self, ticket: Ticket, slip: Slip) -> bool | None:
        self.printed.append((ticket, slip))
        return self.prints

    async def void(self, request_id: str) -> bool:
        self.voided.append(request_id)
        return not self.begun

    def ticket_of(self, request_id: str) -> Ticket | None:
        assert request_id in self.voided
        return self.known


@dataclass
class FakeSeat:
    agent: FakeAgent

    async def run(self) -> None:
        await self.agent.run()


@pytest.fixture
def agent() -> FakeAgent:
    return FakeAgent()


@pytest.fixture
def open_kiosk(hall: Any, agent: FakeAgent) -> Callable[[], Any]:
    async def make(**changes: Any) -> KioskApp:
        device = await hall.device("kiosk-1", Kind.KIOSK)
        data = hall.folder / "kiosk-1"
        kiosk = KioskApp(device, catalogue("kiosk"), Outbox(data / "outbox"), data)
        kiosk.printer = AttachedPrinter(lambda _: FakeSeat(agent), kiosk.printer_changed)
        await hall.run(device.run(), kiosk.run())
        await hall.until(lambda: device.link.connected)
        await hall.configure("kiosk-1", kiosk_data(drives={"id": "printer-1"}, **changes))
        await hall.beat()
        await hall.until(lambda: kiosk.state.live and kiosk.state.own_printer and kiosk.state.config)
        return kiosk

    return make
