"""The journal and its projections as stored, read side by side for `luot verify`."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from controller.services.journal.chain import ChainRow, Checkpoint
from controller.services.journal.ports import StoreError, Version
from controller.services.journal.verify_chain import CheckpointPage
from controller.store import chain
from controller.store.database import open_to_read
from controller.store.journal import EPOCH, read_day, read_mark, read_version
from controller.store.trouble import advice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from controller.services.journal.ports import RecoveredDay


TABLES = ("tickets", "visits", "ratings")
AT_ONCE = 4096
"""Events read in one go, so that the log of a running controller can be folded in between."""

FIRST = -(1 << 63)
"""Before any event, also one that somebody put in before the first."""

NAMED = 5
"""Findings of the integrity check that are named."""


class Day(NamedTuple):
    """One day: its events, and the rows of `tickets`, `visits` and `ratings` by id."""

    recovered: RecoveredDay
    rows: dict[str, dict[str, tuple[Any, ...]]]


class Audit:
    """Reads a store, also one in use; each day in one transaction. Blocks; a broken file is `StoreError`.

    A version of the configuration, or a day, that cannot be read raises `LookupError` or `ValueError`.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise StoreError(f"there is no store {path}: give the data directory of a controller with --data")
        self._path = path
        with self._reading():
            self._connection = open_to_read(path)
        self._connection.isolation_level = None

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def check(self) -> None:
        """Have SQLite check the whole file; what it finds is `StoreError`."""
        with self._reading():
            found = [line for (line,) in self._connection.execute(f"PRAGMA integrity_check({NAMED})")]
        if found != ["ok"]:
            error = sqlite3.DatabaseError("; ".join(" ".join(line.split()) for line in found))
            raise StoreError(self._sentence(error))

    def days(self) -> list[str]:
        """Name every day that the journal or a projection knows."""
        query = " UNION ".join(f"SELECT day FROM {table}" for table in ("journal", *TABLES))  # noqa: S608 - ours
        with self._reading():
            return [day for (day,) in self._connection.execute(f"{query} ORDER BY day")]

    def day(self, day: str) -> Day:
        """Read one day."""
        with self._reading(), self._at_one_instant():
            return Day(read_day(self._connection, day), {table: self._rows(table, day) for table in TABLES})

    def version(self, version: int) -> Version:
        """Read one version of the configuration."""
        with self._reading():
            found = read_version(self._connection, "WHERE version = ?", version)
        if found is None:
            raise LookupError(f"version {version} of the configuration is not in the store")
        return found

    def current(self) -> Version:
        """Read the version of the configuration in force."""
        with self._reading():
            found = read_version(self._connection, "ORDER BY version DESC LIMIT 1")
        if found is None:
            raise StoreError(f"the store {self._path} holds no configuration: start its controller once with --centre")
        return found

    def sequence(self) -> Iterator[tuple[int, int]]:
        """Give (seq, epoch) of every event in order."""
        with self._reading():
            yield from self._connection.execute("SELECT seq, epoch FROM journal ORDER BY seq")

    def seals(self) -> CheckpointPage:
        """Give the checkpoints of the hash chain, and where the journal ends."""
        known = "SELECT 1 FROM sqlite_master WHERE name = 'checkpoints'"
        with self._reading(), self._at_one_instant():
            (last,) = self._connection.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()
            checkpoints = None
            if self._connection.execute(known).fetchone() is not None:
                rows = self._connection.execute(f"{chain.CHECKPOINTS} ORDER BY id")
                checkpoints = [Checkpoint._make(row) for row in rows]
            return CheckpointPage(checkpoints, last, int(read_mark(self._connection, EPOCH)))

    def rows(self, last: int) -> Iterator[ChainRow]:
        """Give the rows of the journal up to an event, as stored."""
        after = FIRST
        while after < last:
            with self._reading():
                found = self._connection.execute(chain.ROWS, (after, AT_ONCE)).fetchall()
            if not found:
                return
            yield from (row for row in map(ChainRow._make, found) if row.seq <= last)
            after = found[-1][0]

    def _rows(self, table: str, day: str) -> dict[str, tuple[Any, ...]]:
        rows = self._connection.execute(f"SELECT * FROM {table} WHERE day = ?", (day,))  # noqa: S608 - ours
        return {row[0]: tuple(row) for row in rows}

    @contextmanager
    def _at_one_instant(self) -> Iterator[None]:
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(self._sentence(error)) from error

    def _sentence(self, error: sqlite3.Error) -> str:
        return f"the store {self._path} could not be read: {error}; {advice(error, self._path.parent)}"
