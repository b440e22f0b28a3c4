"""The controller's store and folder as text."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.behaviour.moments import is_now

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

STORE = "luot.db"
REAL_COLUMNS = ("at", "expires_at", "applied_at")
"""Columns that may hold the machine's own time, whatever the driven clock shows."""
HOLDER = "http:holder "
SESSION_MS = 12 * 60 * 60 * 1000


def dump(data: Path, random_ids: Collection[str]) -> list[str]:
    """Write the schema and every row of every table of a store that nobody writes to."""
    with tempfile.TemporaryDirectory() as place:
        for found in data.glob(f"{STORE}*"):
            shutil.copy(found, place)
        with closing(sqlite3.connect(Path(place) / STORE)) as database:
            return list(_lines(database, random_ids))


def _lines(database: sqlite3.Connection, random_ids: Collection[str]) -> Iterator[str]:
    yield f"pragma user_version {database.execute('PRAGMA user_version').fetchone()[0]}"
    tables = database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    for type_, name, sql in tables:
        yield f"{type_} {name}"
        yield from (f"  {line}" for line in (sql or "").split("\n"))
    for type_, name, sql in tables:
        if type_ == "table":
            yield f"rows of {name}"
            yield from _rows(database, name, sql, random_ids)


def _rows(database: sqlite3.Connection, table: str, sql: str, random_ids: Collection[str]) -> Iterator[str]:
    info = database.execute(f"PRAGMA table_info('{table}')").fetchall()
    columns = [row[1] for row in info]
    keys = [row[1] for row in sorted(info, key=lambda row: row[5]) if row[5]]
    order = ", ".join(keys) if "WITHOUT ROWID" in sql else "rowid"
    found = database.execute(f"SELECT * FROM '{table}' ORDER BY {order}")  # noqa: S608 - names are the store's own
    shown = [_shown(dict(zip(columns, row, strict=True))) for row in found]
    lines = _requests(shown, random_ids) if table == "requests" else [_line(row) for row in shown]
    yield from (f"  {line}" for line in lines)


def _line(row: dict[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False)


def _requests(rows: list[dict[str, object]], random_ids: Collection[str]) -> list[str]:
    """Write answered requests; those of the holders of slips stand last, for their names are digests of tokens."""
    own, holders = [], []
    for row in rows:
        if row["id"] in random_ids and row["digest"]:
            row["digest"] = "<digest>"
        sender = str(row["sender"])
        if sender.startswith(HOLDER):
            holders.append(_line({**row, "sender": f"{HOLDER}<holder>"}))
        else:
            own.append(_line(row))
    return own + sorted(holders)


def _shown(row: dict[str, object]) -> dict[str, object]:
    """Name the machine's own time, and what lies twelve hours behind it."""
    return {name: _real(value) if name in REAL_COLUMNS else _plain(value) for name, value in row.items()}


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


def _real(value: object) -> object:
    if isinstance(value, int):
        for ahead, name in ((0, "<now>"), (SESSION_MS, "<now + 12 h>")):
            if is_now(datetime.fromtimestamp((value - ahead) / 1000, UTC)):
                return name
    if isinstance(value, str) and is_now(datetime.fromisoformat(value).replace(tzinfo=UTC)):
        return "<now>"
    return value


def listing(folder: Path) -> list[str]:
    """List what lies in a folder, with modes; sizes are those of the words in it, which stand elsewhere."""
    found = []
    for path in sorted(folder.rglob("*")):
        mode = stat.filemode(path.lstat().st_mode)
        found.append(f"{mode} {path.relative_to(folder)}")
    return found
