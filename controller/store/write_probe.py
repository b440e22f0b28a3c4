"""Writing what a ticket writes and taking it back, so that a page that cannot be read or written shows before one."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

TABLES: Final = ("journal", "tickets", "visits", "secrets", "requests", "outbox")
LAST: Final = "~rehearsal"
"""Sorts behind every id and day, where the next real row goes too."""


def probe_writes(connection: sqlite3.Connection) -> None:
    """Insert one row into each table that a ticket is written to and roll all of them back."""
    connection.execute("SAVEPOINT rehearsal")
    try:
        for table in TABLES:
            row = _row(connection, table)
            places = ",".join("?" * len(row))
            connection.execute(f"INSERT INTO {table} ({','.join(row)}) VALUES ({places})", tuple(row.values()))  # noqa: S608 - our own tables
    finally:
        connection.execute("ROLLBACK TO rehearsal")
        connection.execute("RELEASE rehearsal")


def _row(connection: sqlite3.Connection, table: str) -> dict[str, str | int | None]:
    """Return a value for each column; the first is where the table's key begins."""
    columns = connection.execute("SELECT name, type, pk FROM pragma_table_info(?)", (table,)).fetchall()
    row: dict[str, str | int | None] = {name: _value(kind, key) for name, kind, key in columns}
    if table == "secrets":
        row |= {"what": "token", "value": secrets.token_urlsafe(16)}
    return row


def _value(kind: str, key: int) -> str | int | None:
    if kind == "INTEGER":
        return None if key else 0  # the key of the journal is the next number
    return LAST
