from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from deploy.bench.issue_mqtt import PLAIN_BROKER, _listening
from deploy.bench.raw_mqtt import RawDevice, _length, _packet, raw_device
from deploy.demo.hall import free_port
from deploy.driver.figure import BenchFault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    """A plain broker."""
    port = free_port()
    config = tmp_path / "broker.conf"
    config.write_text(PLAIN_BROKER.format(port=port))
    broker = await asyncio.create_subprocess_exec(
        "mosquitto", "-c", str(config), stderr=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL
    )
    await _listening(port)
    yield port
    broker.terminate()
    await broker.wait()


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


async def test_messages_arrive_whole_and_in_order(port: int) -> None:
    heard: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
    listener = await raw_device("127.0.0.1", port, "listener", "", "luot/+/x", lambda *one: heard.put_nowait(one))
    sender = await raw_device("127.0.0.1", port, "sender", "", "luot/sender", lambda *_: None)
    sent = [(f"luot/{size}/x", bytes([size % 251]) * size) for size in (0, 1, 100, 130, 20_000, 60_000) * 20]

    for topic, payload in sent:
        sender.publish(topic, payload)

    assert [await asyncio.wait_for(heard.get(), 10) for _ in sent] == sent
    listener.close()
    sender.close()


async def test_a_lost_connection_is_said_at_the_next_message(port: int) -> None:
    device = await raw_device("127.0.0.1", port, "one", "", "luot/one", lambda *_: None)

    device.close()
    await asyncio.sleep(0)

    with pytest.raises(BenchFault, match="gone"):
        device.publish("luot/one", b"")


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
