"""The printer as a device: commands in, slips out, results back; on a broker in memory and a printer of the demo."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from broker.clock import SystemClock
from broker.contract.channels import COMMAND, CONFIG, DEVICE_STATE, RESULT
from broker.contract.payloads import Command, DeviceConfig, DeviceState, Kind, Result
from broker.device import Device
from broker.memory_link import MemoryBroker
from deploy.demo.escpos_reader import read_qr
from deploy.demo.printer_sink import PrinterSink
from kiosk.printing.agent import PrinterAgent
from kiosk.printing.delivery import Pace
from kiosk.printing.escpos_port import open_port
from kiosk.printing.specimen import specimen_config, specimen_slip, specimen_ticket
from kiosk.printing.status import PrinterStatus

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from broker.link import Message
    from kiosk.printing.painter import SlipPainter

PACE = Pace(answer_s=0.15, probe_s=0.1, stall_s=0.25, slice_s=0.02, look_s=0.2, hold_s=0.5, finish_s=1.0)
DEADLINE_S = 10.0


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so; a TimeoutError says that it never was."""
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in other threads and files
            await asyncio.sleep(0.01)


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

    @asynccontextmanager
    async def running(self) -> AsyncIterator[PrinterAgent]:
        """Run the printer's process until the block ends, with what it left on disk the time before."""
        device = Device(self.broker.link("printer-1"), self.clock, Kind.PRINTER, "1", self.folder)
        agent = PrinterAgent(device, open_port, self.painter, self.folder / "spool", self.clock, pace=PACE)
        tasks = [asyncio.create_task(device.run()), asyncio.create_task(agent.run())]
        self.state = None
        try:
            await until(lambda: self.state is not None and self.state.online)
            yield agent
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def centre(painter: SlipPainter, tmp_path: Path) -> AsyncIterator[Centre]:
    made = Centre(painter, tmp_path / "printer-1")
    controller = asyncio.create_task(made.link.run())
    await until(lambda: made.link.connected)
    yield made
    controller.cancel()
    await asyncio.gather(controller, return_exceptions=True)


@pytest.fixture
async def sink() -> AsyncIterator[PrinterSink]:
    async with PrinterSink() as printer:
        yield printer


@pytest.fixture
async def agent(centre: Centre, sink: PrinterSink) -> AsyncIterator[PrinterAgent]:
    await centre.configure(sink.address)
    async with centre.running() as running:
        await until(lambda: centre.printer == "ok")
        yield running


@pytest.mark.usefixtures("agent")
async def test_a_print_command_ends_as_a_cut_slip_and_one_result(centre: Centre, sink: PrinterSink) -> None:
    command = await centre.command("A007")
    await until(lambda: bool(centre.results))
    assert [(result.id, result.ok) for result in centre.results] == [(command, True)]
    assert [receipt.cut for receipt in sink.receipts] == [True]
    assert read_qr([sink.receipts[0].image]) == ["https://xephang.example/t/" + f"{'A007':x<22}"]


@pytest.mark.usefixtures("agent")
async def test_a_repeated_command_gets_its_first_result_and_no_second_slip(centre: Centre, sink: PrinterSink) -> None:
    command = await centre.command()
    await until(lambda: bool(centre.results))
    await centre.command(id=command)
    await until(lambda: len(centre.results) == 2)
    assert centre.outcomes == [(True, None)] * 2
    assert len(sink.receipts) == 1


@pytest.mark.usefixtures("agent")
async def test_many_commands_at_once_are_printed_in_order_one_each(centre: Centre, sink: PrinterSink) -> None:
    numbers = [f"A{at:03}" for at in range(1, 9)]
    for number in numbers:
        await centre.command(number)
    await until(lambda: len(centre.results) == len(numbers))
    codes = read_qr([receipt.image for receipt in sink.receipts])
    assert codes == [f"https://xephang.example/t/{number:x<22}" for number in numbers]


@pytest.mark.parametrize("fault", ["paper_out", "cover_open", "cutter", "offline"])
@pytest.mark.usefixtures("agent")
async def test_a_printer_in_trouble_refuses_with_the_reason(centre: Centre, sink: PrinterSink, fault: str) -> None:
    sink.set_fault(fault)
    await until(lambda: centre.printer == fault)
    await centre.command()
    await until(lambda: bool(centre.results))
    assert centre.outcomes == [(False, fault)]
    sink.set_fault(fault, active=False)
    await until(lambda: centre.printer == "ok")
    assert sink.receipts == []


@pytest.mark.usefixtures("agent")
async def test_little_paper_is_told_and_still_printed_on(centre: Centre, sink: PrinterSink) -> None:
    sink.set_fault("paper_low")
    await until(lambda: centre.printer == "paper_low")
    await centre.command()
    await until(lambda: centre.outcomes == [(True, None)])


@pytest.mark.usefixtures("agent")
async def test_paper_that_ends_in_the_middle_is_unknown_at_first_and_printed_in_the_end(
    centre: Centre, sink: PrinterSink
) -> None:
    sink.fault_after(2000, "paper_out")
    await centre.command("A001")
    await until(lambda: len(centre.results) == 1)
    assert centre.outcomes == [(None, "paper_out")]
    await centre.command("A002")
    await until(lambda: len(centre.results) == 2)
    assert centre.outcomes[1] == (False, "paper_out")
    sink.set_fault("paper_out", active=False)
    await until(lambda: len(centre.results) == 3)
    assert (centre.results[2].id, centre.results[2].ok) == (centre.results[0].id, True)
    assert len(sink.receipts) == 1


@pytest.mark.usefixtures("agent")
async def test_a_printer_that_dies_in_the_middle_leaves_the_outcome_unknown_and_prints_the_next(
    centre: Centre, sink: PrinterSink
) -> None:
    sink.fault_after(2000, "paper_out")
    await centre.command("A001")
    await until(lambda: centre.outcomes == [(None, "paper_out")])
    sink.forget()
    sink.set_fault("paper_out", active=False)
    await until(lambda: centre.printer == "ok")
    await centre.command("A002")
    await until(lambda: len(centre.results) == 2)
    assert centre.outcomes[1] == (True, None)
    assert read_qr([sink.receipts[-1].image]) == ["https://xephang.example/t/" + f"{'A002':x<22}"]


@pytest.mark.usefixtures("agent")
async def test_a_printer_that_falls_silent_is_offline_and_not_trusted_with_a_slip(
    centre: Centre, sink: PrinterSink
) -> None:
    sink.set_fault("silent")
    await until(lambda: centre.printer == "offline")
    await centre.command()
    await until(lambda: centre.outcomes == [(False, "offline")])
    assert sink.receipts == []


async def test_a_printer_that_never_said_anything_gets_the_slip_and_its_outcome_is_unknown(
    centre: Centre, sink: PrinterSink
) -> None:
    sink.set_fault("silent")
    await centre.configure(sink.address)
    async with centre.running() as agent:
        await centre.command()
        await until(lambda: centre.outcomes == [(None, None)])
        await sink.wait_for(1)
        assert agent.status is PrinterStatus.UNKNOWN


async def test_nobody_at_the_printers_address_is_offline(centre: Centre, sink: PrinterSink) -> None:
    await sink.stop()
    await centre.configure(sink.address)
    async with centre.running():
        await until(lambda: centre.printer == "offline")
        await centre.command()
        await until(lambda: centre.outcomes == [(False, "offline")])


async def test_a_plain_file_gets_the_slip_and_it_counts_as_printed(centre: Centre, tmp_path: Path) -> None:
    await centre.configure(f"file:{tmp_path}/slips.bin", 58)
    async with centre.running():
        await centre.command()
        await until(lambda: centre.outcomes == [(True, None)])
    assert (tmp_path / "slips.bin").stat().st_size > 10_000


# ---- void and expiry ----


async def test_a_voided_request_is_never_printed(centre: Centre, sink: PrinterSink, agent: PrinterAgent) -> None:
    request = str(uuid.uuid4())
    assert await agent.void(request)
    await centre.command(request=request)
    await until(lambda: centre.outcomes == [(False, "expired")])
    assert sink.receipts == []


async def test_a_void_survives_a_restart(centre: Centre, sink: PrinterSink) -> None:
    request = str(uuid.uuid4())
    await centre.configure(sink.address)
    async with centre.running() as agent:
        assert await agent.void(request)
    async with centre.running():
        await centre.command(request=request)
        await until(lambda: centre.outcomes == [(False, "expired")])
    assert sink.receipts == []


async def test_a_slip_that_was_begun_cannot_be_voided_and_its_ticket_is_known(
    centre: Centre, agent: PrinterAgent
) -> None:
    request = str(uuid.uuid4())
    await centre.command("A042", request=request)
    await until(lambda: bool(centre.results))
    assert not await agent.void(request)
    known = agent.ticket_of(request)
    assert known is not None
    assert known.number == "A042"


async def test_a_slip_that_was_refused_can_still_be_voided(
    centre: Centre, sink: PrinterSink, agent: PrinterAgent
) -> None:
    request = str(uuid.uuid4())
    sink.set_fault("paper_out")
    await centre.command(request=request)
    await until(lambda: centre.outcomes == [(False, "paper_out")])
    assert await agent.void(request)


async def test_a_command_whose_time_runs_out_before_the_printer_is_known_expires(centre: Centre) -> None:
    async with centre.running():
        await until(lambda: centre.state is not None)
        await centre.command(ttl_s=0)
        await until(lambda: centre.outcomes == [(False, "expired")])


async def test_a_command_without_a_ticket_is_refused(centre: Centre, agent: PrinterAgent) -> None:
    await centre.command(ticket={"number": "A001"})
    await until(lambda: centre.outcomes == [(False, "bad_request")])
    assert agent.status is PrinterStatus.OK


# ---- crashes ----


async def crashed_in_the_middle(centre: Centre, sink: PrinterSink) -> str:
    """Leave behind on disk what a process leaves that is killed while a slip is on its way."""
    await centre.configure(sink.address)
    sink.fault_after(2000, "paper_out")
    kept = {}
    async with centre.running():
        command = await centre.command("A001")
        spooled = centre.folder / "spool" / f"{command}.json"
        handled = centre.folder / "handled.jsonl"
        await until(lambda: spooled.exists() and '"begun"' in spooled.read_text())
        kept = {spooled: spooled.read_bytes(), handled: handled.read_bytes()}
        await until(lambda: bool(centre.results))
    for path, content in kept.items():
        path.write_bytes(content)
    centre.results.clear()
    sink.forget()
    sink.set_fault("paper_out", active=False)
    return command


async def test_after_a_crash_in_mid_job_the_outcome_is_unknown_and_the_slip_is_not_sent_again(
    centre: Centre, sink: PrinterSink
) -> None:
    command = await crashed_in_the_middle(centre, sink)
    async with centre.running():
        await until(lambda: bool(centre.results))
        await centre.command("A001", id=command)
        await until(lambda: len(centre.results) == 2)
        assert {(result.id, result.ok) for result in centre.results} == {(command, None)}
        await centre.command("A002")
        await until(lambda: len(centre.results) == 3)
    codes = read_qr([receipt.image for receipt in sink.receipts if receipt.cut])
    assert codes == ["https://xephang.example/t/" + f"{'A002':x<22}"]


async def test_a_job_that_was_only_queued_at_the_crash_is_printed_once(centre: Centre, sink: PrinterSink) -> None:
    async with centre.running():
        command = await centre.command("A001")
        await until((centre.folder / "spool" / f"{command}.json").exists)
        assert sink.receipts == []
    await centre.configure(sink.address)
    async with centre.running():
        await sink.wait_for(1)
        await centre.command("A001", id=command)
        await until(lambda: (command, True) in [(result.id, result.ok) for result in centre.results])
    assert len(sink.receipts) == 1


async def test_a_stop_in_the_middle_of_a_slip_lets_it_end(centre: Centre, sink: PrinterSink) -> None:
    await centre.configure(sink.address)
    async with centre.running():
        await until(lambda: centre.printer == "ok")
        command = await centre.command("A001")
        spooled = centre.folder / "spool" / f"{command}.json"
        await until(lambda: spooled.exists() and '"queued"' not in spooled.read_text())
    assert '"printed"' in spooled.read_text()
    assert len(sink.receipts) == 1


# ---- offline slips ----


async def test_an_offline_slip_is_printed_without_a_broker_and_once_a_ticket(
    centre: Centre, sink: PrinterSink, agent: PrinterAgent
) -> None:
    centre.broker.cut("printer-1")
    ticket = specimen_ticket(number="Z1-001", channel="offline", position=None, wait=None)
    slip = specimen_slip(qr="https://xephang.example/t/" + "z" * 22)
    assert await agent.print_offline(ticket, slip) is True
    assert await agent.print_offline(ticket, slip) is True
    assert read_qr([receipt.image for receipt in sink.receipts]) == ["https://xephang.example/t/" + "z" * 22]


async def test_an_offline_slip_without_paper_is_told_as_not_printed(sink: PrinterSink, agent: PrinterAgent) -> None:
    sink.set_fault("paper_out")
    assert await agent.print_offline(specimen_ticket(channel="offline"), specimen_slip()) is False


async def test_the_result_of_a_slip_that_was_printed_while_the_link_was_away_comes_with_the_repeat(
    centre: Centre, sink: PrinterSink, agent: PrinterAgent
) -> None:
    command = await centre.command("A001")
    centre.broker.cut("printer-1")
    await sink.wait_for(1)
    centre.broker.mend("printer-1")
    await centre.command("A001", id=command)
    await until(lambda: bool(centre.results))
    assert {(result.id, result.ok) for result in centre.results} == {(command, True)}
    assert len(sink.receipts) == 1
    assert agent.status is PrinterStatus.OK
