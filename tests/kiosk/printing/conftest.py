"""The kiosk's words, what draws a slip with them, and a controller in memory with one printer of the demonstration."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from broker.contract.channels import COMMAND, CONFIG, DEVICE_STATE, RESULT
from broker.contract.payloads import Command, DeviceConfig, DeviceState, Kind, Result
from broker.link.memory_link import MemoryBroker
from broker.runtime.catalogue import Catalogue, catalogue
from broker.runtime.clock import SystemClock
from deploy.demo.printer_sink import PrinterSink
from kiosk.printing.delivery import Pace
from kiosk.printing.painter import SlipPainter
from tests.gallery.kiosk.slip_specimens import specimen_config, specimen_slip, specimen_ticket
from tests.support.printer_process import printer_process

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from broker.link.link import Message
    from kiosk.printing.agent import PrinterAgent

PACE = Pace(answer_s=5.0, probe_s=5.0, stall_s=5.0, slice_s=0.02, look_s=0.1, hold_s=5.0, finish_s=5.0)
"""For a printer that answers: however busy this machine is, it is not taken for a silent one."""
HASTY = replace(PACE, answer_s=0.3, probe_s=0.3, stall_s=0.3)
"""For a printer that does not answer any more: it is not waited for long."""
DEADLINE_S = 30.0


class Centre:
    """A controller's side of one printer: what it sends, and every result and state that came back."""

    def __init__(self, painter: SlipPainter, folder: Path) -> None:
        self.clock = SystemClock()
        self.broker = MemoryBroker("quang-ngai", self.clock)
        self.broker.admit("printer-1", Kind.PRINTER)
        self.link = self.broker.link("controller")
        self.results: list[Result] = []
        self.state: DeviceState | None = None
        self.painter = painter
        self.folder = folder
        self.pace = PACE
        self.link.on(RESULT, self._result)
        self.link.on(DEVICE_STATE, self._state)

    async def _result(self, message: Message[Result]) -> None:
        assert message.payload is not None
        self.results.append(message.payload)

    async def _state(self, message: Message[DeviceState]) -> None:
        self.state = message.payload

    @property
    def printer(self) -> object:
        """What the printer's state says of it."""
        return self.state.detail.get("printer") if self.state else None

    @property
    def outcomes(self) -> list[tuple[bool | None, str | None]]:
        """The results so far, each once."""
        return [(result.ok, result.error) for result in self.results]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so; a TimeoutError says that it never was."""
        async with asyncio.timeout(DEADLINE_S):
            while not condition():  # noqa: ASYNC110 - what is waited for happens in other threads and files
                await asyncio.sleep(0.01)

    async def configure(self, address: str, width_mm: int = 80) -> None:
        fields = specimen_config(address=address, width_mm=width_mm).model_dump() | {"kind": "printer"}
        await self.link.publish(CONFIG, DeviceConfig.model_validate(fields), device="printer-1")

    async def command(self, number: str = "A001", **changes: object) -> str:
        """Send a print command and give its id; with `id` the same one again."""
        fields: dict[str, object] = {
            "id": str(uuid.uuid4()), "op": "print", "ttl_s": 60, "request": str(uuid.uuid4()),
            "ticket": specimen_ticket(number=number).model_dump(mode="json"),
            "slip": specimen_slip(qr=f"https://xephang.example/t/{number:x<22}").model_dump(mode="json"),
        }  # fmt: skip
        command = Command.model_validate(fields | changes)
        await self.link.publish(COMMAND, command, device="printer-1")
        return command.id

    async def lose_paper_in_mid_job(self, sink: PrinterSink) -> str:
        """Let the paper end in the middle of A001, of which nobody knows then what became; give its command."""
        sink.fault_after(2000, "paper_out")
        command = await self.command("A001")
        await self.until(lambda: self.outcomes == [(None, "paper_out")])
        return command

    async def print_again(self, sink: PrinterSink) -> None:
        """Put paper in, and hold that the next slip, A002, is printed."""
        sink.forget()
        sink.set_fault("paper_out", active=False)
        await self.until(lambda: self.printer == "ok")
        await self.command("A002")
        await self.until(lambda: len(self.results) == 2)
        assert self.outcomes[1] == (True, None)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[PrinterAgent]:
        """Run the printer's process until the block ends, with what it left on disk the time before."""
        self.state = None
        async with printer_process(self.broker, self.folder, self.painter, self.pace) as agent:
            await self.until(lambda: self.state is not None and self.state.online)
            yield agent


@pytest.fixture
async def centre(painter: SlipPainter, tmp_path: Path) -> AsyncIterator[Centre]:
    made = Centre(painter, tmp_path / "printer-1")
    controller = asyncio.create_task(made.link.run())
    await made.until(lambda: made.link.connected)
    yield made
    controller.cancel()
    await asyncio.gather(controller, return_exceptions=True)


@pytest.fixture
def hasty(centre: Centre) -> None:
    """Wait only shortly for the printer, which in this test falls silent or stands still."""
    centre.pace = HASTY


@pytest.fixture
def forgetful(centre: Centre) -> None:
    """Wait only shortly, too, for what the printer has to say of a slip that it holds: in this test it never does."""
    centre.pace = replace(HASTY, hold_s=0.3)


@pytest.fixture
async def sink() -> AsyncIterator[PrinterSink]:
    async with PrinterSink() as printer:
        yield printer


@pytest.fixture
async def agent(centre: Centre, sink: PrinterSink) -> AsyncIterator[PrinterAgent]:
    await centre.configure(sink.address)
    async with centre.running() as running:
        await centre.until(lambda: centre.printer == "ok")
        yield running


@pytest.fixture
def words() -> Catalogue:
    return catalogue("kiosk")


@pytest.fixture
def painter(words: Catalogue) -> SlipPainter:
    return SlipPainter(words)
