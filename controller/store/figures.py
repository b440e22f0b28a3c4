"""The SQL of reports: read-only connections of their own, so that a long report never waits for or holds the writer."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from controller.services.history import RatingRow, TicketRow
from controller.services.ports import StoreDown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

TICKETS = """
SELECT day, hour, issued_at, service, counter, officer, channel, priority, status, called_at, last_called_at,
       started_at, ended_at, target_s
FROM tickets WHERE day BETWEEN ? AND ?"""

RATINGS = """
SELECT r.day, t.hour, coalesce(r.service, t.service), r.counter, r.officer, t.channel, t.priority,
       r.score, r.version, r.satisfied
FROM ratings r JOIN tickets t ON t.id = r.ticket WHERE r.day BETWEEN ? AND ?"""

TICKET_DAYS = "SELECT min(day), max(day) FROM tickets WHERE day BETWEEN ? AND ?"

CENTRES = "SELECT data FROM centres ORDER BY version"

DAYS_AT_ONCE = 31
"""Days that one read transaction spans, so that the log of the writer can be folded in between."""


class FiguresStore:
    """Reads the projections of one data file; every method blocks, and a broken file is a `StoreDown`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def tickets(self, first: date, last: date) -> Iterator[TicketRow]:
        """Give the tickets of the local days from `first` to `last`, both included."""
        return map(TicketRow._make, self._by_days(TICKETS, first, last))

    def ratings(self, first: date, last: date) -> Iterator[RatingRow]:
        """Give the ratings of visits on the local days from `first` to `last`, both included."""
        return map(RatingRow._make, self._by_days(RATINGS, first, last))

    def groups(self) -> Mapping[str, str]:
        """Give the group of every service that was ever configured, by the latest version that has it."""
        found: dict[str, str] = {}
        for (data,) in self._rows(CENTRES, ()):
            found.update({row["id"]: row["group"] for row in json.loads(data).get("service", ())})
        return found

    def _by_days(self, query: str, first: date, last: date) -> Iterator[tuple[Any, ...]]:
        ((earliest, latest),) = self._rows(TICKET_DAYS, (first.isoformat(), last.isoformat()))
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
            raise StoreDown(f"The reports cannot read {self._path.name}: {error}.") from error
