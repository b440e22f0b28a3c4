"""The demonstration's printer, as any program on the network meets it."""

from __future__ import annotations

import asyncio
import struct
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from deploy.demo.printer_sink import PrinterSink

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SLIP = b"\x1b@\x1dv0\x00" + struct.pack("<HH", 2, 4) + bytes(range(1, 9)) + b"\x1dV\x00"
STATUS = b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"


@pytest.fixture
async def sink(tmp_path: Path) -> AsyncIterator[PrinterSink]:
    async with PrinterSink(folder=tmp_path / "slips") as printer:
        yield printer


class Client:
    """A connection to the printer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, sink: PrinterSink) -> Client:
        return cls(*await asyncio.open_connection(sink.host, sink.port))

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    async def hear(self, count: int) -> bytes:
        async with asyncio.timeout(5):
            return await self._reader.readexactly(count)

    async def close(self) -> None:
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


async def test_a_slip_is_kept_with_its_bytes_and_saved_as_a_picture(sink: PrinterSink, tmp_path: Path) -> None:
    client = await Client.to(sink)
    client.send(SLIP)
    await sink.wait_for(1)
    assert (sink.receipts[0].bytes, sink.receipts[0].cut) == (SLIP, True)
    with Image.open(tmp_path / "slips" / "slip-0001.png") as saved:
        assert saved.size == (16, 4)
    await client.close()


async def test_several_printers_clients_are_served_at_once(sink: PrinterSink) -> None:
    clients = [await Client.to(sink) for _ in range(5)]
    for client in clients:
        client.send(SLIP[:10])
    for client in clients:
        client.send(SLIP[10:])
    await sink.wait_for(5)
    assert {receipt.bytes for receipt in sink.receipts} == {SLIP}
    for client in clients:
        await client.close()


@pytest.mark.parametrize(
    ("fault", "answers"),
    [
        (None, b"\x12\x12\x12\x12"),
        ("paper_low", b"\x12\x12\x12\x1e"),
        ("paper_out", b"\x1a\x32\x12\x7e"),
        ("cover_open", b"\x1a\x16\x12\x12"),
        ("cutter", b"\x1a\x52\x1a\x12"),
        ("offline", b"\x1a\x12\x12\x12"),
    ],
)
async def test_real_time_questions_are_answered_in_every_state(
    sink: PrinterSink, fault: str | None, answers: bytes
) -> None:
    if fault is not None:
        sink.set_fault(fault)
    client = await Client.to(sink)
    client.send(STATUS)
    assert await client.hear(4) == answers
    await client.close()


async def test_without_paper_a_job_and_the_question_behind_it_wait_for_the_paper(sink: PrinterSink) -> None:
    sink.set_fault("paper_out")
    client = await Client.to(sink)
    client.send(SLIP + b"\x1dr\x01" + b"\x10\x04\x01")
    assert await client.hear(1) == b"\x1a"
    assert sink.receipts == []
    sink.set_fault("paper_out", active=False)
    assert await client.hear(1) == b"\x00"
    assert len(sink.receipts) == 1
    await client.close()


async def test_automatic_status_is_sent_at_once_and_at_each_change(sink: PrinterSink) -> None:
    client = await Client.to(sink)
    client.send(b"\x1da\xff")
    assert await client.hear(4) == b"\x10\x00\x00\x00"
    sink.set_fault("paper_out")
    assert await client.hear(4) == b"\x18\x00\x0f\x00"
    await client.close()


async def test_a_slip_can_be_lost_although_it_is_answered_as_printed(sink: PrinterSink) -> None:
    sink.drop_next()
    client = await Client.to(sink)
    client.send(SLIP + b"\x1dr\x01" + SLIP)
    assert await client.hear(1) == b"\x00"
    await sink.wait_for(1)
    assert (len(sink.receipts), len(sink.dropped)) == (1, 1)
    await client.close()


async def test_paper_that_ends_in_the_middle_of_a_slip_stops_the_rest(sink: PrinterSink) -> None:
    sink.fault_after(10, "paper_out")
    client = await Client.to(sink)
    client.send(SLIP + b"\x10\x04\x01")
    assert await client.hear(1) == b"\x1a"
    assert sink.receipts == []
    await client.close()


async def test_switched_off_and_on_it_has_forgotten_what_it_held(sink: PrinterSink) -> None:
    sink.set_fault("paper_out")
    client = await Client.to(sink)
    client.send(SLIP + b"\x10\x04\x01")
    await client.hear(1)
    sink.forget()
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await client.hear(1)
    sink.set_fault("paper_out", active=False)
    assert sink.receipts == []
    await client.close()


def test_a_fault_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="paper_out"):
        PrinterSink().set_fault("jam")
    with pytest.raises(ValueError, match="paper_out"):
        PrinterSink().fault_after(10, "jam")


async def test_a_port_in_use_is_an_error_of_the_system(sink: PrinterSink) -> None:
    with pytest.raises(OSError, match="in use"):
        await PrinterSink(sink.host, sink.port).start()
