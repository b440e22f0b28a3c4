"""What a lost store leaves behind: a controller does not begin an empty one beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from controller.services.journal.ports import StoreError
from controller.store.database import FILE, open_to_read
from controller.store.numbers import MARK_FILE
from controller.store.restore.backup import REPLACED, RESTORING

if TYPE_CHECKING:
    from pathlib import Path


def refuse_lost_store(data: Path) -> None:
    """Raise `StoreError` where an empty store would begin though another one was here; what to do is in its sentence.

    Files of the broker, of the lock and of the key of the day are no sign of a store.
    """
    if not _begins_empty(data / FILE):
        return
    signs = [*data.glob(f"{REPLACED}*"), *data.glob(f"{FILE}.before-*"), data / RESTORING, data / MARK_FILE]
    signs += [
        path for path in (data / f"{FILE}-wal", data / f"{FILE}-journal") if path.exists() and path.stat().st_size
    ]
    found = sorted(path.name for path in signs if path.exists() and path.suffix != ".part")
    if found:
        raise StoreError(
            f"{data} has no store but {', '.join(found)}: a restore was broken off or the store was lost. Nothing was "
            f"begun. Put a backup back: luot restore FROM --data {data}; {REPLACED}, if it is there, is a store too. "
            f"To begin an empty store all the same, move these files away"
        )


def _begins_empty(path: Path) -> bool:
    """Return whether a store would begin with nothing: it is not there, has no bytes, or holds no configuration."""
    if not path.is_file() or not path.stat().st_size:
        return True
    try:
        with closing(open_to_read(path)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            return "centres" not in tables or not connection.execute("SELECT 1 FROM centres LIMIT 1").fetchone()
    except sqlite3.Error:
        return False  # it is damaged: opening it says so
