"""The kiosk's words, what draws a slip with them, and a controller in memory with one printer of the demonstration."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

import pytest
from typing_extensions import override

from broker.contract.channels import COMMAND, CONFIG, DEVICE_STATE, RESULT
from broker.contract.payloads import Command, DeviceConfig, DeviceState, Kind, Result
from broker.link.memory_link import MemoryBroker
from broker.runtime.catalogue import Catalogue, catalogue
from broker.runtime.clock import SystemClock
from deploy.demo.printer_sink import STOPPING, PrinterSink
from kiosk.printing.delivery import Pace
from kiosk.printing.painter import SlipPainter
from tests.gallery.kiosk.slip_specimens import specimen_config, specimen_slip, specimen_ticket
from tests.support.printer_process import printer_process

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from broker.link.link import Message
    from kiosk.printing.agent import PrinterAgent

PATIENT_S = 5.0
"""For a printer that answers: however busy this machine is, it is not taken for a silent one."""
AT_ONCE_S = 0.02
"""For one of which the test knows that it says nothing: to wait for it longer shows no more."""
DEADLINE_S = 30.0


class SinkPace:
    """How long is waited for a sink: as `Pace`, but no longer than the sink itself knows that it will be silent."""

    slice_s, look_s, finish_s = AT_ONCE_S, 0.03, PATIENT_S

    def __init__(self, sink: ForgetfulSink) -> None:
        self._sink = sink

    @property
    def answer_s(self) -> float:
        """One that leaves a connection unanswered answers the next, and is given more time for that."""
        if "silent" in self._sink.faults:
            return AT_ONCE_S
        return 0.3 if self._sink._deaf or any(line.deaf for line in list(self._sink._lines)) else PATIENT_S

    @property
    def probe_s(self) -> float:
        return self.answer_s

    @property
    def stall_s(self) -> float:
        """Nothing moves while the printer stands still, nor is anything heard of a slip from a silent one."""
        return AT_ONCE_S if self._sink.faults & (STOPPING | {"silent"}) else PATIENT_S

    @property
    def hold_s(self) -> float:
        """One that was switched off and on has nothing more to say of the slip that it held."""
        return AT_ONCE_S if self._sink.forgot else PATIENT_S


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
        self.pace = Pace(answer_s=PATIENT_S, slice_s=AT_ONCE_S, look_s=0.03)
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
                await asyncio.sleep(0.002)

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


class ForgetfulSink(PrinterSink):
    """A sink that knows whether it lost what it held."""

    forgot = False

    @override
    def forget(self) -> None:
        self.forgot = True
        super().forget()


@pytest.fixture
async def sink(centre: Centre) -> AsyncIterator[ForgetfulSink]:
    async with ForgetfulSink() as printer:
        centre.pace = cast("Pace", SinkPace(printer))
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
