"""The SQL of reports: read-only connections of their own, so that a long report never waits for or holds the writer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from controller.domain.centre.model import Card
from controller.services.history import CallRow, ClosedRow, InHandRow, MoveRow, RatingRow, TicketRow
from controller.services.journal.chain import Checkpoint
from controller.services.journal.ports import StoreError
from controller.store.chain import CHECKPOINTS
from controller.store.rows import object_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

TICKETS = """
SELECT day, hour, issued_at, service, counter, officer, channel, priority, status, called_at, last_called_at,
       started_at, ended_at, target_s, told_low_s, told_high_s
FROM tickets WHERE day BETWEEN ? AND ?"""

RATINGS = """
SELECT r.day, t.hour, coalesce(r.service, t.service), r.counter, r.officer, t.channel, t.priority,
       r.score, r.version, r.satisfied <> 0
FROM ratings r JOIN tickets t ON t.id = r.ticket WHERE r.day BETWEEN ? AND ?"""

CALLS = """
SELECT v.day, t.hour, v.service, v.counter, v.officer, t.channel, t.priority, v.rule,
       json_extract(j.data, '$.overtook'), json_extract(j.data, '$.reason')
FROM (SELECT day, type, iif(json_valid(data), data, '{}') AS data FROM journal) j
JOIN visits v ON v.id = json_extract(j.data, '$.visit') JOIN tickets t ON t.id = v.ticket
WHERE j.day BETWEEN ? AND ? AND j.type = 'called'"""
"""A visit that was taken back has no row, so its call does not count."""

MOVES = """
SELECT day, json_extract(data, '$.counter'), json_extract(data, '$.officer'), type, at
FROM (SELECT seq, day, type, at, iif(json_valid(data), data, '{}') AS data FROM journal) WHERE day BETWEEN ? AND ?
AND type IN ('counter_opened', 'counter_closed', 'counter_paused', 'counter_resumed')
AND json_extract(data, '$.awaits') IS NULL ORDER BY seq"""
"""`awaits` marks a counter that asks for the next arrival: it was open and stays so."""

IN_HAND = "SELECT day, counter, called_at, ended_at FROM visits WHERE day BETWEEN ? AND ?"

CLOSED = """
SELECT json_extract(data, '$.number'), json_extract(data, '$.service'), json_extract(data, '$.priority'),
       json_extract(data, '$.issued_at'),
       iif(json_extract(data, '$.reason') = 'carried_over', 'carried_over', json_extract(data, '$.status'))
FROM (SELECT seq, day, type, iif(json_valid(data), data, '{}') AS data FROM journal)
WHERE day = ? AND type IN ('expired', 'no_show', 'finished')
AND json_extract(data, '$.reason') IN ('closing', 'carried_over') ORDER BY seq"""

CLOSING = f"{CHECKPOINTS} WHERE kind = 'closing' AND day <= ? ORDER BY id DESC LIMIT 1"

TIMEZONE = """
SELECT json_extract(data, '$.centre.timezone') FROM (SELECT version, data FROM centres WHERE json_valid(data))
ORDER BY version DESC LIMIT 1"""

JOURNAL_DAYS = "SELECT min(day), max(day) FROM journal WHERE day BETWEEN ? AND ?"

TICKET_DAYS = "SELECT min(day), max(day) FROM tickets WHERE day BETWEEN ? AND ?"

CENTRES = "SELECT data FROM centres ORDER BY version"

DAYS_AT_ONCE = 31
"""Days that one read transaction spans, so that the log of the writer can be folded in between."""


class FiguresStore:
    """Reads the projections of one data file; every method blocks, and a broken file is a `StoreError`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def tickets(self, first: date, last: date) -> Iterator[TicketRow]:
        """Give the tickets of the local days from `first` to `last`, both included."""
        return map(TicketRow._make, self._by_days(TICKETS, first, last))

    def ratings(self, first: date, last: date) -> Iterator[RatingRow]:
        """Give the ratings of visits on the local days from `first` to `last`, both included."""
        return map(RatingRow._make, self._by_days(RATINGS, first, last))

    def calls(self, first: date, last: date) -> Iterator[CallRow]:
        """Give the calls on the local days from `first` to `last`, both included; those taken back are not there."""
        return map(CallRow._make, self._by_days(CALLS, first, last, JOURNAL_DAYS))

    def moves(self, first: date, last: date) -> Iterator[MoveRow]:
        """Give what happened to counters on those days, in the order of the journal."""
        return map(MoveRow._make, self._by_days(MOVES, first, last, JOURNAL_DAYS))

    def in_hand(self, first: date, last: date) -> Iterator[InHandRow]:
        """Give when visits were in hand on those days."""
        return map(InHandRow._make, self._by_days(IN_HAND, first, last))

    def closed(self, day: date) -> list[ClosedRow]:
        """Give the tickets that the end of a local day found alive, in the order in which they were ended."""
        return list(map(ClosedRow._make, self._rows(CLOSED, (day.isoformat(),))))

    def closing(self, day: date) -> Checkpoint | None:
        """Give the head of the journal at the last closing of a local day up to this one."""
        rows = self._rows(CLOSING, (day.isoformat(),))
        return Checkpoint._make(rows[0]) if rows else None

    def timezone(self) -> ZoneInfo:
        """Give the time zone of the centre, by its configuration in force."""
        found = [name for (name,) in self._rows(TIMEZONE, ()) if name is not None]
        return ZoneInfo(found[0] if found else Card.model_fields["timezone"].default)

    def groups(self) -> Mapping[str, str]:
        """Give the group of every service that was ever configured, by the latest version that has it."""
        found: dict[str, str] = {}
        for (data,) in self._rows(CENTRES, ()):
            rows = object_of(data).get("service", ())
            found.update(
                {row["id"]: row["group"] for row in rows if isinstance(row, dict) and {"id", "group"} <= row.keys()}
            )
        return found

    def _by_days(self, query: str, first: date, last: date, ends: str = TICKET_DAYS) -> Iterator[tuple[Any, ...]]:
        ((earliest, latest),) = self._rows(ends, (first.isoformat(), last.isoformat()))
        if earliest is None:
            return
        first, last = date.fromisoformat(earliest), date.fromisoformat(latest)
        while first <= last:
            end = min(last, first + timedelta(days=DAYS_AT_ONCE - 1))
            yield from self._rows(query, (first.isoformat(), end.isoformat()))
            first = end + timedelta(days=1)

    def _rows(self, query: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
        try:
            with closing(
                sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)
            ) as connection:
                return connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"The reports cannot read {self._path.name}: {error}.") from error
