"""A program that stands still for a while, as one whose machine is frozen."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@asynccontextmanager
async def standstill(process: asyncio.subprocess.Process) -> AsyncIterator[None]:
    """Let a program stand still within the block.

    Who holds it is a process of its own that lets it go when its input ends: so it goes on, and can be ended, also when
    whoever asked for it is killed.
    """
    holder = await asyncio.create_subprocess_exec(
        "sh", "-c", 'kill -STOP "$1"; echo; read -r _; kill -CONT "$1"', "sh", str(process.pid),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        if holder.stdout is not None:
            await holder.stdout.readline()
        yield
    finally:
        if holder.stdin is not None:
            holder.stdin.close()
        await holder.wait()
