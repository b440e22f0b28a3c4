"""The store of the engine: journal, projections, answered requests and the outbox, in one transaction a batch."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from controller.domain.facts import Fact, FactType
from controller.services.ports import (
    KEEP_REQUESTS_MS,
    VOID,
    Answered,
    Batch,
    Key,
    Recovered,
    Sent,
    StoreDown,
    Version,
    Written,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Sequence

    from controller.store.database import Database

_JOURNAL = "SELECT seq, epoch, day, config, type, v, at, data FROM journal"
_PROJECTIONS = (("tickets", 24), ("visits", 12), ("ratings", 14))


def _upsert(table: str, columns: int) -> str:
    return f"INSERT OR REPLACE INTO {table} VALUES ({','.join('?' * columns)})"  # noqa: S608 - names of our own tables


_UPSERTS = {table: _upsert(table, columns) for table, columns in _PROJECTIONS}


def compact(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Write JSON as it stands in the store: no spaces, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _written(row: tuple[Any, ...]) -> Written:
    seq, epoch, day, config, kind, v, at, data = row
    return Written(seq, epoch, day, config, Fact(FactType(kind), at, json.loads(data), v))


def _write(batch: Batch, connection: sqlite3.Connection) -> None:
    many = connection.executemany
    if batch.versions:
        many("INSERT INTO centres VALUES (?,?,?)", [(v.version, v.at, compact(v.data)) for v in batch.versions])
    if batch.journal:
        many(
            "INSERT INTO journal VALUES (?,?,?,?,?,?,?,?)",
            [
                (w.seq, w.epoch, w.day, w.config, w.fact.type.value, w.fact.v, w.fact.at, compact(w.fact.data))
                for w in batch.journal
            ],
        )
    for table, row in batch.gone:
        connection.execute(f"DELETE FROM {table} WHERE id = ?", (row,))  # noqa: S608 - a table of ours
    for table, rows in (("tickets", batch.tickets), ("visits", batch.visits), ("ratings", batch.ratings)):
        if rows:
            many(_UPSERTS[table], rows)
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
    _write_outbox(batch, connection)


def _write_outbox(batch: Batch, connection: sqlite3.Connection) -> None:
    if batch.sent:
        connection.executemany(
            "INSERT INTO outbox VALUES (?,?,?,?,?,?,?)",
            [(s.id, s.device, s.op, compact(s.body), s.ttl_s, s.at, s.state) for s in batch.sent],
        )
    for command in batch.unknown:
        connection.execute("UPDATE outbox SET state = 'unknown' WHERE id = ?", (command,))
    for command in batch.settled:
        connection.execute("DELETE FROM outbox WHERE id = ?", (command,))


def _mark(connection: sqlite3.Connection, name: str) -> Any:  # noqa: ANN401 - any JSON
    row = connection.execute("SELECT value FROM marks WHERE name = ?", (name,)).fetchone()
    return None if row is None else json.loads(row[0])


def _version(connection: sqlite3.Connection, where: str, *values: int) -> Version | None:
    row = connection.execute(f"SELECT version, at, data FROM centres {where}", values).fetchone()  # noqa: S608 - ours
    return None if row is None else Version(row[0], row[1], json.loads(row[2]))


def _recovered(connection: sqlite3.Connection, day: str | None) -> Recovered:
    (seq,) = connection.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()
    written = tuple(_written(row) for row in connection.execute(f"{_JOURNAL} WHERE day = ? ORDER BY seq", (day,)))
    tokens = connection.execute(
        "SELECT subject, value FROM secrets JOIN tickets ON tickets.id = subject WHERE what = 'token' AND day = ?",
        (day,),
    ).fetchall()
    floors = _mark(connection, "floors") or {}
    return Recovered(
        epoch=int(_mark(connection, "epoch")),
        seq=seq,
        last_at=max((one.fact.at for one in written), default=0),
        day=day,
        written=written,
        tokens=dict(tokens),
        version=_version(connection, "ORDER BY version DESC LIMIT 1"),
        floors=floors.get(day, {}) if day else {},
    )


class SqliteStore:
    """`controller.services.ports.Store` over one SQLite file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recover(self) -> Recovered:
        """Read what the last run left."""

        def last(connection: sqlite3.Connection) -> Recovered:
            row = connection.execute("SELECT max(day) FROM journal").fetchone()
            return _recovered(connection, row[0])

        return await self._database.write(last)

    async def commit(self, batch: Batch) -> None:
        """Write everything of a batch in one transaction and return when it will survive a power cut."""
        await self._database.write(lambda connection: _write(batch, connection))

    async def day(self, day: str) -> Recovered:
        """Read one day as `recover` does the last one."""
        return await self._database.read(lambda connection: _recovered(connection, day))

    async def day_of(self, token: str) -> str | None:
        """Give the day of the ticket with this token, or None."""

        def find(connection: sqlite3.Connection) -> str | None:
            row = connection.execute(
                "SELECT day FROM secrets JOIN tickets ON tickets.id = subject WHERE what = 'token' AND value = ?",
                (token,),
            ).fetchone()
            return None if row is None else str(row[0])

        return await self._database.read(find)

    async def keys(self) -> Collection[tuple[str, str]]:
        """Give (sender, id) of every answered request that is kept."""
        return await self._database.write(
            lambda connection: connection.execute("SELECT sender, id FROM requests").fetchall()
        )

    async def replies(self, keys: Sequence[Key]) -> list[Answered | None]:
        """Give the first answers to these requests, in order."""

        def find(connection: sqlite3.Connection) -> list[Answered | None]:
            query = "SELECT sender, id, digest, reply, at FROM requests WHERE sender = ? AND id = ?"
            rows = [connection.execute(query, (key.sender, key.id)).fetchone() for key in keys]
            return [None if row is None else Answered(*row) for row in rows]

        return await self._database.read(find)

    async def outbox(self) -> list[Sent]:
        """Give the device commands that have no final result, oldest first."""

        def find(connection: sqlite3.Connection) -> list[Sent]:
            rows = connection.execute("SELECT id, device, op, body, ttl_s, at, state FROM outbox ORDER BY rowid")
            return [
                Sent(i, device, op, json.loads(body), ttl, at, state) for i, device, op, body, ttl, at, state in rows
            ]

        return await self._database.read(find)

    async def version(self, version: int) -> Version:
        """Give one version of the configuration; one that was never stored is `StoreDown`."""
        found = await self._database.read(lambda connection: _version(connection, "WHERE version = ?", version))
        if found is None:
            raise StoreDown(f"version {version} of the configuration is not in the store")
        return found

    async def events(self, after: int, limit: int) -> list[Written]:
        """Give facts of the journal in order, those after a sequence number."""
        return await self._database.read(
            lambda connection: [
                _written(row)
                for row in connection.execute(f"{_JOURNAL} WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit))
            ]
        )

    async def purge(self, at: int) -> int:
        """Delete secrets past their date and requests kept long enough; give how many rows went."""

        def delete(connection: sqlite3.Connection) -> int:
            secrets = connection.execute("DELETE FROM secrets WHERE purge_at <= ?", (at,)).rowcount
            requests = connection.execute(
                "DELETE FROM requests WHERE at < ? AND digest != ?", (at - KEEP_REQUESTS_MS, VOID)
            ).rowcount
            return secrets + requests

        return await self._database.write(delete)
