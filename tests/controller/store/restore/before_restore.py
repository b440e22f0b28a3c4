"""What stands before a restore in tests: numbers given, a backup, more numbers, and a store that may be damaged."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from controller.store.database import FILE
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


def journal_of(place: Path) -> tuple[int, int, int]:
    """Return epoch, events and sessions of a store."""
    with closing(sqlite3.connect(place)) as store:
        (epoch,) = store.execute("SELECT value FROM marks WHERE name = 'epoch'").fetchone()
        return (
            int(epoch),
            store.execute("SELECT count(*) FROM journal").fetchone()[0],
            store.execute("SELECT count(*) FROM sessions").fetchone()[0],
        )


def sign_in(place: Path) -> None:
    """Put a user with a session into a store."""
    with closing(sqlite3.connect(place)) as store, store:
        store.execute("INSERT INTO users VALUES ('officer', 'officer', 'hash', 1)")
        store.execute("INSERT INTO sessions VALUES ('digest', 'officer', 'csrf', 1, 9000000000000)")


def zero_header(place: Path) -> None:
    with place.open("r+b") as file:
        file.write(bytes(100))


def empty(place: Path) -> None:
    os.truncate(place, 0)


def bad_log(place: Path) -> None:
    place.with_name(f"{FILE}-wal").write_bytes(b"\x37\x7f\x06\x82" + b"\x5a" * 50_000)


def bad_log_and_header(place: Path) -> None:
    bad_log(place)
    zero_header(place)
