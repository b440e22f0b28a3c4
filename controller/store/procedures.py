"""The procedures that citizens read, in the store; replaced as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.services.journal.compact import compact
from controller.services.journal.set_aside import QuarantinedRows
from controller.services.procedures import Listing, Rows
from controller.store.journal import read_mark

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from controller.store.database import Database

MARK = "procedures"


class SqliteProcedures:
    """`controller.services.procedures.ProcedureStore` over one SQLite file."""

    def __init__(self, database: Database, aside: QuarantinedRows | None = None) -> None:
        self._database = database
        self._aside = aside or QuarantinedRows()

    async def listing(self) -> Listing:
        """Give which list is in force; an empty one before the first import."""
        return await self._database.read(self._listing)

    async def rows(self, after: int, limit_bytes: int | None) -> Rows:
        """Give procedures as JSON from a position on: at least one, and as many as stay within so many bytes."""

        def find(connection: sqlite3.Connection) -> Rows:
            connection.execute("BEGIN")  # the list and its revision are of one instant
            try:
                found: list[str] = []
                size = 0
                for (data,) in connection.execute(_FROM, (after,)):
                    size += len(data.encode()) + 1
                    if found and limit_bytes is not None and size > limit_bytes:
                        break
                    found.append(data)
                return Rows(self._listing(connection), tuple(found))
            finally:
                connection.execute("COMMIT")

        return await self._database.read(find)

    async def replace(self, listing: Listing, rows: Sequence[str]) -> None:
        """Put another list in the place of the one that was there."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM procedures")
            connection.executemany("INSERT INTO procedures VALUES (?,?)", list(enumerate(rows)))
            told = compact({"revision": listing.revision, "count": listing.count, "at": listing.at})
            connection.execute("INSERT OR REPLACE INTO marks VALUES (?,?)", (MARK, told))

        await self._database.write(write)

    def _listing(self, connection: sqlite3.Connection) -> Listing:
        try:
            told = read_mark(connection, MARK)
            return Listing() if told is None else Listing(str(told["revision"]), int(told["count"]), told["at"])
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            self._aside.report("marks", MARK, error, "kiosks show no procedures until a list is imported again")
            return Listing()


_FROM = "SELECT data FROM procedures WHERE position >= ? ORDER BY position"
