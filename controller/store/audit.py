"""The journal and its projections as they stand on disk, read side by side for `luot verify`."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, NamedTuple

from controller.services.ports import StoreDown, Version
from controller.store.journal import read_day, read_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from controller.services.ports import Recovered


TABLES = ("tickets", "visits", "ratings")


class Day(NamedTuple):
    """One day: its facts, and the rows of `tickets`, `visits` and `ratings` by id."""

    recovered: Recovered
    rows: dict[str, dict[str, tuple[Any, ...]]]


class Audit:
    """Reads a store, also one in use; each day in one transaction. Blocks; a broken file is `StoreDown`."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise StoreDown(f"there is no store {path}: give the data directory of a controller with --data")
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def days(self) -> list[str]:
        """Name every day that the journal or a projection knows."""
        query = " UNION ".join(f"SELECT day FROM {table}" for table in ("journal", *TABLES))  # noqa: S608 - ours
        return [day for (day,) in self._connection.execute(f"{query} ORDER BY day")]

    def day(self, day: str) -> Day:
        """Read one day."""
        self._connection.execute("BEGIN")
        try:
            return Day(read_day(self._connection, day), {table: self._rows(table, day) for table in TABLES})
        except sqlite3.Error as error:
            raise StoreDown(f"the store could not be read: {error}") from error
        finally:
            self._connection.execute("COMMIT")

    def version(self, version: int) -> Version:
        """Read one version of the configuration."""
        found = read_version(self._connection, "WHERE version = ?", version)
        if found is None:
            raise StoreDown(f"version {version} of the configuration is not in the store")
        return found

    def current(self) -> Version:
        """Read the version of the configuration in force."""
        found = read_version(self._connection, "ORDER BY version DESC LIMIT 1")
        if found is None:
            raise StoreDown("the store holds no configuration")
        return found

    def sequence(self) -> Iterator[tuple[int, int]]:
        """Give (seq, epoch) of every fact in order."""
        return iter(self._connection.execute("SELECT seq, epoch FROM journal ORDER BY seq"))

    def _rows(self, table: str, day: str) -> dict[str, tuple[Any, ...]]:
        rows = self._connection.execute(f"SELECT * FROM {table} WHERE day = ?", (day,))  # noqa: S608 - ours
        return {row[0]: tuple(row) for row in rows}
