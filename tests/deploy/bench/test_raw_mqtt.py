from __future__ import annotations

import asyncio

import pytest

from deploy.bench.raw_mqtt import RawDevice, _length, _packet
from deploy.driver.figure import BenchFault


@pytest.mark.parametrize(
    ("size", "raw"),
    [(0, b"\x00"), (127, b"\x7f"), (128, b"\x80\x01"), (16_383, b"\xff\x7f"), (16_384, b"\x80\x80\x01")],
)
def test_lengths_are_written_as_the_protocol_says(size: int, raw: bytes) -> None:
    assert _length(size) == raw


def test_a_packet_is_taken_once_it_is_all_there() -> None:
    raw = b"\x30" + _length(200) + bytes(200)

    assert all(_packet(raw[:end], 0) is None for end in range(len(raw)))
    assert _packet(raw + b"\x30", 0) == (0x30, bytes(200), len(raw))


async def test_a_broker_that_hangs_up_fails_the_sign_in() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    _, device = await asyncio.get_running_loop().create_connection(
        lambda: RawDevice(lambda *_: None), "127.0.0.1", port
    )

    with pytest.raises(BenchFault, match="closed the connection"):
        await device.sign_in("one", "")
    server.close()
    await server.wait_closed()
