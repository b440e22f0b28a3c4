"""How many connections a broker is given; what strangers may cost a real one is in `tests/system/broker`."""

from __future__ import annotations

import asyncio
import contextlib
import resource
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from broker.server.mosquitto import Mosquitto, descriptors
from broker.server.mosquitto_config import DESCRIPTORS, OWN_DESCRIPTORS, Listener, config_text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MIB = 1024 * 1024
CONNECT_HEAD = b"\x00\x04MQTT\x05\x02\x00\x0f\x00"


def announced(length: int) -> bytes:
    """Return the fixed header of a CONNECT whose remaining length is as given."""
    header = bytearray(b"\x10")
    while True:
        length, digit = divmod(length, 128)[0], length % 128
        header.append(digit | (0x80 if length else 0))
        if not length:
            return bytes(header)


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


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ((1024, 524288), DESCRIPTORS),
        ((20000, 20000), 20000),
        ((1024, 4096), 4096),
        ((1024, resource.RLIM_INFINITY), DESCRIPTORS),
    ],
)
def test_descriptors_are_as_many_as_wanted_or_as_the_hard_limit_has(
    monkeypatch: pytest.MonkeyPatch, limits: tuple[int, int], expected: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits)

    assert descriptors() == expected


def test_several_listeners_share_the_connections() -> None:
    text = config_text(
        plugin=Path("/p.so"), security=Path("/s.json"), user=None, descriptors=OWN_DESCRIPTORS + 100,
        listeners=[Listener("127.0.0.1", 1883), Listener("127.0.0.1", 8883)],
    )  # fmt: skip

    assert text.count("max_connections 50\n") == 2
