"""Server-sent events of pages: a view is rendered again after each commit and sent when it has changed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import to_json
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse

from broker.contract.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from broker.runtime.clock import Clock
    from controller.services.engine.engine import Commit

PAUSE_S: Final = 0.2
"""Real seconds between two events of one page at least, so that a rush does not redraw it for every ticket."""

REFRESH_S: Final = 15.0
"""Real seconds after which a quiet page is rendered again: waiting times and undo limits move without a commit."""

SEND_TIMEOUT_S: Final = 20.0


class CommitSignal:
    """Counts commits and wakes those who wait for the next one."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self, _: Commit | None = None) -> None:
        """Count a commit; the engine calls this."""
        self.count += 1
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def next(self, seen: int, timeout_s: float) -> int:
        """Return the count as soon as it is above `seen`, or after so many real seconds."""
        if self.count == seen:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait([future], timeout=timeout_s)
            finally:
                self._waiting.discard(future)
        return self.count


async def view_events(
    commits: CommitSignal, clock: Clock, view: Callable[[], Awaitable[Any]], alive: Callable[[], bool]
) -> AsyncIterator[ServerSentEvent]:
    """Yield a view as events: at once, and whenever it has changed, until its reader is signed out."""
    last = ""
    while alive():
        seen = commits.count
        started = clock.monotonic()
        try:
            content = to_json(await view()).decode()
        except RefusedError:
            content = last
        if content != last:
            last = content
            yield ServerSentEvent(data=content, event="state")
        await commits.next(seen, REFRESH_S)
        await asyncio.sleep(max(0.0, PAUSE_S - (clock.monotonic() - started)))
    yield ServerSentEvent(data="", event="over")


def event_response(events: AsyncIterator[ServerSentEvent]) -> EventSourceResponse:
    """Respond with events; a client that reads none for 20 s is disconnected."""
    return EventSourceResponse(events, ping=10, send_timeout=SEND_TIMEOUT_S)
