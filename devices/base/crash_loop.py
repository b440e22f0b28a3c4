"""A program that falls again and again waits longer each time before it begins, and is told so.

    async with back_off_after_crashes(data) as falls:      # how often it has fallen within the last minute
        ...

systemd starts a program that fell again at once; its own pause that grows came only after Debian 12.
"""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

log = structlog.get_logger()

WITHIN_S = 60.0
FREE = 3
"""Falls within that time after which it begins at once."""
LONGEST_S = 30.0


def pause_s(falls: int) -> float:
    """Give the pause before a start after so many falls."""
    return 0.0 if falls <= FREE else min(LONGEST_S, 2.0 ** (falls - FREE - 1))


@asynccontextmanager
async def back_off_after_crashes(
    data: Path,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[int]:
    """Wait as long as the falls before this start ask for; a program that ends in order has not fallen."""
    file = data / "starts.json"
    # The clock counts from the boot of the machine: what lies ahead of it is from before.
    starts = [at for at in _read(file) if now() - WITHIN_S - LONGEST_S < at <= now()]
    pause = pause_s(len(starts))
    if pause:
        log.warning("falls_again_and_again", falls=len(starts), pause_s=pause)
        await sleep(pause)
    _write(file, [*starts, now()])
    try:
        yield len(starts)
    except asyncio.CancelledError:
        _forget(file)
        raise
    _forget(file)


def _write(file: Path, starts: list[float]) -> None:
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(starts))


def _forget(file: Path) -> None:
    with suppress(OSError):  # a disk that takes nothing has no falls to forget either
        file.unlink(missing_ok=True)


def _read(file: Path) -> list[float]:
    try:
        return [float(at) for at in json.loads(file.read_text())]
    except (OSError, ValueError, TypeError):
        return []
