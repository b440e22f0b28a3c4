"""What pages are told as it happens: server-sent events, made anew after each commit and sent when they differ."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse

from broker.contract.errors import Refused
from controller.http.keys import as_json

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from broker.runtime.clock import Clock
    from controller.services.engine.engine import Commit

PAUSE_S: Final = 0.2
"""Real seconds between two events of one page at least, so that a rush does not redraw it for every ticket."""

REFRESH_S: Final = 15.0
"""Real seconds after which a quiet page is made anew: waiting times and undo limits move without a commit."""

SEND_TIMEOUT_S: Final = 20.0


class Pulse:
    """Counts commits and wakes those who wait for the next one."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def beat(self, _: Commit | None = None) -> None:
        """Count a commit; the engine calls this."""
        self.count += 1
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def next(self, seen: int, timeout_s: float) -> int:
        """Give the count as soon as it is above `seen`, or after so many real seconds."""
        if self.count == seen:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait([future], timeout=timeout_s)
            finally:
                self._waiting.discard(future)
        return self.count


async def told(
    pulse: Pulse, clock: Clock, view: Callable[[], Awaitable[Any]], alive: Callable[[], bool]
) -> AsyncIterator[ServerSentEvent]:
    """Give a view as events: at once, and whenever it has changed, until its reader is signed out."""
    last = ""
    while alive():
        seen = pulse.count
        started = clock.monotonic()
        try:
            content = as_json(await view()).decode()
        except Refused:
            content = last
        if content != last:
            last = content
            yield ServerSentEvent(data=content, event="state")
        await pulse.next(seen, REFRESH_S)
        await asyncio.sleep(max(0.0, PAUSE_S - (clock.monotonic() - started)))
    yield ServerSentEvent(data="", event="over")


def stream(events: AsyncIterator[ServerSentEvent]) -> EventSourceResponse:
    """Answer with events; a reader that takes none for 20 s is let go."""
    return EventSourceResponse(events, ping=10, send_timeout=SEND_TIMEOUT_S)
