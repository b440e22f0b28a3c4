from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from deploy.bench.raw_http import RawPoster, content_length, post
from deploy.driver.figure import BenchFault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


async def served(answer: Answer) -> asyncio.Server:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            await answer(await reader.readexactly(content_length(head)), writer)

    async def until_closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except asyncio.IncompleteReadError:
            writer.close()

    return await asyncio.start_server(until_closed, "127.0.0.1", 0)


@pytest.fixture
async def echo() -> AsyncIterator[int]:
    """A server that answers 201 with the body, in pieces."""

    async def answer(body: bytes, writer: asyncio.StreamWriter) -> None:
        for piece in (b"HTTP/1.1 201 Created\r\ncontent-", b"LENGTH: %d\r\n\r\n" % len(body), body[:3], body[3:]):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)

    server = await served(answer)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


async def posted(port: int, bodies: list[bytes], seen: Callable[[int, bytes], None]) -> None:
    left = iter(bodies)

    def request() -> bytes | None:
        body = next(left, None)
        return None if body is None else post("127.0.0.1", "/x", body, {"X-One": "1"})

    _, poster = await asyncio.get_running_loop().create_connection(lambda: RawPoster(request, seen), "127.0.0.1", port)
    await asyncio.wait_for(poster.done, 10)


async def test_each_post_waits_for_the_answer_of_the_last(echo: int) -> None:
    answers: list[tuple[int, bytes]] = []

    await posted(echo, [b"first", b"", b"third" * 1000], lambda status, body: answers.append((status, body)))

    assert answers == [(201, b"first"), (201, b""), (201, b"third" * 1000)]


async def test_a_fault_of_the_caller_ends_the_run(echo: int) -> None:
    def refuse(status: int, body: bytes) -> None:
        raise BenchFault(f"answered {status} {body.decode()}")

    with pytest.raises(BenchFault, match="answered 201 one"):
        await posted(echo, [b"one", b"two"], refuse)


async def test_a_server_that_hangs_up_is_a_fault() -> None:
    async def hang_up(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await served(hang_up)
    with pytest.raises(BenchFault, match="closed a connection"):
        await posted(server.sockets[0].getsockname()[1], [b"one"], lambda *_: None)
    server.close()
    await server.wait_closed()


def test_an_answer_without_length_is_a_fault() -> None:
    with pytest.raises(BenchFault, match="length"):
        content_length(b"HTTP/1.1 200 OK\r\nServer: x")
