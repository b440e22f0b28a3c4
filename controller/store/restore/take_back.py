"""The way back from days that a wrong clock opened: the store as it was before them, put in place as a new epoch.

Events are never rewritten, and journal time never goes back within an epoch. So this is a restore of the backup
that somebody would have taken just before the first event dated in the future: a copy of the store that ends there.
The store with all its events stays beside the new one.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from controller.domain.centre.centre import parse_centre
from controller.services.engine.clock_guard import MARK
from controller.services.journal.ports import VOID, StoreError
from controller.services.journal.projections import Projector
from controller.services.journal.replay import UNREADABLE, empty_hall, wanted_versions
from controller.services.requests.issue import OUTAGES
from controller.store import files
from controller.store.database import FILE, copy_store, migrate, open_to_read
from controller.store.journal import read_day, read_version, write_projections
from controller.store.numbers import MARK_FILE, read_high_water, write_high_water
from controller.store.restore.backup import put_back

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from controller.domain.centre.centre import Centre
    from controller.services.journal.ports import RecoveredDay
    from controller.services.journal.projections import Rows
    from controller.store.restore.backup import Done

BEFORE: Final = f"{FILE}.before-the-future"
"""The copy that ends before the first event of the future, until it is in place."""

ESTIMATES: Final = "estimates"
"""What wait estimates have learnt: where time did not pass, all waits were 0."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was taken back: how many events, their days, and how the numbers go on."""

    events: int
    days: tuple[str, ...]
    done: Done


@dataclass(frozen=True, slots=True)
class Future:
    """What would be taken back: the days of the events, each with how many of them."""

    days: dict[str, int]

    @property
    def events(self) -> int:
        """Return how many events."""
        return sum(self.days.values())


@dataclass(slots=True)
class _Cut:
    events: int = 0
    days: tuple[str, ...] = ()


def future_of(data: Path, now: int) -> Future:
    """Return what `take_back` would leave out; nothing is changed. `StoreError` when there is nothing to leave out."""
    try:
        with closing(open_to_read(data / FILE)) as store:
            first = _first_later(store, now)
            rows = store.execute("SELECT day, count(*) FROM journal WHERE seq >= ? GROUP BY day ORDER BY day", (first,))
            return Future(dict(rows.fetchall()))
    except sqlite3.Error as error:
        raise StoreError(f"{data / FILE} cannot be read: {error}. Nothing was changed") from error


def _first_later(store: sqlite3.Connection, now: int) -> int:
    (first,) = store.execute("SELECT min(seq) FROM journal WHERE at > ?", (now,)).fetchone()
    if first is None:
        raise StoreError("the journal holds nothing that is later than the clock: there is nothing to take back")
    return int(first)


def take_back(data: Path, now: int, today: str) -> TakenBack:
    """Leave out of a store that nobody uses every event dated after `now`, as a new epoch; `today` is the day of `now`.

    `StoreError` when there is none, or when the store cannot be read; then nothing was changed.
    """
    cut, copy = _Cut(), data / BEFORE
    if not (data / FILE).is_file():
        raise StoreError(f"there is no store {data / FILE}")
    migrate(data / FILE)  # an older program may have written it
    try:
        copy_store(data / FILE, copy, partial(_leave_out, cut=cut, now=now))
        done = put_back(copy, data, today, now, clock_is_right=True)
        mark = read_high_water(data / MARK_FILE)
        if mark is not None:
            write_high_water(data / MARK_FILE, mark.brought_back(today))
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{data} could not be taken back: {error}. Nothing was lost; do it again") from error
    finally:
        files.remove(copy)
        files.remove(copy.with_name(f"{copy.name}.part"))
    return TakenBack(cut.events, cut.days, done)


def _leave_out(copy: sqlite3.Connection, *, cut: _Cut, now: int) -> None:
    """Take out of a copy all that happened from the first event of the future on."""
    first = _first_later(copy, now)
    days = [day for (day,) in copy.execute("SELECT DISTINCT day FROM journal WHERE seq >= ? ORDER BY 1", (first,))]
    cut.days = tuple(days)
    copy.execute("PRAGMA secure_delete=ON")
    with copy:
        cut.events = copy.execute("DELETE FROM journal WHERE seq >= ?", (first,)).rowcount
        copy.execute(
            "DELETE FROM checkpoints WHERE id >= (SELECT min(id) FROM checkpoints WHERE seq >= ? OR at > ?)",
            (first, now),
        )
        _project_again(copy, days)
        copy.execute("DELETE FROM requests WHERE at > ? AND digest != ?", (now, VOID))
        copy.execute("DELETE FROM outbox WHERE at > ?", (now,))
        copy.execute("DELETE FROM marks WHERE name IN (?,?)", (OUTAGES, ESTIMATES))
        # Whoever says that these days are the future says what time it is.
        copy.execute("INSERT OR REPLACE INTO marks VALUES (?,?)", (MARK, json.dumps(now)))


def _project_again(copy: sqlite3.Connection, days: Iterable[str]) -> None:
    """Make the rows of some days again from the events that are left, and drop the secrets of what is gone."""
    before = _subjects(copy)
    for day in days:
        for table in ("tickets", "visits", "ratings"):
            copy.execute(f"DELETE FROM {table} WHERE day = ?", (day,))  # noqa: S608 - names of our own tables
        recovered = read_day(copy, day)
        if recovered.written:
            rows = _rows(copy, recovered)
            visits = [row for row in rows.visits.values() if row is not None]
            write_projections(copy, rows.tickets.values(), visits, rows.ratings.values())
    gone = [(subject,) for subject in before - _subjects(copy)]
    copy.executemany("DELETE FROM secrets WHERE subject = ?", gone)


def _rows(copy: sqlite3.Connection, recovered: RecoveredDay) -> Rows:
    try:
        projector = Projector(empty_hall(recovered, {one: _centre(copy, one) for one in wanted_versions(recovered)}))
        for written in recovered.written:
            projector.apply(written.event)
    except UNREADABLE as error:
        raise StoreError(
            f"the journal of {recovered.day} cannot be replayed ({type(error).__name__}: {error}): nothing was "
            "changed. Restore a backup from before with --clock-is-right"
        ) from error
    return projector.take()


def _subjects(copy: sqlite3.Connection) -> set[str]:
    return {row[0] for row in copy.execute("SELECT id FROM tickets UNION SELECT id FROM ratings")}


def _centre(copy: sqlite3.Connection, version: int) -> Centre:
    found: Any = read_version(copy, "WHERE version = ?", version)
    if found is None:
        raise StoreError(f"version {version} of the configuration is not in the store; restore a backup")
    return parse_centre(found.data, stored=True)
