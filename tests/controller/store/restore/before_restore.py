"""What stands before a restore in tests: numbers given, a backup, and more numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controller.store.restore.backup import back_up

if TYPE_CHECKING:
    from pathlib import Path

COPY = "copy.db"
YESTERDAY, TODAY = "2026-11-22", "2026-11-23"


async def issue(open_rig: Any, count: int) -> list[str]:
    """Give numbers in a run of the engine of their own."""
    async with open_rig() as rig:
        return [(await rig.issue())["number"] for _ in range(count)]


async def backed_up(open_rig: Any, folder: Path, before: int, after: int) -> None:
    """Give numbers, take a backup, and give more."""
    async with open_rig() as rig:
        for _ in range(before):
            await rig.issue()
        back_up(folder, folder / COPY)
        for _ in range(after):
            await rig.issue()
