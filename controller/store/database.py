"""The file of the store: one writer connection in one thread, one reader connection in another."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from controller.services.journal.ports import StoreError
from controller.store import chain, files
from controller.store.trouble import advice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")

FILE = "luot.db"
"""Its name in the data directory."""


PAGES: Final = 2048
"""Pages copied at a time; between them the controller may write."""

STEPS: Final = (
    "the_journal_and_its_projections",
    "what_is_kept_apart",
    "procedures_to_read",
    "the_chain_of_the_journal",
    "credentials_of_devices",
)
"""The names of all migrations, in order: a file that has had them needs no look at the schema."""


def migrate(path: Path, *, copy: bool = True) -> None:
    """Make the file, or bring an older one up to date in one transaction; a file that cannot be used is `StoreError`.

    An older one is copied first, to `NAME.before-STEP` beside it: the program before this one can go on with that copy.
    """
    try:
        if not path.exists():
            files.make_private(path)
        files.keep_private(path)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            had = check_not_newer(connection, path)
        missing = [step for step in STEPS if step not in had]
        if missing:
            _upgrade(path, missing, copy=copy and bool(had))
        else:
            _write_ahead(path)
        with closing(sqlite3.connect(path)) as connection:
            chain.complete(connection)
    except sqlite3.Error as error:
        raise StoreError(f"the store {path} cannot be used: {error}; {advice(error, path.parent)}") from error


def _upgrade(path: Path, missing: list[str], *, copy: bool) -> None:
    if copy:
        copy_store(path, path.with_name(f"{path.name}.before-{missing[0]}"))
    # Loaded only for this: it takes a fifth of a second, which a restart in the middle of a day can do without.
    import_module("controller.store.schema").bring_up_to_date(path)


def copy_store(path: Path, to: Path, change: Callable[[sqlite3.Connection], object] | None = None) -> None:
    """Copy a store, also one in use, into one file of its owner's, whole and on the disk when it is there at all.

    `change` is done to the copy before it is; a copy that was there is replaced. One that fails leaves nothing.
    """
    fresh = to.with_name(f"{to.name}.part")
    with closing(open_to_read(path)) as source:
        files.make_private(fresh)
        try:
            with closing(sqlite3.connect(fresh)) as target:
                source.backup(target, pages=PAGES)
                if change is not None:
                    change(target)
                # One file, without a log beside it: a copy is also read where nothing may be written.
                target.execute("PRAGMA journal_mode=DELETE")
            for name in files.COMPANIONS:
                to.with_name(to.name + name).unlink(missing_ok=True)
            files.put_in_place(fresh, to)
        except BaseException:
            files.remove(fresh)
            raise


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a store, also one in use, for reading; one in a place where nothing can be written, too."""
    if not path.is_file():
        raise StoreError(f"there is no store {path}")
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        connection.close()
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _write_ahead(path: Path) -> None:
    """Let a store write to a log ahead of its file: a copy of it does not."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL").fetchone()


def check_not_newer(connection: sqlite3.Connection, path: Path) -> tuple[str, ...]:
    """Return the names of the migrations that a store has had; `StoreError` when this program does not know one."""
    (known,) = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone()
    query = "SELECT name FROM _sqlite_migrations WHERE migration_set = 'luot' ORDER BY rowid"
    had = tuple(name for (name,) in connection.execute(query)) if known else ()
    unknown = [name for name in had if name not in STEPS]
    if unknown:
        raise StoreError(
            f"the store {path} was written by a newer program ({', '.join(unknown)} is unknown to this one): nothing "
            f"was changed. Install that program again, or put the copy from before its upgrade in place: "
            f"luot restore {path.name}.before-STEP"
        )
    return had


class Worker(Protocol):
    """Does one piece of work after another."""

    async def run(self, work: Callable[[], T]) -> T:
        """Do some work, and give what came of it."""
        ...

    def close(self) -> None:
        """Take no more work, when all is done."""
        ...


class WorkerThread:
    """Does one piece of work after another in a thread of its own."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def run(self, work: Callable[[], T]) -> T:
        """Do some work while the event loop goes on."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def close(self) -> None:
        """End the thread."""
        self._pool.shutdown()


class Database:
    """Write and read the store away from the event loop.

    Writing is serialised in one thread and durable (`synchronous=FULL`): when `write` returns, a power cut does not
    take it back. Reading sees what is committed and never waits for the writer. Either raises `StoreError`.
    """

    def __init__(self, path: Path, worker: Callable[[str], Worker] = WorkerThread) -> None:
        self.path = path
        self._writing = worker("store-writer")
        self._reading = worker("store-reader")
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Bring the file up to date and open both connections."""
        await self._writing.run(lambda: migrate(self.path))
        self._writer = await self._writing.run(lambda: self._connect(reading=False))
        self._reader = await self._reading.run(lambda: self._connect(reading=True))

    def _connect(self, *, reading: bool) -> sqlite3.Connection:
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
            raise self._down("opened", error) from error
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
                raise self._down("written", error) from error
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            return result

        return await self._writing.run(run)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a short read in the reader's thread."""

        def run() -> T:
            try:
                return work(_opened(self._reader))
            except sqlite3.Error as error:
                raise self._down("read", error) from error

        return await self._reading.run(run)

    def _down(self, what: str, error: sqlite3.Error) -> StoreError:
        return StoreError(f"the store {self.path} could not be {what}: {error}; {advice(error, self.path.parent)}")

    async def close(self) -> None:
        """Close both connections; the writer folds its log into the file."""
        for worker, connection in ((self._reading, self._reader), (self._writing, self._writer)):
            if connection is not None:
                await worker.run(connection.close)
            worker.close()
        self._writer = self._reader = None


def _text(stored: bytes) -> str:
    return stored.decode("utf-8", "replace")


def _opened(connection: sqlite3.Connection | None) -> sqlite3.Connection:
    if connection is None:
        raise StoreError("the store is closed")
    return connection
