"""How many connections there may be and how long each may take, over real sockets; time is given, never waited for."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest

from controller.http.server.connections import (
    BODY_BYTES_S,
    BODY_S,
    DESCRIPTORS_KEPT,
    HEADER_BYTES,
    HEADER_S,
    IDLE_S,
    MOST,
    READER_S,
    Limits,
)
from controller.http.server.web_server import WebServer, bind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.types import Receive, Scope, Send

CALL = b"GET / HTTP/1.1\r\nHost: hall\r\n\r\n"
STAFF = b"GET / HTTP/1.1\r\nHost: hall\r\nAuthorization: yes\r\n\r\n"
STREAM = b"GET /stream HTTP/1.1\r\nHost: hall\r\n\r\n"
MUCH = b"GET /much HTTP/1.1\r\nHost: hall\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: hall\r\nContent-Length: 100\r\n\r\nbegun"

Peer = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Hall:
    """A server with few places, whose time the test moves."""

    server: WebServer
    port: int
    refused: Counter[str]
    end_of_stream: asyncio.Event = field(default_factory=asyncio.Event)
    peers: list[Peer] = field(default_factory=list)

    async def connect(self, sent: bytes = b"") -> Peer:
        """Connect and send; returns once the server has taken both in."""
        before = len(self.server.connections)
        peer = await asyncio.open_connection("127.0.0.1", self.port)
        self.peers.append(peer)
        await until(lambda: len(self.server.connections) > before or bool(self.refused))
        if sent:
            peer[1].write(sent)
            await peer[1].drain()
        return peer

    async def later(self, seconds: float) -> None:
        """Look for what is past its deadline as if so many seconds had passed."""
        for _ in range(20):  # what was sent is read first
            await asyncio.sleep(0)
        self.server.connections.sweep(asyncio.get_running_loop().time() + seconds)


async def until(happened: Callable[[], bool], deadline_s: float = 5.0) -> None:
    async with asyncio.timeout(deadline_s):
        while not happened():  # noqa: ASYNC110 - the server under test has no event for it
            await asyncio.sleep(0.005)


async def is_open(peer: Peer) -> bool:
    """Return whether nothing closed the connection, after a moment in which it would have shown."""
    try:
        async with asyncio.timeout(0.1):
            return await peer[0].read(1) != b""
    except TimeoutError:
        return True
    except ConnectionError:
        return False


async def answer(peer: Peer, call: bytes = b"") -> bytes:
    if call:
        peer[1].write(call)
    async with asyncio.timeout(5):
        head = await peer[0].readuntil(b"\r\n\r\n")
        return head + await peer[0].readexactly(2)


@pytest.fixture
async def hall(request: pytest.FixtureRequest) -> AsyncIterator[Hall]:
    limits = getattr(request, "param", Limits(most=8, each=4))
    refused: Counter[str] = Counter()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["luot.connection"].set_signed_in(any(name == b"authorization" for name, _ in scope["headers"]))
        body = b"ok"
        if scope["path"] == "/stream":
            await made.end_of_stream.wait()
        elif scope["path"] == "/much":
            body = b"x" * 32_000_000
        elif scope["method"] == "POST":
            while (await receive()).get("more_body"):
                pass
        length = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": body})

    listener = bind("127.0.0.1", 0)
    made = Hall(WebServer(app, listener, limits, refused), listener.getsockname()[1], refused)
    serving = asyncio.create_task(made.server.run())
    await made.server.started()
    yield made
    made.end_of_stream.set()
    for _, writer in made.peers:
        writer.close()
    made.server.stop()
    await serving
    listener.close()


@pytest.mark.parametrize(
    ("sent", "after_s", "reason"),
    [
        (b"", HEADER_S, "idle"),
        (b"\r\n", HEADER_S, "idle"),
        (b"GET / HTTP/1.1\r\nHost:", HEADER_S, "header"),
        (POST, BODY_S, "body"),
    ],
)
async def test_who_sends_too_slowly_is_closed(hall: Hall, sent: bytes, after_s: float, reason: str) -> None:
    peer = await hall.connect(sent)

    await until(lambda: reason != "body" or next(iter(hall.server.connections._all))._body == 5)
    await hall.later(after_s - 1)
    before = dict(hall.refused)
    await hall.later(after_s + 0.1)

    assert before == {}
    assert hall.refused == {reason: 1}
    assert not await is_open(peer)


async def test_a_header_that_comes_drop_by_drop_gets_no_more_time(hall: Hall) -> None:
    peer = await hall.connect(b"GET / HTTP/1.1\r\n")
    for _ in range(5):
        peer[1].write(b"X-A: b\r\n")
        await peer[1].drain()

    await hall.later(HEADER_S + 0.1)

    assert hall.refused == {"header": 1}


async def test_after_an_answer_the_next_call_has_its_time_too(hall: Hall) -> None:
    peer = await hall.connect()
    await answer(peer, CALL)
    await hall.later(IDLE_S - 1)
    peer[1].write(b"GET")
    await until(lambda: next(iter(hall.server.connections._all))._phase.name == "HEADER")
    await hall.later(HEADER_S - 1)
    still = dict(hall.refused)
    await hall.later(HEADER_S + 0.1)

    assert (still, dict(hall.refused)) == ({}, {"header": 1})


async def test_a_body_that_goes_on_coming_has_longer(hall: Hall) -> None:
    half = 10 * BODY_BYTES_S
    head = f"POST / HTTP/1.1\r\nHost: hall\r\nContent-Length: {2 * half}\r\n\r\n".encode()
    peer = await hall.connect(head + b"x" * half)
    await until(lambda: next(iter(hall.server.connections._all))._body == half)

    await hall.later(BODY_S + 9)
    peer[1].write(b"x" * half)

    assert (await answer(peer)).startswith(b"HTTP/1.1 200")
    assert hall.refused == {}


async def test_a_stream_is_never_idle(hall: Hall) -> None:
    peer = await hall.connect(STREAM)
    await until(lambda: next(iter(hall.server.connections._all)).answers)

    await hall.later(3600)
    hall.end_of_stream.set()

    assert (await answer(peer)).startswith(b"HTTP/1.1 200")
    assert hall.refused == {}


async def test_a_reader_that_takes_nothing_is_closed_and_a_slow_one_is_not(hall: Hall) -> None:
    peer = await hall.connect(MUCH)
    await until(lambda: next(iter(hall.server.connections._all))._stalled is not None)
    async with asyncio.timeout(5):
        await peer[0].readexactly(8_000_000)
    await hall.later(READER_S + 0.1)
    while_it_reads = dict(hall.refused)

    await hall.later(2 * READER_S + 0.3)

    assert (while_it_reads, dict(hall.refused)) == ({}, {"reader": 1})


@pytest.mark.parametrize(
    "sent", [b"GET / HTTP/1.1\r\nX: ", b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: "]
)
async def test_no_header_and_no_trailer_grows_without_end(hall: Hall, sent: bytes) -> None:
    peer = await hall.connect(sent)
    try:
        async with asyncio.timeout(10):
            while not hall.refused:
                peer[1].write(b"x" * HEADER_BYTES)
                await peer[1].drain()
                await asyncio.sleep(0)
    except ConnectionError:
        pass

    await until(lambda: hall.refused == {"size": 1})


async def test_the_oldest_that_waits_makes_room_for_the_newest_of_its_address(hall: Hall) -> None:
    first, *others = [await hall.connect() for _ in range(4)]
    newest = await hall.connect()

    assert (await answer(newest, CALL)).startswith(b"HTTP/1.1 200")
    assert not await is_open(first)
    assert [await is_open(one) for one in others] == [True] * 3
    assert hall.refused == {"crowded": 1}


async def test_staff_and_whoever_is_being_answered_are_never_crowded_out(hall: Hall) -> None:
    officer = await hall.connect()
    await answer(officer, STAFF)
    being_answered = await hall.connect(STREAM)
    await until(lambda: any(one.answers for one in hall.server.connections._all))
    for _ in range(20):
        await hall.connect()
    hall.end_of_stream.set()

    assert (await answer(officer, STAFF)).startswith(b"HTTP/1.1 200")
    assert (await answer(being_answered)).startswith(b"HTTP/1.1 200")
    assert len(hall.server.connections) == 5


async def test_an_officer_finds_room_where_everything_is_being_answered_to_staff(hall: Hall) -> None:
    officers = [await hall.connect() for _ in range(2)]
    for officer in officers:
        await answer(officer, STAFF)
    strangers = [await hall.connect(STREAM) for _ in range(4)]
    await until(lambda: sum(one.answers for one in hall.server.connections._all) == 4)

    late = await hall.connect()
    hall.end_of_stream.set()

    assert not await is_open(late)
    assert all([(await answer(one)).startswith(b"HTTP/1.1 200") for one in strangers])


@pytest.mark.parametrize("hall", [Limits(most=8, each=2, proxies=(ip_network("127.0.0.0/8"),))], indirect=True)
async def test_a_trusted_proxy_is_limited_by_the_total_only(hall: Hall) -> None:
    for _ in range(8):
        await hall.connect()
    before = dict(hall.refused)
    await hall.connect()

    assert (before, dict(hall.refused)) == ({}, {"crowded": 1})


@pytest.mark.parametrize(("descriptors", "most"), [(1024, 1024 - DESCRIPTORS_KEPT), (8192, MOST), (100, 16)])
def test_connections_leave_descriptors_to_the_rest(descriptors: int, most: int) -> None:
    assert Limits.below(descriptors).most == most
