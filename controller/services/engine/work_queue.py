"""What waits for the engine, in order; a rush is gathered so that it shares one sync of the disk."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from controller.services.engine.work import QueuedCommand

RUSH: Final = 4
"""Commands of one batch that make a rush. A lone one, or a few, never wait for others."""

GATHER_S: Final = 0.001
"""Real seconds that a rush waits at most for those that were just answered: they ask again at once, each in turn."""


class WorkQueue:
    """A queue with one reader."""

    def __init__(self) -> None:
        self._works: deque[QueuedCommand] = deque()
        self._woken = asyncio.Event()
        self._enough = 1
        """How many must wait before the reader is woken: more than one only while it gathers."""
        self._closed = False

    def __len__(self) -> int:
        return len(self._works)

    def put(self, work: QueuedCommand) -> None:
        """Add one at the end."""
        self._works.append(work)
        if len(self._works) >= self._enough:
            self._woken.set()

    def close(self) -> None:
        """Wake the reader, now and whenever it waits again."""
        self._closed = True
        self._woken.set()

    async def wait(self) -> None:
        """Wait until something was added, or the queue was closed, since the last wait."""
        await self._woken.wait()
        if not self._closed:
            self._woken.clear()

    def take(self, most: int) -> list[QueuedCommand]:
        """Take the first ones away, `most` at most."""
        return [self._works.popleft() for _ in range(min(most, len(self._works)))]

    async def gather(self, answered: int) -> None:
        """After a batch of a rush, wait a moment until as many have asked as were just answered."""
        if answered < RUSH or answered <= len(self._works) or self._closed:
            return
        self._enough = answered
        self._woken.clear()
        alarm = asyncio.get_running_loop().call_later(GATHER_S, self._woken.set)
        try:
            await self._woken.wait()
        finally:
            alarm.cancel()
            self._enough = 1
            self._woken.set()
