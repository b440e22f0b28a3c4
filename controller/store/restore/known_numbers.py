"""What is known of the numbers given: in a backup, in the store in place, in stores set aside, and in the mark."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from controller.services.journal.ports import StoreError
from controller.store.database import open_to_read
from controller.store.journal import EPOCH, read_mark

if TYPE_CHECKING:
    from pathlib import Path

    from controller.domain.numbers.high_water import Numbers

LARGEST: Final = 99_999
"""A number above this is damage and no number."""

YEAR_9999: Final = 253_370_764_800_000
"""An instant above this is damage and no time."""

_DAYS = "SELECT max(day) FROM journal WHERE day GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'"
_GIVEN = """
SELECT json_extract(data, '$.series'), json_extract(data, '$.serial')
FROM (SELECT seq, day, type, iif(json_valid(data), data, '{}') AS data FROM journal)
WHERE day >= ? AND type = 'issued' AND json_extract(data, '$.serial') BETWEEN 0 AND ? ORDER BY seq"""


@dataclass(frozen=True, slots=True)
class Known:
    """What one store says: its epoch, its last day, and by series the highest and the last number since a day."""

    epoch: int = 0
    day: str | None = None
    highest: Numbers = field(default_factory=dict)
    last: Numbers = field(default_factory=dict)


def last_day(connection: sqlite3.Connection) -> str | None:
    """Return the last day of a journal; None for an empty one."""
    (day,) = connection.execute(_DAYS).fetchone()
    return None if day is None else str(day)


def last_instant(connection: sqlite3.Connection) -> int | None:
    """Return the instant of the last event of a journal that is of a calendar's years; None for an empty one."""
    query = "SELECT at FROM journal WHERE typeof(at) = 'integer' AND at BETWEEN 0 AND ? ORDER BY seq DESC LIMIT 1"
    row = connection.execute(query, (YEAR_9999,)).fetchone()
    return None if row is None else int(row[0])


def known_in(connection: sqlite3.Connection, first: str) -> Known:
    """Read what a store knows of the numbers given on a day or later."""
    highest: Numbers = {}
    last: Numbers = {}
    for series, number in connection.execute(_GIVEN, (first, LARGEST)):
        highest[series] = max(number, highest.get(series, 0))
        last[series] = number
    return Known(int(read_mark(connection, EPOCH)), last_day(connection), highest, last)


def known_of(path: Path, first: str) -> Known | str:
    """Read what a store knows that may be damaged: a sentence says why nothing could be read."""
    try:
        if not path.stat().st_size:
            return "it is empty"
        with closing(open_to_read(path)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                return str(found)
            return known_in(connection, first)
    except (sqlite3.Error, StoreError, OSError, ValueError, TypeError) as error:
        return str(error)
