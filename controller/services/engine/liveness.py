"""Reports to systemd, and to the program's own watchdog, that the engine works.

The beats come from the event loop and only while the engine's writer comes round, so a loop that is blocked and an
engine that hangs both end the process, which is started again from what is on disk. A disk that fails or is slow is
neither: the engine goes on answering `try_again`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from broker.runtime.watchdog import BEAT_S, Watchdog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from controller.services.engine.engine import Engine


async def report_liveness(
    engine: Engine,
    started: Callable[[], Awaitable[None]],
    watchdog: Watchdog | None = None,
    pause_s: float = BEAT_S,
) -> None:
    """Beat while the engine turns, from when HTTP is served until cancelled; the first beat says READY to systemd.

    The broker is not waited for: one that starts later must not let systemd end the controller meanwhile.
    """
    with watchdog or Watchdog() as watching:
        await started()
        while True:
            if engine.turns:
                watching.beat()
            await asyncio.sleep(pause_s)
