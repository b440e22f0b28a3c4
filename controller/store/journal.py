"""The store of the engine: journal, projections, answered requests and the outbox, in one transaction a batch."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog

from controller.domain.numbers.high_water import HighWater, Restored
from controller.services.journal.chain import ChainRow, SealReason
from controller.services.journal.compact import compact
from controller.services.journal.ports import (
    FAR,
    KEEP_REQUESTS_MS,
    VOID,
    IdempotencyKey,
    NoSuchVersionError,
    RecoveredDay,
    StoredAnswer,
    StoredCommand,
    StoredEvent,
    StoreError,
    UnreadableRow,
    Version,
    WriteBatch,
)
from controller.services.journal.set_aside import QuarantinedRows
from controller.store import chain
from controller.store.credentials import write_credentials
from controller.store.numbers import MARK_FILE, read_high_water, write_high_water
from controller.store.rows import events_of, numbers_by_day, object_of, sent_of
from controller.store.write_probe import probe_writes

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Sequence

    from controller.services.journal.chain import Chain, Checkpoint
    from controller.store.database import Database

log = structlog.get_logger()

EPOCH, FLOORS, RESTORED = "epoch", "floors", "restored"
"""Marks: how often the store was restored, and where each series continues after that: by day as an older program wrote
it, and as `Restored`."""

_JOURNAL = "SELECT seq, epoch, day, config, type, v, at, data FROM journal"
_LAST_DAY = """
SELECT day FROM journal WHERE day GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'
AND day <= date(at / 1000 + 50400, 'unixepoch') ORDER BY day DESC LIMIT 1"""
"""The last day that an event names which was written on that day or later, in any time zone: others are damage."""
_STRAY = """
SELECT seq, day FROM journal WHERE (day > ?1 OR day < '0') AND seq > ?2 LIMIT 1000"""
_GIVEN = """
SELECT day, series, number FROM tickets WHERE day >= ?1
UNION ALL SELECT day, CAST(json_extract(data, '$.series') AS TEXT), CAST(json_extract(data, '$.serial') AS TEXT)
FROM (SELECT day, iif(json_valid(data), data, '{}') AS data FROM journal WHERE day >= ?1 AND type = 'issued')
WHERE json_extract(data, '$.series') IS NOT NULL"""
_OUTBOX = "SELECT id, device, op, body, ttl_s, at, state FROM outbox"
NEAR = 256
"""Rows before the first of a day in which a row of that day may stand whose day is damaged."""
SET_ASIDE = "set_aside"
"""The state in the outbox of a command that cannot be sent: kept for whoever looks into it, until its purge."""
_KEEP_ASIDE_MS = 30 * 24 * 3600 * 1000
_SECRETS = """
SELECT what, subject, value FROM tickets JOIN secrets ON subject = tickets.id WHERE day = ?
UNION ALL SELECT what, subject, value FROM secrets WHERE what = 'reason'"""
_PROJECTIONS = (("tickets", 23), ("visits", 12), ("ratings", 14))


def _upsert(table: str, columns: int) -> str:
    return f"INSERT OR REPLACE INTO {table} VALUES ({','.join('?' * columns)})"  # noqa: S608 - names of our own tables


_UPSERTS = {table: _upsert(table, columns) for table, columns in _PROJECTIONS}


def _write(batch: WriteBatch, connection: sqlite3.Connection) -> None:
    many = connection.executemany
    if batch.versions:
        many("INSERT INTO centres VALUES (?,?,?)", [(v.version, v.at, compact(v.data)) for v in batch.versions])
    if batch.gone:
        many("DELETE FROM visits WHERE id = ?", [(visit,) for visit in batch.gone])
    write_projections(connection, batch.tickets, batch.visits, batch.ratings)
    if batch.secrets:
        many(
            "INSERT OR REPLACE INTO secrets VALUES (?,?,?,?)",
            [(secret.what, secret.subject, secret.value, purge_at) for secret, purge_at in batch.secrets],
        )
    if batch.answered:
        many(
            "INSERT OR REPLACE INTO requests VALUES (?,?,?,?,?)",
            [(a.sender, a.id, a.digest, a.reply, a.at) for a in batch.answered],
        )
    if batch.marks:
        many("INSERT OR REPLACE INTO marks VALUES (?,?)", list(batch.marks.items()))
    write_credentials(batch, connection)
    _write_outbox(batch, connection)


def _write_outbox(batch: WriteBatch, connection: sqlite3.Connection) -> None:
    if batch.sent:
        connection.executemany(
            "INSERT INTO outbox VALUES (?,?,?,?,?,?,?)",
            [(s.id, s.device, s.op, compact(s.body), s.ttl_s, s.at, s.state) for s in batch.sent],
        )
    for command in batch.unknown:
        connection.execute("UPDATE outbox SET state = 'unknown' WHERE id = ?", (command,))
    for command in batch.aside:
        connection.execute("UPDATE outbox SET state = ? WHERE id = ?", (SET_ASIDE, command))
    for command in batch.settled:
        connection.execute("DELETE FROM outbox WHERE id = ?", (command,))


def write_projections(connection: sqlite3.Connection, *tables: Collection[tuple[Any, ...]]) -> None:
    """Write rows of tickets, visits and ratings, in place of those with the same id."""
    for (table, _), rows in zip(_PROJECTIONS, tables, strict=True):
        if rows:
            connection.executemany(_UPSERTS[table], rows)


def read_mark(connection: sqlite3.Connection, name: str) -> Any:  # noqa: ANN401 - any JSON
    """Read a single value, or None."""
    row = connection.execute("SELECT value FROM marks WHERE name = ?", (name,)).fetchone()
    return None if row is None else json.loads(row[0])


def read_version(connection: sqlite3.Connection, where: str, *values: int) -> Version | None:
    """Read the version of the configuration that a clause names."""
    row = connection.execute(f"SELECT version, at, data FROM centres {where}", values).fetchone()  # noqa: S608 - ours
    return None if row is None else Version(row[0], row[1], object_of(row[2]))


def read_restored(connection: sqlite3.Connection, aside: QuarantinedRows) -> Restored | None:
    """Read what the last restore knew; None for a store that was never put back, or whose mark is damaged."""
    try:
        known = read_mark(connection, RESTORED)
        return None if known is None else Restored(**known)
    except (ValueError, TypeError, RecursionError) as error:
        aside.report("marks", RESTORED, error, "the numbers continue above those in the store and the mark of numbers")
        return None


def _epoch(connection: sqlite3.Connection, aside: QuarantinedRows) -> int:
    """Return how often the store was restored; where the mark is damaged, one more than the journal says."""
    try:
        return int(read_mark(connection, EPOCH))
    except (ValueError, TypeError, RecursionError) as error:
        (last,) = connection.execute("SELECT coalesce(max(epoch), 0) FROM journal").fetchone()
        aside.report("marks", EPOCH, error, f"epoch {last + 1} begins")
        return int(last) + 1


def _floors(connection: sqlite3.Connection, aside: QuarantinedRows) -> dict[str, dict[str, int]]:
    try:
        found = read_mark(connection, FLOORS) or {}
        return {str(day): {str(one): int(floor) for one, floor in known.items()} for day, known in found.items()}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        aside.report("marks", FLOORS, error, "the numbers of a restored day continue above those in the store")
        return {}


def read_day(connection: sqlite3.Connection, day: str | None, aside: QuarantinedRows | None = None) -> RecoveredDay:
    """Read what a hall is rebuilt from."""
    aside = aside or QuarantinedRows()
    (seq,) = connection.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()
    written, unreadable = events_of(connection.execute(f"{_JOURNAL} WHERE day = ? ORDER BY seq", (day,)))
    secrets = connection.execute(_SECRETS, (day,)).fetchall()
    return RecoveredDay(
        epoch=_epoch(connection, aside),
        seq=seq,
        last_at=max((one.event.at for one in written), default=0),
        day=day,
        written=tuple(written),
        secrets={(what, subject): value for what, subject, value in secrets},
        version=read_version(connection, "ORDER BY version DESC LIMIT 1"),
        floors=_floors(connection, aside),
        restored=read_restored(connection, aside),
        mark=HighWater(),
        unreadable=tuple(unreadable),
    )


def _strays(connection: sqlite3.Connection, recovered: RecoveredDay) -> tuple[UnreadableRow, ...]:
    """Find rows near those of the last day whose own day is damaged: they may have given its numbers."""
    first = min((one.seq for one in recovered.written), default=NEAR)
    rows = connection.execute(_STRAY, (recovered.day or "", first - NEAR - 1)).fetchall()
    return tuple(UnreadableRow(seq, f"its day {day[:10]!a} is none on which it was written") for seq, day in rows)


def _last_data(connection: sqlite3.Connection, query: str, *values: str) -> dict[str, Any] | None:
    """Give what the last event says about the ticket that a query names."""
    found = connection.execute(query, values).fetchone()
    if found is None or found[0] is None:
        return None
    row = connection.execute(
        "SELECT journal.data FROM journal JOIN tickets ON tickets.day = journal.day AND tickets.id = ?1"
        " WHERE iif(json_valid(journal.data), json_extract(journal.data, '$.id'), NULL) = ?1 ORDER BY seq DESC LIMIT 1",
        (found[0],),
    ).fetchone()
    return None if row is None else object_of(row[0])


class SqliteStore:
    """`controller.services.journal.ports.Store` over one SQLite file."""

    def __init__(self, database: Database, aside: QuarantinedRows | None = None) -> None:
        self._database = database
        self._mark_file = database.path.with_name(MARK_FILE)
        self._aside = aside or QuarantinedRows()
        self._chain: Chain | None = None
        self._closing: Checkpoint | None = None

    @property
    def closing(self) -> Checkpoint | None:
        """Give the head of the hash chain at the last closing of a day; None before the first."""
        return self._closing

    async def recover(self) -> RecoveredDay:
        """Read what the last run left."""

        def last(connection: sqlite3.Connection) -> tuple[RecoveredDay, Chain, Checkpoint | None]:
            row = connection.execute(_LAST_DAY).fetchone() or (None,)
            mark = read_high_water(self._mark_file) or HighWater()
            recovered = replace(read_day(connection, row[0], self._aside), mark=mark)
            recovered = replace(recovered, unreadable=recovered.unreadable + _strays(connection, recovered))
            return recovered, chain.load(connection), chain.last_closing(connection)

        recovered, self._chain, self._closing = await self._database.write(last)
        return recovered

    async def commit(self, batch: WriteBatch) -> None:
        """Write everything of a batch in one transaction and return when it will survive a power cut."""
        if not (batch.journal or batch.closings):
            await self._database.write(lambda connection: _write(batch, connection))
            return
        known = self._chain

        def write(connection: sqlite3.Connection) -> tuple[Chain, list[Checkpoint]]:
            rows = [
                ChainRow(
                    w.seq, w.epoch, w.day, w.config, w.event.type.value, w.event.v, w.event.at, compact(w.event.data)
                )
                for w in batch.journal
            ]
            if batch.reserved is not None:
                self._reserve(batch.reserved)
            _write(batch, connection)
            return chain.append(connection, rows, batch.closings, known)

        self._chain, made = await self._database.write(write)
        for one in made:
            if one.kind == SealReason.CLOSING:
                self._closing = one
                log.info("day_closed", day=one.day, seq=one.seq, head=one.head)

    def _reserve(self, mark: HighWater) -> None:
        """Bring the mark of numbers to the disk: nothing of the batch is written before, or without, it."""
        try:
            write_high_water(self._mark_file, mark)
        except OSError as error:
            raise StoreError(f"the mark of numbers {self._mark_file} could not be written: {error}") from error

    async def day(self, day: str) -> RecoveredDay:
        """Read one day as `recover` does the last one."""
        return await self._database.read(lambda connection: read_day(connection, day))

    async def day_of(self, token: str) -> str | None:
        """Give the day of the ticket with this token, or None."""

        def find(connection: sqlite3.Connection) -> str | None:
            row = connection.execute(
                "SELECT day FROM secrets JOIN tickets ON tickets.id = subject WHERE what = 'token' AND value = ?",
                (token,),
            ).fetchone()
            return None if row is None else str(row[0])

        return await self._database.read(find)

    async def past(self, token: str) -> dict[str, Any] | None:
        """Give the data of the last event about the ticket with this token, or None."""
        query = "SELECT subject FROM secrets WHERE what = 'token' AND value = ?"
        return await self._database.read(lambda connection: _last_data(connection, query, token))

    async def made(self, sender: str, request: str) -> dict[str, Any] | None:
        """Give the data of the last event about the ticket that a request made, or None when it made none."""
        query = (
            "SELECT iif(json_valid(reply), json_extract(reply, '$.result.ticket.id'), NULL)"
            " FROM requests WHERE sender = ? AND id = ?"
        )
        return await self._database.read(lambda connection: _last_data(connection, query, sender, request))

    async def keys(self) -> Collection[tuple[str, str, int]]:
        """Give (sender, id, instant) of every answered request that is kept; void ones lie far ahead."""
        query = "SELECT sender, id, iif(digest = ?, ?, at) FROM requests"
        return await self._database.read(lambda connection: connection.execute(query, (VOID, FAR)).fetchall())

    async def replies(self, keys: Sequence[IdempotencyKey]) -> list[StoredAnswer | None]:
        """Give the first answers to these requests, in order."""

        def find(connection: sqlite3.Connection) -> list[StoredAnswer | None]:
            query = "SELECT sender, id, digest, reply, at FROM requests WHERE sender = ? AND id = ?"
            rows = [connection.execute(query, (key.sender, key.id)).fetchone() for key in keys]
            return [None if row is None else StoredAnswer(*row) for row in rows]

        return await self._database.read(find)

    async def outbox(self) -> list[StoredCommand]:
        """Give the device commands that have no final result, oldest first."""

        def find(connection: sqlite3.Connection) -> list[StoredCommand]:
            rows = connection.execute(f"{_OUTBOX} WHERE state != ? ORDER BY rowid", (SET_ASIDE,))
            return [sent_of(row) for row in rows]

        return await self._database.read(find)

    async def mark(self, name: str) -> str | None:
        """Give a single value that was written by this name."""
        query = "SELECT value FROM marks WHERE name = ?"
        row = await self._database.read(lambda connection: connection.execute(query, (name,)).fetchone())
        return None if row is None else str(row[0])

    async def version(self, version: int) -> Version:
        """Give one version of the configuration; one that was never stored is `StoreError`."""
        found = await self._database.read(lambda connection: read_version(connection, "WHERE version = ?", version))
        if found is None:
            raise NoSuchVersionError(
                f"version {version} of the configuration is not in the store: `luot verify --data DIR` names what is"
                " damaged, `luot restore FROM --data DIR` puts a backup back"
            )
        return found

    async def highest_numbers(self, since: str) -> dict[str, dict[str, int]]:
        """Return by day the highest number of each series, from the journal and the table of tickets."""
        return await self._database.read(lambda connection: numbers_by_day(connection.execute(_GIVEN, (since,))))

    async def events(self, after: int, limit: int) -> list[StoredEvent]:
        """Return the events of the journal after a sequence number, in order; rows that are no events are skipped."""

        def find(connection: sqlite3.Connection) -> list[StoredEvent]:
            found: list[StoredEvent] = []
            rows = connection.execute(f"{_JOURNAL} WHERE seq > ? ORDER BY seq", (after,))
            while len(found) < limit and (page := rows.fetchmany(limit - len(found))):
                written, unreadable = events_of(page)
                found += written
                for one in unreadable:
                    self._aside.report("journal", one.seq, one.reason, "it is shown and sent to nobody")
            return found

        return await self._database.read(find)

    async def rehearse(self) -> None:
        """Write what a ticket writes and take it back; `StoreError` when that fails."""
        await self._database.write(probe_writes)

    async def purge(self, at: int) -> int:
        """Delete secrets past their date, and requests and set-aside commands kept long enough; give how many."""

        def delete(connection: sqlite3.Connection) -> int:
            secrets = connection.execute("DELETE FROM secrets WHERE purge_at <= ?", (at,)).rowcount
            requests = connection.execute(
                "DELETE FROM requests WHERE at < ? AND digest != ?", (at - KEEP_REQUESTS_MS, VOID)
            ).rowcount
            aside = connection.execute(
                "DELETE FROM outbox WHERE state = ? AND at < ?", (SET_ASIDE, at - _KEEP_ASIDE_MS)
            ).rowcount
            return secrets + requests + aside

        return await self._database.write(delete)
