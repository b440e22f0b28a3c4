"""A device of the load generator: MQTT 3.1.1 at QoS 1 and nothing more, so that it is not itself what is measured."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from typing_extensions import override

from deploy.driver.figure import BenchFault

if TYPE_CHECKING:
    from collections.abc import Callable

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK = 0x10, 0x20, 0x30, 0x40, 0x82, 0x90
_CLEAN_USER_PASSWORD = 0xC2
_KEEP_ALIVE_S = 60
_CONNECT_SECONDS = 10.0


class RawDevice(asyncio.Protocol):
    """One connection. `heard` is called with (topic, payload) of each message, from the event loop, and may publish."""

    def __init__(self, heard: Callable[[str, bytes], None]) -> None:
        self.heard = heard
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._packet_id = 0
        self._answers: dict[int, asyncio.Future[bytes]] = {}

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Fail whoever waits for the broker."""
        self._transport = None
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(BenchFault(f"the broker closed the connection: {exc or 'no reason given'}"))

    @override
    def data_received(self, data: bytes) -> None:
        """Take packets apart as they come, whole or in pieces."""
        buffer, start = self._rest + data, 0
        while (found := _packet(buffer, start)) is not None:
            kind, body, start = found
            self._take(kind, body)
        self._rest = buffer[start:]

    def _take(self, kind: int, body: bytes) -> None:
        if kind & 0xF0 == PUBLISH:
            length = int.from_bytes(body[:2], "big")
            begin = 2 + length + (2 if kind & 0x06 else 0)
            if kind & 0x06:
                self._write(PUBACK, body[2 + length : begin])
            self.heard(body[2 : 2 + length].decode(), body[begin:])
        elif kind in (CONNACK, SUBACK) and (waiting := self._answers.pop(kind, None)) is not None:
            waiting.set_result(body)

    async def sign_in(self, name: str, password: str) -> None:
        """Connect as a device; a refusal is a `BenchFault`."""
        head = b"\x00\x04MQTT\x04" + bytes((_CLEAN_USER_PASSWORD,)) + _KEEP_ALIVE_S.to_bytes(2, "big")
        answer = await self._asked(CONNACK, CONNECT, head + _text(name) + _text(name) + _text(password))
        if answer[1]:
            raise BenchFault(f"the broker does not let {name} in ({answer[1]})")

    async def subscribe(self, topic: str) -> None:
        """Hear a topic; a refusal is a `BenchFault`."""
        answer = await self._asked(SUBACK, SUBSCRIBE, self._next_id() + _text(topic) + b"\x01")
        if answer[2] >= 0x80:
            raise BenchFault(f"the broker refuses a subscription to {topic}")

    def publish(self, topic: str, payload: bytes) -> None:
        """Send a message at QoS 1, without waiting for its confirmation."""
        self._write(PUBLISH | 0x02, _text(topic) + self._next_id() + payload)

    def close(self) -> None:
        """Leave."""
        if self._transport is not None:
            self._transport.close()

    async def _asked(self, answer: int, kind: int, body: bytes) -> bytes:
        waiting: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._answers[answer] = waiting
        self._write(kind, body)
        async with asyncio.timeout(_CONNECT_SECONDS):
            return await waiting

    def _next_id(self) -> bytes:
        self._packet_id = self._packet_id % 0xFFFF + 1
        return self._packet_id.to_bytes(2, "big")

    def _write(self, kind: int, body: bytes) -> None:
        if self._transport is None:
            raise BenchFault("the connection to the broker is gone")
        self._transport.write(bytes((kind,)) + _length(len(body)) + body)


async def raw_device(
    host: str, port: int, name: str, password: str, hears: str, heard: Callable[[str, bytes], None]
) -> RawDevice:
    """Sign in as a device and hear a topic."""
    _, device = await asyncio.get_running_loop().create_connection(lambda: RawDevice(heard), host, port)
    await device.sign_in(name, password)
    await device.subscribe(hears)
    return device


def _packet(buffer: bytes, start: int) -> tuple[int, bytes, int] | None:
    """Give the kind, the body and the end of the packet that begins at a place; None when it is not all there."""
    length, shift, place = 0, 0, start + 1
    while place < len(buffer):
        part = buffer[place]
        length |= (part & 0x7F) << shift
        shift, place = shift + 7, place + 1
        if not part & 0x80:
            end = place + length
            return (buffer[start], buffer[place:end], end) if end <= len(buffer) else None
    return None


def _length(size: int) -> bytes:
    parts = bytearray()
    while True:
        size, part = divmod(size, 128)
        parts.append(part | (0x80 if size else 0))
        if not size:
            return bytes(parts)


def _text(text: str) -> bytes:
    raw = text.encode()
    return len(raw).to_bytes(2, "big") + raw
