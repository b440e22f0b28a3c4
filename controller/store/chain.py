"""The checkpoints of the journal's hash chain: written with the events that they cover, and made for older journals."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

from controller.services.journal.chain import Chain, ChainRow, Checkpoint, SealReason, extend

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from controller.services.journal.chain import DayClosing

PENDING: Final = "chain_pending"
"""The mark of a journal that was written before there was a chain, until its chain is whole."""

AT_ONCE: Final = 16_384
"""Events that one transaction of an upgrade takes into the chain."""

SAY_EVERY_S: Final = 2.0

CHECKPOINTS: Final = "SELECT seq, epoch, kind, day, at, head FROM checkpoints"
ROWS: Final = """
SELECT seq, epoch, CAST(day AS BLOB), config, CAST(type AS BLOB), v, at, CAST(data AS BLOB)
FROM journal WHERE seq > ? ORDER BY seq LIMIT ?"""
"""As blobs: the bytes as stored, whatever they say."""

_LAST: Final = f"{CHECKPOINTS} ORDER BY id DESC LIMIT 1"
_LAST_CLOSING: Final = f"{CHECKPOINTS} WHERE kind = 'closing' ORDER BY id DESC LIMIT 1"
_INSERT: Final = "INSERT INTO checkpoints (seq, epoch, kind, day, at, head) VALUES (?,?,?,?,?,?)"


def last_closing(connection: sqlite3.Connection) -> Checkpoint | None:
    """Read the checkpoint of the last day that was closed."""
    row = connection.execute(_LAST_CLOSING).fetchone()
    return None if row is None else Checkpoint(*row)


def closing_of(connection: sqlite3.Connection, day: str) -> Checkpoint | None:
    """Read the checkpoint of the closing of a day."""
    row = connection.execute(f"{CHECKPOINTS} WHERE kind = 'closing' AND day = ? ORDER BY id LIMIT 1", (day,)).fetchone()
    return None if row is None else Checkpoint(*row)


def load(connection: sqlite3.Connection) -> Chain:
    """Rebuild the running state: the last checkpoint, and the events after it."""
    chain = _at_last_checkpoint(connection)
    for row in connection.execute(ROWS, (chain.seq, -1)):
        chain.add(ChainRow._make(row))
    return chain


def append(
    connection: sqlite3.Connection, rows: list[ChainRow], closings: Sequence[DayClosing], known: Chain | None
) -> tuple[Chain, list[Checkpoint]]:
    """Write events with the checkpoints that are due; give the state of the chain after them, and the checkpoints.

    `known` is the state before them. Who was cancelled while the disk worked does not know what was written: then the
    disk is asked.
    """
    before = rows[0].seq - 1 if rows else closings[0].seq
    chain = known.copy() if known is not None and known.seq == before else load(connection)
    connection.executemany("INSERT INTO journal VALUES (?,?,?,?,?,?,?,?)", rows)
    # A closing that left no event is found again at the next start; the day has its head already.
    due = [one for one in closings if closing_of(connection, one.day) is None]
    made = list(extend(chain, rows, due))
    if made:
        write(connection, made)
    return chain, made


def write(connection: sqlite3.Connection, checkpoints: Iterable[Checkpoint]) -> None:
    """Store checkpoints behind those that are there."""
    connection.executemany(_INSERT, checkpoints)


def record_fork(connection: sqlite3.Connection, epoch: int, at: int) -> Checkpoint:
    """Record that a restore begins an epoch here; within the caller's transaction."""
    made = load(connection).seal(SealReason.FORK, at, epoch=epoch)
    write(connection, [made])
    return made


class _Older:
    """Takes in a journal that was written before there was a chain: its days and restores are what its rows say."""

    def __init__(self, chain: Chain, day: str) -> None:
        self.chain = chain
        self._day = day

    def take(self, rows: Iterable[ChainRow]) -> Iterator[Checkpoint]:
        """Return the checkpoints of further rows; the last one is behind them all."""
        chain = self.chain
        for row in rows:
            if row.epoch != chain.epoch:
                yield chain.seal(SealReason.FORK, row.at, epoch=row.epoch)
            day = row.day.decode() if isinstance(row.day, bytes) else row.day
            if self._day and day > self._day:
                yield chain.seal(SealReason.CLOSING, chain.at, day=self._day)
            self._day = max(day, self._day)
            yield from extend(chain, [row])
        if chain.since:
            yield chain.seal(SealReason.UPGRADE, chain.at)


def complete(connection: sqlite3.Connection, say: Callable[[str], None] | None = None) -> None:
    """Make the chain of a journal that was written before there was one; goes on where it was interrupted."""
    if connection.execute("SELECT 1 FROM marks WHERE name = ?", (PENDING,)).fetchone() is None:
        return
    chain, said, say = _at_last_checkpoint(connection), time.monotonic(), say or _on_error_output
    ((last,), (day,)) = (
        connection.execute(query, values).fetchone()
        for query, values in (
            ("SELECT coalesce(max(seq), 0) FROM journal", ()),
            ("SELECT coalesce(max(day), '') FROM journal WHERE seq <= ?", (chain.seq,)),
        )
    )
    older = _Older(chain, day)
    while chain.seq < last:
        with connection:
            write(connection, older.take(_rows(connection, chain.seq, AT_ONCE)))
        if time.monotonic() - said >= SAY_EVERY_S:
            said = time.monotonic()
            say(f"making the hash chain of the journal: {chain.seq} of {last} events")
    with connection:
        (epoch,) = connection.execute("SELECT CAST(value AS INTEGER) FROM marks WHERE name = 'epoch'").fetchone()
        if epoch != chain.epoch:
            write(connection, [chain.seal(SealReason.FORK, chain.at, epoch=epoch)])
        connection.execute("DELETE FROM marks WHERE name = ?", (PENDING,))


def _at_last_checkpoint(connection: sqlite3.Connection) -> Chain:
    row = connection.execute(_LAST).fetchone()
    return Chain() if row is None else Chain.after(Checkpoint(*row))


def _rows(connection: sqlite3.Connection, after: int, limit: int) -> list[ChainRow]:
    return [ChainRow._make(row) for row in connection.execute(ROWS, (after, limit))]


def _on_error_output(sentence: str) -> None:
    sys.stderr.write(f"luot: {sentence}\n")
    sys.stderr.flush()
