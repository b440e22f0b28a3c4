"""Work that outlives the handler that began it: bounded in number, and never failing in silence."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import TracebackType

log = structlog.get_logger()


async def run_logged(name: str, loop: Callable[[], Coroutine[Any, Any, None]], pause_s: float = 1.0) -> None:
    """Run a loop until cancelled: whatever it raises is logged under its name, and it begins again after a pause."""
    while True:
        try:
            await loop()
        except Exception:
            log.exception("work_failed", work=name)
        await asyncio.sleep(pause_s)


class Tasks:
    """At most `limit` pieces of work at a time; leaving the context cancels what still runs.

    `start` waits for a free place, so a handler that is flooded holds back the link instead of filling the memory.
    """

    def __init__(self, limit: int) -> None:
        self._places = asyncio.Semaphore(limit)
        self._running: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._running)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def start(self, work: Coroutine[Any, Any, None], name: str = "work") -> None:
        """Begin a piece of work as soon as there is a place; an exception in it is logged under its name."""
        await self._places.acquire()
        task = asyncio.create_task(self._guarded(work, name), name=name)
        self._running.add(task)
        task.add_done_callback(self._leave)

    def _leave(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._places.release()

    async def _guarded(self, work: Coroutine[Any, Any, None], name: str) -> None:
        try:
            await work
        except Exception:
            log.exception("work_failed", work=name)
