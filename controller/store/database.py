"""The file of the store: one writer connection in one thread, one reader connection in another."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeVar

from controller.services.ports import StoreDown
from controller.store import chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")

FILE = "luot.db"
"""Its name in the data directory."""


STEPS: Final = (
    "the_journal_and_its_projections",
    "what_is_kept_apart",
    "procedures_to_read",
    "the_chain_of_the_journal",
    "credentials_of_devices",
)
"""The names of all migrations, in order: a file that has had them needs no look at the schema."""


def migrate(path: Path) -> None:
    """Make the file, or bring an older one up to date; a file that cannot be used is `StoreDown`."""
    try:
        if not _is_current(path):
            # Loaded only for this: it takes a fifth of a second, which a restart in the middle of a day can do without.
            import_module("controller.store.schema").bring_up_to_date(path)
        with closing(sqlite3.connect(path)) as connection:
            chain.complete(connection)
    except sqlite3.Error as error:
        raise StoreDown(f"the store {path} cannot be used: {error}; restore a backup or give another --data") from error


def _is_current(path: Path) -> bool:
    """Tell whether a file has had every migration."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        (known,) = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone()
        if mode != "wal" or not known:
            return False
        had = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'luot' ORDER BY rowid")
        return tuple(name for (name,) in had) == STEPS


class Database:
    """Write and read the store away from the event loop.

    Writing is serialised in one thread and durable (`synchronous=FULL`): when `write` returns, a power cut does not
    take it back. Reading sees what is committed and never waits for the writer. Either raises `StoreDown`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="store-reader")
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Bring the file up to date and open both connections."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._writing, migrate, self.path)
        self._writer = await loop.run_in_executor(self._writing, self._connect, False)
        self._reader = await loop.run_in_executor(self._reading, self._connect, True)

    def _connect(self, reading: bool) -> sqlite3.Connection:  # noqa: FBT001 - told by run_in_executor, by position
        try:
            connection = sqlite3.connect(self.path, isolation_level=None, timeout=5, cached_statements=256)
            # A damaged byte must not keep the rest from being read.
            connection.text_factory = _text
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            # What is deleted is overwritten, not only given free: some of it is personal.
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("PRAGMA cache_size=-8000")
            if reading:
                connection.execute("PRAGMA query_only=ON")
        except sqlite3.Error as error:
            raise StoreDown(f"the store {self.path} cannot be opened: {error}") from error
        return connection

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run work in one transaction of the writer; when anything fails, nothing of it was written."""

        def run() -> T:
            connection = _opened(self._writer)
            try:
                connection.execute("BEGIN IMMEDIATE")
                result = work(connection)
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise StoreDown(f"the store could not be written: {error}") from error
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            return result

        return await asyncio.get_running_loop().run_in_executor(self._writing, run)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a short read in the reader's thread."""

        def run() -> T:
            try:
                return work(_opened(self._reader))
            except sqlite3.Error as error:
                raise StoreDown(f"the store could not be read: {error}") from error

        return await asyncio.get_running_loop().run_in_executor(self._reading, run)

    async def close(self) -> None:
        """Close both connections; the writer folds its log into the file."""
        loop = asyncio.get_running_loop()
        for pool, connection in ((self._reading, self._reader), (self._writing, self._writer)):
            if connection is not None:
                await loop.run_in_executor(pool, connection.close)
            pool.shutdown()
        self._writer = self._reader = None


def _text(stored: bytes) -> str:
    return stored.decode("utf-8", "replace")


def _opened(connection: sqlite3.Connection | None) -> sqlite3.Connection:
    if connection is None:
        raise StoreDown("the store is closed")
    return connection
