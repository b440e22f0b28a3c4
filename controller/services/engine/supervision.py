"""Loops of the controller that outlive their failures.

    supervisor = Supervisor(clock, restarts, ends=(AnotherControllerError,))
    await supervisor.keep("dispatch", dispatch.run)        # logs, counts and restarts; returns when the loop does

An unexpected exception is logged and counted, and the loop begins again after a pause that grows. A vital loop that
fails too often ends the process with `RepeatedFailureError`, because a restart from disk cures what a wrong state in
memory causes; a loop that the centre can work without goes on trying for ever. What is in `ends` is an answer, not a
failure.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from typing import TYPE_CHECKING, Any, Final

import structlog

from broker.link.backoff import Backoff

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from broker.runtime.clock import Clock

log = structlog.get_logger()

MOST: Final = 20
WITHIN_S: Final = 600.0
"""A vital loop may fail so often within so many real seconds."""


class RepeatedFailureError(Exception):
    """A loop fails again and again; the message is one sentence."""


class Supervisor:
    """Keeps loops running. `restarts` counts by loop; every kept loop is in it, from 0 on."""

    def __init__(
        self,
        clock: Clock,
        restarts: Counter[str] | None = None,
        *,
        ends: tuple[type[Exception], ...] = (),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._ends = ends
        self._sleep = sleep
        self.restarts = Counter() if restarts is None else restarts

    async def keep(self, name: str, loop: Callable[[], Awaitable[Any]], *, vital: bool = True) -> None:
        """Run a loop until it returns or is cancelled, restarting it after each failure."""
        self.restarts[name] += 0
        backoff, failures = Backoff(), deque[float](maxlen=MOST)
        while True:
            began = self._clock.monotonic()
            try:
                await loop()
            except self._ends:
                raise
            except Exception as error:
                log.exception("loop_failed", loop=name)
                self._count(name, failures, error, vital=vital)
            else:
                return
            if self._clock.monotonic() - began > backoff.most:
                backoff.reset()
            await self._sleep(backoff.pause())

    def _count(self, name: str, failures: deque[float], error: Exception, *, vital: bool) -> None:
        now = self._clock.monotonic()
        self.restarts[name] += 1
        failures.append(now)
        if vital and len(failures) == MOST and now - failures[0] <= WITHIN_S:
            raise RepeatedFailureError(
                f"the loop {name} failed {MOST} times within {WITHIN_S / 60:.0f} minutes; "
                "the controller ends to be started again, no ticket is lost"
            ) from error
