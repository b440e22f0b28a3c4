"""A client of the load generator: one connection kept alive, one POST after the other, and nothing more."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from typing_extensions import override

from deploy.driver.figure import BenchFault

if TYPE_CHECKING:
    from collections.abc import Callable


class RawPoster(asyncio.Protocol):
    """Posts what `request` gives as soon as the last answer is there, until it gives None.

    `answered` is called with (status, body) of each answer, and may raise `BenchFault`. `done` ends when all are
    answered, or with a `BenchFault`.
    """

    def __init__(self, request: Callable[[], bytes | None], answered: Callable[[int, bytes], None]) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._request = request
        self._answered = answered
        self._transport: asyncio.Transport | None = None
        self._buffer = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Post the first."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._next()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Say so when there was more to come."""
        if not self.done.done():
            self.done.set_exception(BenchFault(f"the server closed a connection: {exc or 'no reason given'}"))

    @override
    def data_received(self, data: bytes) -> None:
        """Take an answer, whole or in pieces, and post the next."""
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        length = content_length(self._buffer[:end])
        if len(self._buffer) < end + 4 + length:
            return
        status, body = int(self._buffer[9:12]), self._buffer[end + 4 : end + 4 + length]
        self._buffer = self._buffer[end + 4 + length :]
        try:
            self._answered(status, body)
        except BenchFault as fault:
            self._end(fault)
        else:
            self._next()

    def _next(self) -> None:
        if self._transport is None:
            return
        request = self._request()
        if request is not None:
            self._transport.write(request)
        else:
            self._end()

    def _end(self, fault: BenchFault | None = None) -> None:
        if not self.done.done():
            self.done.set_result(None) if fault is None else self.done.set_exception(fault)
        if self._transport is not None:
            self._transport.close()


def content_length(head: bytes) -> int:
    """Read how long the body of an answer is; an answer that does not say is a `BenchFault`."""
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    raise BenchFault("the server answers without the length of its body")


def post(host: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Give the bytes of a POST with a JSON body."""
    told = {"Host": host, "Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", ""]
    return "\r\n".join(lines).encode() + body
