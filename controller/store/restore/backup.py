"""Copies of the store: taken while it is written, put back as a new epoch.

A restore puts the new store in place with one rename, after the old one got a second name beside it. A process that is
killed at any moment leaves the old store or the new one, and the restore can be done again.
"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from controller.domain.centre.centre import parse_centre
from controller.domain.numbers.high_water import HighWater, Restored, continue_above, merged, repeating
from controller.domain.queue.hall import PERSON
from controller.services.journal.ports import StoreError
from controller.store import files
from controller.store.chain import record_fork
from controller.store.database import FILE, check_not_newer, copy_store, migrate, open_to_read
from controller.store.journal import EPOCH, RESTORED, read_version
from controller.store.numbers import MARK_FILE, read_high_water, write_high_water
from controller.store.restore.known_numbers import Known, known_in, known_of, last_day, last_instant
from controller.store.trouble import advice

if TYPE_CHECKING:
    from pathlib import Path

    from controller.domain.numbers.high_water import Numbers

RESTORING: Final = f"{FILE}.restoring"
REPLACED: Final = f"{FILE}.replaced"
"""What a restore leaves in the data directory: the new store until it is in place, and the old one from then on."""

EVERY_DAY: Final = "0000-00-00"


@dataclass(frozen=True, slots=True)
class Done:
    """A restore: the new epoch, where each series continues, until which day, and what people should hear of it.

    `kept` is the store that was in place, under the name that it has now; None where there was none. `last` is the
    instant of the last event of the backup; None where it holds none.
    """

    epoch: int
    floors: Numbers
    until: str
    notes: tuple[str, ...]
    kept: Path | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class _Former:
    """What is known beside the backup: of the stores that could be read, and of the mark."""

    stores: tuple[Known, ...]
    mark: HighWater
    notes: tuple[str, ...]


def back_up(data: Path, to: Path) -> None:
    """Copy the store of a data directory, also while it is in use; `StoreError` when it cannot be, or `to` exists.

    Its sentence names the file at fault: the store, or the copy.
    """
    if to.exists():
        raise StoreError(f"{to} exists: give another name, a backup is never overwritten")
    if not (data / FILE).is_file():
        raise StoreError(f"there is no store {data / FILE}: give the data directory of a controller with --data")

    def change(copy: sqlite3.Connection) -> None:
        _check(copy, data / FILE)
        _leave_out_marks(copy)

    try:
        copy_store(data / FILE, to, change)
    except (sqlite3.Error, OSError) as error:
        unreadable = _unreadable(data / FILE)
        raise StoreError(unreadable or f"{to} could not be written: {error}") from error


def _unreadable(path: Path) -> str | None:
    """Say why a store cannot be read; None when it can be. SQLite reports the faults of both files of a copy alike."""
    try:
        with closing(open_to_read(path)) as store:
            _check(store, path)
    except sqlite3.Error as error:
        return f"the store {path} could not be read: {error}; {advice(error, path.parent)}"
    except OSError as error:
        return f"the store {path} could not be read: {error}"
    except StoreError as error:
        return str(error)
    return None


def _leave_out_marks(copy: sqlite3.Connection) -> None:
    """Take the marks of persons out of a copy: they are for one day, and a copy may be kept for years."""
    copy.execute("PRAGMA secure_delete=ON")
    with copy:
        copy.execute("DELETE FROM secrets WHERE what = ?", (PERSON,))


def put_back(source: Path, data: Path, today: str, at: int | None = None, *, clock_is_right: bool = False) -> Done:
    """Put a backup in place of the store of a data directory that nobody uses; say how.

    The store in place may be damaged. Numbers that were given after the backup was taken are not known for sure, so
    each series continues at the next full hundred above all that is known: from the backup, the store in place, stores
    set aside and the mark of numbers. `today` is the clock's day. The floors hold up to the last day that any of them
    knows; `clock_is_right` says that a later day than today was the mistake of a clock. `at` is the instant that the
    hash chain of the journal records for the fork, else that of this machine's clock.
    """
    fresh = data / RESTORING
    _bring_in(source, fresh)
    try:
        done = _begin_epoch(fresh, data, today, at, clock_is_right=clock_is_right)
        kept = _set_aside(data / FILE)
        files.put_in_place(fresh, data / FILE)
        mark = read_high_water(data / MARK_FILE) or HighWater()
        write_high_water(data / MARK_FILE, mark.begin(done.epoch))
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            f"{data} could not be given the new store: {error}. The backup is whole and nothing was lost; do it again"
        ) from error
    return replace(done, kept=kept)


def _bring_in(source: Path, fresh: Path) -> None:
    """Copy a backup beside the store, whole and up to date; what fails here is the backup's fault."""
    try:
        copy_store(source, fresh, lambda copy: _check(copy, source))
        migrate(fresh, copy=False)  # the backup itself stays as it is
    except sqlite3.Error as error:
        raise StoreError(f"{source} is not a whole store of a controller: {error}; give another backup") from error
    except OSError as error:
        raise StoreError(
            f"{source} could not be copied to {fresh}: {error}; the store in place is unchanged"
        ) from error


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if found == "ok" and not {"journal", "centres", "marks"} <= tables:
        found = "its tables are missing"
    if found != "ok":
        raise StoreError(f"{path} is not a whole store of a controller: {found}")
    check_not_newer(connection, path)


def _begin_epoch(fresh: Path, data: Path, today: str, at: int | None, *, clock_is_right: bool) -> Done:
    """Make the copied backup the first state of a new epoch, in one transaction: no session of before lives on."""
    with closing(sqlite3.connect(fresh)) as target:
        first = last_day(target) or EVERY_DAY
        former = _former(data, first)
        backup = known_in(target, first)
        restored = _restored(target, backup, former, first, today, clock_is_right=clock_is_right)
        notes = former.notes + _notes(target, restored, today, clock_is_right=clock_is_right)
        with target:
            rows = [(EPOCH, json.dumps(restored.epoch)), (RESTORED, json.dumps(asdict(restored)))]
            target.executemany("INSERT OR REPLACE INTO marks VALUES (?,?)", rows)
            target.execute("DELETE FROM sessions")
            record_fork(target, restored.epoch, int(time.time() * 1000) if at is None else at)
        target.execute("PRAGMA journal_mode=DELETE")
        last = last_instant(target)
    return Done(restored.epoch, restored.floors, restored.until, notes, last=last)


def _former(data: Path, first: str) -> _Former:
    """Read all that is known of the numbers beside the backup."""
    stores, notes = [], []
    for path in (data / FILE, *sorted(data.glob(f"{REPLACED}*"))):
        if path.name.endswith(files.COMPANIONS) or not path.is_file():
            continue
        known = known_of(path, first)
        if isinstance(known, Known):
            stores.append(known)
        elif path.name == FILE:
            notes.append(f"the store that was in place could not be read ({known})")
    mark = read_high_water(data / MARK_FILE)
    if notes or not stores:
        notes.append(
            f"the numbers given since the backup are known from {MARK_FILE}"
            if mark is not None
            else f"there is no {MARK_FILE} either: only the backup says which numbers were given, so numbers given "
            f"after it may come twice. If the folder of before still exists, copy its {MARK_FILE} into {data} before "
            f"the controller is started"
        )
    return _Former(tuple(stores), mark or HighWater(), tuple(notes))


def _restored(
    target: sqlite3.Connection, backup: Known, former: _Former, first: str, today: str, *, clock_is_right: bool
) -> Restored:
    every = (backup, *former.stores)
    known = merged([*(one.highest for one in every), former.mark.highest(first)])
    last = {series: number for one in reversed(former.stores) for series, number in one.last.items()}
    version = read_version(target, "ORDER BY version DESC LIMIT 1")
    ranges = {} if version is None else parse_centre(version.data, stored=True).ranges
    days = [today, *(one.day for one in every if one.day is not None), former.mark.last_day or today]
    return Restored(
        epoch=max(former.mark.epoch, *(one.epoch for one in every)) + 1,
        first=first,
        until=today if clock_is_right else max(days),
        floors=continue_above(known, ranges, last),
    )


def _notes(target: sqlite3.Connection, restored: Restored, today: str, *, clock_is_right: bool) -> tuple[str, ...]:
    version = read_version(target, "ORDER BY version DESC LIMIT 1")
    repeated = () if version is None else repeating(parse_centre(version.data, stored=True).ranges)
    notes = [
        f"series {series} begins again after its last number: a number given since the backup may be in use twice"
        for series in repeated
    ]
    if restored.until > today and not clock_is_right:
        notes.append(
            f"numbers were given up to {restored.until}, but the clock says {today}: until then no series begins again "
            f"at its first number. If the clock is right, restore once more with --clock-is-right"
        )
    return tuple(notes)


def _set_aside(place: Path) -> Path | None:
    """Give the store in place a second name, and leave nothing beside it that would be applied to the new one.

    Returns that name; None where no store is in place.

    A log that cannot be folded in is a part of a damaged store: neither may stay under its name without the other, so
    then there is no store in place until the new one is, and `serve` refuses to begin.
    """
    there = place.is_file()
    whole = there and _folded(place)
    logs = [] if whole else [path for path in _beside(place) if path.stat().st_size]
    kept = files.keep_beside(place, REPLACED) if there else place.with_name(REPLACED)
    for log in logs:
        files.keep_beside(log, kept.name + log.name.removeprefix(FILE))
    if logs:
        place.unlink(missing_ok=True)
    for path in _beside(place):
        path.unlink()
    files.sync(place.parent)
    return kept if there else None


def _beside(place: Path) -> list[Path]:
    paths = [place.with_name(place.name + name) for name in files.COMPANIONS]
    return [path for path in paths if path.exists()]


def _folded(place: Path) -> bool:
    """Fold what is in the log of a store into its file; False when that cannot be done, as with a damaged one."""
    if not place.stat().st_size:
        return False
    try:
        with closing(sqlite3.connect(place)) as former:
            (busy, _, _) = former.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            (mode,) = former.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.Error:
        return False
    return not busy and mode == "delete"


def timezone_of(path: Path) -> str:
    """Give the time zone of the centre whose store this is; StoreError when it is none."""
    try:
        with closing(open_to_read(path)) as connection:
            row = connection.execute("SELECT data FROM centres ORDER BY version DESC LIMIT 1").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"{path} is not a whole store of a controller: {error}; give another backup") from error
    if row is None:
        raise StoreError(f"{path} holds no configuration of a centre")
    return str(json.loads(row[0])["centre"].get("timezone", "Asia/Ho_Chi_Minh"))
