"""The printer as a device: commands in, slips out, results back; on a broker in memory and a printer of the demo."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from deploy.demo.escpos_reader import read_qr
from kiosk.printing.status import PrinterStatus

if TYPE_CHECKING:
    from pathlib import Path

    from deploy.demo.printer_sink import PrinterSink
    from kiosk.printing.agent import PrinterAgent
    from tests.kiosk.printing.conftest import Centre


@pytest.mark.usefixtures("agent")
async def test_a_print_command_ends_as_a_cut_slip_and_one_result(centre: Centre, sink: PrinterSink) -> None:
    command = await centre.command("A007")
    await centre.until(lambda: bool(centre.results))
    assert [(result.id, result.ok) for result in centre.results] == [(command, True)]
    assert [receipt.cut for receipt in sink.receipts] == [True]
    assert read_qr([sink.receipts[0].image]) == ["https://xephang.example/t/" + f"{'A007':x<22}"]


@pytest.mark.usefixtures("agent")
async def test_a_repeated_command_gets_its_first_result_and_no_second_slip(centre: Centre, sink: PrinterSink) -> None:
    command = await centre.command()
    await centre.until(lambda: bool(centre.results))
    await centre.command(id=command)
    await centre.until(lambda: len(centre.results) == 2)
    assert centre.outcomes == [(True, None)] * 2
    assert len(sink.receipts) == 1


@pytest.mark.usefixtures("agent")
async def test_many_commands_at_once_are_printed_in_order_one_each(centre: Centre, sink: PrinterSink) -> None:
    numbers = [f"A{at:03}" for at in range(1, 9)]
    for number in numbers:
        await centre.command(number)
    await centre.until(lambda: len(centre.results) == len(numbers))
    codes = read_qr([receipt.image for receipt in sink.receipts])
    assert codes == [f"https://xephang.example/t/{number:x<22}" for number in numbers]


@pytest.mark.parametrize("fault", ["paper_out", "cover_open", "cutter", "offline"])
@pytest.mark.usefixtures("agent")
async def test_a_printer_in_trouble_refuses_with_the_reason(centre: Centre, sink: PrinterSink, fault: str) -> None:
    sink.set_fault(fault)
    await centre.until(lambda: centre.printer == fault)
    await centre.command()
    await centre.until(lambda: bool(centre.results))
    assert centre.outcomes == [(False, fault)]
    sink.set_fault(fault, active=False)
    await centre.until(lambda: centre.printer == "ok")
    assert sink.receipts == []


@pytest.mark.usefixtures("agent")
async def test_little_paper_is_told_and_still_printed_on(centre: Centre, sink: PrinterSink) -> None:
    sink.set_fault("paper_low")
    await centre.until(lambda: centre.printer == "paper_low")
    await centre.command()
    await centre.until(lambda: centre.outcomes == [(True, None)])


@pytest.mark.usefixtures("agent")
async def test_paper_that_ends_in_the_middle_is_unknown_at_first_and_printed_in_the_end(
    centre: Centre, sink: PrinterSink
) -> None:
    sink.fault_after(2000, "paper_out")
    await centre.command("A001")
    await centre.until(lambda: len(centre.results) == 1)
    assert centre.outcomes == [(None, "paper_out")]
    await centre.command("A002")
    await centre.until(lambda: len(centre.results) == 2)
    assert centre.outcomes[1] == (False, "paper_out")
    sink.set_fault("paper_out", active=False)
    await centre.until(lambda: len(centre.results) == 3)
    assert (centre.results[2].id, centre.results[2].ok) == (centre.results[0].id, True)
    assert len(sink.receipts) == 1


@pytest.mark.usefixtures("agent")
async def test_a_printer_that_dies_in_the_middle_leaves_the_outcome_unknown_and_prints_the_next(
    centre: Centre, sink: PrinterSink
) -> None:
    await centre.lose_paper_in_mid_job(sink)
    await centre.print_again(sink)
    assert read_qr([sink.receipts[-1].image]) == ["https://xephang.example/t/" + f"{'A002':x<22}"]


@pytest.mark.usefixtures("agent")
async def test_a_printer_that_falls_silent_is_offline_and_not_trusted_with_a_slip(
    centre: Centre, sink: PrinterSink
) -> None:
    sink.set_fault("silent")
    await centre.until(lambda: centre.printer == "offline")
    await centre.command()
    await centre.until(lambda: centre.outcomes == [(False, "offline")])
    assert sink.receipts == []


@pytest.mark.usefixtures("agent")
async def test_a_printer_that_leaves_one_connection_unanswered_is_asked_again_and_prints(
    centre: Centre, sink: PrinterSink
) -> None:
    await centre.until(lambda: centre.printer == "ok")
    sink.leave_unanswered()
    await centre.command()
    await centre.until(lambda: centre.outcomes == [(True, None)])
    assert centre.printer == "ok"
    assert len(sink.receipts) == 1


async def test_a_printer_that_never_said_anything_gets_the_slip_and_its_outcome_is_unknown(
    centre: Centre, sink: PrinterSink
) -> None:
    sink.set_fault("silent")
    await centre.configure(sink.address)
    async with centre.running() as agent:
        await centre.command()
        await centre.until(lambda: centre.outcomes == [(None, None)])
        await sink.wait_for(1)
        assert agent.status is PrinterStatus.UNKNOWN


async def test_nobody_at_the_printers_address_is_offline(centre: Centre, sink: PrinterSink) -> None:
    await sink.stop()
    await centre.configure(sink.address)
    async with centre.running():
        await centre.until(lambda: centre.printer == "offline")
        await centre.command()
        await centre.until(lambda: centre.outcomes == [(False, "offline")])


async def test_a_plain_file_gets_the_slip_and_it_counts_as_printed(centre: Centre, tmp_path: Path) -> None:
    await centre.configure(f"file:{tmp_path}/slips.bin", 58)
    async with centre.running():
        await centre.command()
        await centre.until(lambda: centre.outcomes == [(True, None)])
    assert (tmp_path / "slips.bin").stat().st_size > 10_000


# ---- void and expiry ----


async def test_a_voided_request_is_never_printed(centre: Centre, sink: PrinterSink, agent: PrinterAgent) -> None:
    request = str(uuid.uuid4())
    assert await agent.void(request)
    await centre.command(request=request)
    await centre.until(lambda: centre.outcomes == [(False, "expired")])
    assert sink.receipts == []


async def test_a_void_survives_a_restart(centre: Centre, sink: PrinterSink) -> None:
    request = str(uuid.uuid4())
    await centre.configure(sink.address)
    async with centre.running() as agent:
        assert await agent.void(request)
    async with centre.running():
        await centre.command(request=request)
        await centre.until(lambda: centre.outcomes == [(False, "expired")])
    assert sink.receipts == []


async def test_a_slip_that_was_begun_cannot_be_voided_and_its_ticket_is_known(
    centre: Centre, agent: PrinterAgent
) -> None:
    request = str(uuid.uuid4())
    await centre.command("A042", request=request)
    await centre.until(lambda: bool(centre.results))
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
    await centre.until(lambda: centre.outcomes == [(False, "paper_out")])
    assert await agent.void(request)


async def test_a_command_whose_time_runs_out_before_the_printer_is_known_expires(centre: Centre) -> None:
    async with centre.running():
        await centre.until(lambda: centre.state is not None)
        await centre.command(ttl_s=0)
        await centre.until(lambda: centre.outcomes == [(False, "expired")])


async def test_a_command_without_a_ticket_is_refused(centre: Centre, agent: PrinterAgent) -> None:
    await centre.command(ticket={"number": "A001"})
    await centre.until(lambda: centre.outcomes == [(False, "bad_request")])
    assert agent.status is PrinterStatus.OK
