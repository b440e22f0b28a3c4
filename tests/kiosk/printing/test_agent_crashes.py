"""What became of slips when a process, the link or the whole controller went away."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from deploy.demo.escpos_reader import read_qr
from kiosk.printing.status import PrinterStatus
from tests.gallery.kiosk.slip_specimens import specimen_slip, specimen_ticket

if TYPE_CHECKING:
    from pathlib import Path

    from deploy.demo.printer_sink import PrinterSink
    from kiosk.printing.agent import PrinterAgent
    from tests.kiosk.printing.conftest import Centre


async def crashed_in_the_middle(centre: Centre, sink: PrinterSink) -> str:
    """Leave behind on disk what a process leaves that is killed while a slip is on its way."""
    await centre.configure(sink.address)
    sink.fault_after(2000, "paper_out")
    kept = {}
    async with centre.running():
        command = await centre.command("A001")
        spooled = centre.folder / "spool" / f"{command}.json"
        handled = centre.folder / "handled.jsonl"
        await centre.until(lambda: spooled.exists() and '"begun"' in spooled.read_text())
        kept = {spooled: spooled.read_bytes(), handled: handled.read_bytes()}
        await centre.until(lambda: bool(centre.results))
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
        await centre.until(lambda: bool(centre.results))
        await centre.command("A001", id=command)
        await centre.until(lambda: len(centre.results) == 2)
        assert {(result.id, result.ok) for result in centre.results} == {(command, None)}
        await centre.command("A002")
        await centre.until(lambda: len(centre.results) == 3)
    codes = read_qr([receipt.image for receipt in sink.receipts if receipt.cut])
    assert codes == ["https://xephang.example/t/" + f"{'A002':x<22}"]


async def test_a_job_that_was_only_queued_at_the_crash_is_printed_once(centre: Centre, sink: PrinterSink) -> None:
    async with centre.running():
        command = await centre.command("A001")
        await centre.until((centre.folder / "spool" / f"{command}.json").exists)
        assert sink.receipts == []
    await centre.configure(sink.address)
    async with centre.running():
        await sink.wait_for(1)
        await centre.command("A001", id=command)
        await centre.until(lambda: (command, True) in [(result.id, result.ok) for result in centre.results])
    assert len(sink.receipts) == 1


async def test_a_stop_in_the_middle_of_a_slip_lets_it_end(centre: Centre, sink: PrinterSink) -> None:
    await centre.configure(sink.address)
    async with centre.running():
        await centre.until(lambda: centre.printer == "ok")
        command = await centre.command("A001")
        spooled = centre.folder / "spool" / f"{command}.json"
        await centre.until(lambda: spooled.exists() and '"queued"' not in spooled.read_text())
    assert '"printed"' in spooled.read_text()
    assert len(sink.receipts) == 1


async def test_a_record_that_cannot_be_read_any_more_is_never_sent_again(centre: Centre, sink: PrinterSink) -> None:
    command = await crashed_in_the_middle(centre, sink)
    spooled = centre.folder / "spool" / f"{command}.json"
    spooled.write_text(json.dumps({**json.loads(spooled.read_text()), "a_later_field": 1}))
    async with centre.running():
        await centre.command("A001", id=command)
        await centre.until(lambda: bool(centre.results))
        await centre.command("A002")
        await centre.until(lambda: len(centre.results) == 2)
    assert [result.ok for result in centre.results] == [None, True]
    assert len([receipt for receipt in sink.receipts if receipt.cut]) == 1


# ---- a disk that takes nothing ----


def block(path: Path) -> None:
    """Let no file of this name be written any more."""
    path.with_name(f"{path.name}.fresh").mkdir(parents=True)


async def test_old_records_that_cannot_be_tidied_away_stop_no_printing(centre: Centre, sink: PrinterSink) -> None:
    voided = centre.folder / "spool" / "voided.json"
    block(voided)
    voided.write_text('{"old": 0}')
    await centre.configure(sink.address)
    with capture_logs() as logs:
        async with centre.running():
            await centre.until(lambda: any(line["event"] == "spool_not_purged" for line in logs))
            await centre.command("A001")
            await centre.until(lambda: centre.outcomes == [(True, None)])


@pytest.mark.usefixtures("agent")
async def test_a_slip_that_is_given_up_on_a_full_disk_stops_no_printing(centre: Centre, sink: PrinterSink) -> None:
    command = await centre.lose_paper_in_mid_job(sink)
    block(centre.folder / "spool" / f"{command}.json")
    await centre.print_again(sink)


@pytest.mark.usefixtures("agent")
async def test_where_no_record_can_be_kept_a_slip_is_refused_at_once(centre: Centre, sink: PrinterSink) -> None:
    command = str(uuid.uuid4())
    block(centre.folder / "spool" / f"{command}.json")
    await centre.command("A001", id=command)
    await centre.until(lambda: centre.outcomes == [(False, "offline")])
    assert sink.receipts == []


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
    await centre.until(lambda: bool(centre.results))
    assert {(result.id, result.ok) for result in centre.results} == {(command, True)}
    assert len(sink.receipts) == 1
    assert agent.status is PrinterStatus.OK
