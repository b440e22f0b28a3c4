"""Ends a program whose main loop no longer turns, with the reason and every stack, so that it is started again.

    with Watchdog() as watchdog:
        Clock.schedule_interval(lambda _: watchdog.beat(), BEAT_S)     # from the loop itself, never from a thread

The first beat says that the program is ready, each says to systemd that it turns. It works without systemd too: a
thread looks at the beats, and behind it stands one of faulthandler, which needs no interpreter: it also ends a program
that hangs in a library without ever giving the interpreter back.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Self

from broker.runtime.systemd import ENDS, READY, TURNS, notify_systemd

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import TracebackType

BEAT_S = 1.0
FROZEN_S = 15.0
"""A loop that has not turned for so long never will."""
MORE_S = 5.0
"""So much later faulthandler ends what this module's own thread could not."""
LOOK_S = 0.5
PAUSED_S = 2.0
"""A look that comes so much too late means that the whole process stood still, not its loop."""


class Watchdog:
    """Watches one loop from its first beat on; `fell` is told how long it has not turned."""

    def __init__(
        self,
        frozen_s: float = FROZEN_S,
        *,
        now: Callable[[], float] = time.monotonic,
        fell: Callable[[float], None] | None = None,
        tell: Callable[[str], object] = notify_systemd,
    ) -> None:
        self._frozen_s = frozen_s
        self._now = now
        self._fell = fell or end_frozen
        self._tell = tell
        self._beaten: float | None = None
        self._looked = now()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, name="watchdog", daemon=True)

    def beat(self) -> None:
        """Hear from the loop that it turns."""
        if self._beaten is None:
            self._tell(READY)
        self._beaten = self._now()
        self._tell(TURNS)
        if self._thread.is_alive():
            faulthandler.dump_traceback_later(self._frozen_s + MORE_S, exit=True)

    def look(self) -> None:
        """Look whether the loop still turns."""
        now = self._now()
        paused, self._looked = now - self._looked > LOOK_S + PAUSED_S, now
        if self._beaten is None:
            return
        if paused:
            self._beaten = now
        elif now - self._beaten > self._frozen_s:
            self._fell(now - self._beaten)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        faulthandler.cancel_dump_traceback_later()
        self._tell(ENDS)

    def _keep_looking(self) -> None:
        while not self._over.wait(LOOK_S):
            self.look()


def end_frozen(seconds: float) -> None:
    """Say why, show every stack, and end the program at once; the loop that hangs may hold the lock of the log."""
    os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, _reason(seconds))
    faulthandler.dump_traceback(all_threads=True)
    os._exit(1)


def _reason(seconds: float) -> bytes:
    return f"luot: the main loop has not turned for {seconds:.0f} s; the program ends to be started again\n".encode()


async def watched(work: Coroutine[None, None, None], watchdog: Watchdog | None = None) -> None:
    """Do the work of a program without a screen, watched: its loop is asyncio's."""
    with watchdog or Watchdog() as watching:
        beating = asyncio.create_task(_beat(watching), name="watchdog beat")
        try:
            await work
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)


async def _beat(watchdog: Watchdog) -> None:
    while True:
        watchdog.beat()
        await asyncio.sleep(BEAT_S)
