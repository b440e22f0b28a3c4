"""What strangers and oversize packets may cost the broker: real connections to a real Mosquitto."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from broker.server import mosquitto as module
from broker.server.mosquitto import Mosquitto, descriptors
from broker.server.mosquitto_config import DESCRIPTORS, OWN_DESCRIPTORS, PACKET_BYTES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.system
MIB = 1024 * 1024
PATIENCE_S = 20.0
CONNECT_HEAD = b"\x00\x04MQTT\x05\x02\x00\x0f\x00"


def announced(length: int) -> bytes:
    """Return the fixed header of a CONNECT whose remaining length is as given."""
    header = bytearray(b"\x10")
    while True:
        length, digit = divmod(length, 128)[0], length % 128
        header.append(digit | (0x80 if length else 0))
        if not length:
            return bytes(header)


def resident(pid: int | None) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


@contextlib.asynccontextmanager
async def strangers(broker: Mosquitto, count: int, length: int) -> AsyncIterator[list[asyncio.StreamReader]]:
    """Open connections that announce a CONNECT of a length and send all of it but the last byte."""
    writers: list[asyncio.StreamWriter] = []
    readers: list[asyncio.StreamReader] = []
    body = b"x" * (min(length, 4 * MIB) - len(CONNECT_HEAD) - 1)
    try:
        for _ in range(count):
            reader, writer = await asyncio.open_connection(broker.host, broker.port)
            writers.append(writer)
            readers.append(reader)
            with contextlib.suppress(ConnectionError):
                writer.write(announced(length) + CONNECT_HEAD + body)
                await writer.drain()
        yield readers
    finally:
        for writer in writers:
            writer.transport.abort()


async def is_served(broker: Mosquitto) -> bool:
    """Connect as nobody: a broker that works refuses it with a CONNACK."""
    reader, writer = await asyncio.open_connection(broker.host, broker.port)
    writer.write(b"\x10\x0f\x00\x04MQTT\x04\x02\x00\x0f\x00\x03abc")
    answer = await asyncio.wait_for(reader.read(4), PATIENCE_S)
    writer.transport.abort()
    return answer[:1] == b"\x20"


async def test_a_connect_of_98_megabytes_is_cut_off_at_its_header(mosquitto: Mosquitto) -> None:
    before = resident(mosquitto.pid)
    async with strangers(mosquitto, 20, 98 * MIB) as readers:
        for reader in readers:
            with contextlib.suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(1), PATIENCE_S) in (b"", b"\xe0")
        assert resident(mosquitto.pid) - before < 4 * MIB


async def test_the_broker_grows_little_under_250_unfinished_connects(mosquitto: Mosquitto) -> None:
    before = resident(mosquitto.pid)
    async with strangers(mosquitto, 250, PACKET_BYTES - 1):
        assert await is_served(mosquitto)
        assert resident(mosquitto.pid) - before < 20 * MIB


async def test_connections_end_before_the_descriptors_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "descriptors", lambda: OWN_DESCRIPTORS + 40)
    async with Mosquitto(tmp_path, "c") as broker, contextlib.AsyncExitStack() as stack:
        loop, reading = asyncio.get_running_loop(), []
        for _ in range(60):
            stranger = stack.enter_context(socket.socket())
            stranger.setblocking(False)
            await loop.sock_connect(stranger, (broker.host, broker.port))
            reading.append(asyncio.ensure_future(loop.sock_recv(stranger, 1)))
        async with asyncio.timeout(PATIENCE_S):
            while sum(one.done() for one in reading) < 15:
                await asyncio.wait([one for one in reading if not one.done()], return_when=asyncio.FIRST_COMPLETED)
        files = len(list(Path(f"/proc/{broker.pid}/fd").iterdir()))  # noqa: ASYNC240 - a read of the kernel
        for one in reading:
            one.cancel()
        await asyncio.gather(*reading, return_exceptions=True)

    assert files <= OWN_DESCRIPTORS + 40


async def test_a_broker_at_the_end_of_its_memory_serves_again_once_the_strangers_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DATA_BYTES", 24 * MIB)
    async with Mosquitto(tmp_path, "c") as broker:
        before = resident(broker.pid)
        async with strangers(broker, 500, PACKET_BYTES - 1):
            assert resident(broker.pid) - before < 28 * MIB
        async with asyncio.timeout(PATIENCE_S):
            while not await answers(broker):  # noqa: ASYNC110 - the kernel frees memory in its own time
                await asyncio.sleep(0.01)


async def answers(broker: Mosquitto) -> bool:
    with contextlib.suppress(OSError):
        return await is_served(broker)
    return False


async def test_the_child_may_open_8192_files_where_the_machine_allows_it(mosquitto: Mosquitto) -> None:
    soft, _ = resource.prlimit(mosquitto.pid or 0, resource.RLIMIT_NOFILE)

    assert soft == descriptors()
    assert soft >= min(DESCRIPTORS, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    assert f"max_connections {soft - OWN_DESCRIPTORS}" in (mosquitto.folder / module.CONFIG_FILE).read_text()
