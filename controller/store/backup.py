"""Copies of the store: taken while it is written, put back as a new epoch."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

from controller.domain.hall import PERSON
from controller.services.ports import StoreDown
from controller.store.chain import record_fork
from controller.store.database import FILE, migrate
from controller.store.journal import EPOCH, FLOORS, read_mark

if TYPE_CHECKING:
    from pathlib import Path

HUNDRED = 100
PAGES = 2048
"""Pages copied at a time; between them the controller may write."""

_HIGHEST = """
SELECT json_extract(data, '$.series'), max(json_extract(data, '$.serial')) FROM journal
WHERE day = ? AND type = 'issued' AND json_extract(data, '$.serial') IS NOT NULL GROUP BY 1"""


def back_up(data: Path, to: Path) -> None:
    """Copy the store of a data directory, also while it is in use; `StoreDown` when it cannot be, or `to` exists."""
    if to.exists():
        raise StoreDown(f"{to} exists: give another name, a backup is never overwritten")
    fresh = to.with_name(to.name + ".part")
    try:
        fresh.unlink(missing_ok=True)
        with closing(_open(data / FILE)) as source, closing(sqlite3.connect(fresh)) as target:
            source.backup(target, pages=PAGES)
            _check(target, fresh)
            _leave_out_marks(target)
        fresh.chmod(0o600)
        fresh.rename(to)
    except (sqlite3.Error, OSError) as error:
        raise StoreDown(f"{to} could not be written: {error}") from error


def _leave_out_marks(copy: sqlite3.Connection) -> None:
    """Take the marks of persons out of a copy: they are for one day, and a copy may be kept for years."""
    copy.execute("PRAGMA secure_delete=ON")
    with copy:
        copy.execute("DELETE FROM secrets WHERE what = ?", (PERSON,))


def put_back(source: Path, data: Path, today: str, at: int | None = None) -> int:
    """Put a backup in place of the store of a data directory that nobody uses; give its epoch.

    Numbers that were given after the backup was taken are not known for sure, so each series continues at the next
    full hundred above the highest number known for `today`. The store that was there stays beside it. `at` is the
    instant that the hash chain of the journal records for the fork, else that of this machine's clock.
    """
    place, fresh = data / FILE, data / f"{FILE}.restoring"
    try:
        fresh.unlink(missing_ok=True)
        with closing(_open(source)) as old, closing(sqlite3.connect(fresh)) as target:
            old.backup(target)
            _check(target, source)
        migrate(fresh)
        with closing(sqlite3.connect(fresh)) as target:
            epoch = _begin_epoch(target, place, today, int(time.time() * 1000) if at is None else at)
            target.execute("PRAGMA journal_mode=DELETE")
        _set_aside(place)
        fresh.rename(place)
    except (sqlite3.Error, OSError) as error:
        raise StoreDown(f"{source} could not be restored: {error}") from error
    return epoch


def _open(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise StoreDown(f"there is no store {path}")
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok" or not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'journal'").fetchone():
        raise StoreDown(f"{path} is not a whole store of a controller: {found}")


def _begin_epoch(target: sqlite3.Connection, replaced: Path, today: str, at: int) -> int:
    epochs, highest = [int(read_mark(target, EPOCH))], _highest(target, today)
    if replaced.is_file():
        with closing(_open(replaced)) as former:
            epochs.append(int(read_mark(former, EPOCH)))
            for series, number in _highest(former, today).items():
                highest[series] = max(number, highest.get(series, 0))
    floors = {series: (number // HUNDRED + 1) * HUNDRED - 1 for series, number in highest.items()}
    epoch = max(epochs) + 1
    marks = {EPOCH: epoch, FLOORS: {today: floors}}
    with target:
        rows = [(name, json.dumps(value)) for name, value in marks.items()]
        target.executemany("INSERT OR REPLACE INTO marks VALUES (?,?)", rows)
        record_fork(target, epoch, at)
    return epoch


def _highest(connection: sqlite3.Connection, day: str) -> dict[str, int]:
    """Give the highest number known of each series on a day; 0 where none is."""
    row = connection.execute("SELECT data FROM centres ORDER BY version DESC LIMIT 1").fetchone()
    series = [] if row is None else [service["series"] for service in json.loads(row[0])["service"]]
    return dict.fromkeys(series, 0) | dict(connection.execute(_HIGHEST, (day,)).fetchall())


def _set_aside(place: Path) -> None:
    if not place.is_file():
        return
    with closing(sqlite3.connect(place)) as former:
        former.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    place.rename(place.with_name(f"{FILE}.replaced"))
    for rest in ("-wal", "-shm"):
        place.with_name(FILE + rest).unlink(missing_ok=True)


def timezone_of(path: Path) -> str:
    """Give the time zone of the centre whose store this is; StoreDown when it is none."""
    try:
        with closing(_open(path)) as connection:
            row = connection.execute("SELECT data FROM centres ORDER BY version DESC LIMIT 1").fetchone()
    except sqlite3.Error as error:
        raise StoreDown(f"{path} is not a whole store of a controller: {error}") from error
    if row is None:
        raise StoreDown(f"{path} holds no configuration of a centre")
    return str(json.loads(row[0])["centre"].get("timezone", "Asia/Ho_Chi_Minh"))
