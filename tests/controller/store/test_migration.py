"""An upgrade of the store: a copy before it, all of it or nothing, and never an older program on a newer store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from controller.services.journal.ports import StoreError
from controller.store import schema
from controller.store.database import FILE, STEPS, migrate
from controller.store.files import keep_folder_private
from controller.store.restore.backup import put_back

if TYPE_CHECKING:
    from pathlib import Path

FIRST = 2
"""So many steps had the store of the older program of these tests."""


def older_store(folder: Path) -> Path:
    """Make the store of an older program, with a mark of its own."""
    place = folder / FILE
    migrate(place)
    with closing(sqlite3.connect(place)) as store, store:
        for table in ("procedures", *_later_tables(store)):
            store.execute(f"DROP TABLE IF EXISTS {table}")
        for step in STEPS[FIRST:]:
            store.execute("DELETE FROM _sqlite_migrations WHERE name = ?", (step,))
        store.execute("INSERT INTO marks VALUES ('older', '1')")
    return place


def _later_tables(store: sqlite3.Connection) -> list[str]:
    early = {"journal", "tickets", "visits", "ratings", "secrets", "requests", "outbox", "centres", "users", "sessions"}
    tables = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [name for name in tables if name not in early | {"marks"} and "sqlite" not in name]


def steps_of(place: Path) -> tuple[str, ...]:
    """Return the migrations of a store that is whole."""
    with closing(sqlite3.connect(place)) as store:
        assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert store.execute("SELECT value FROM marks WHERE name = 'older'").fetchall() == [("1",)]
        return tuple(name for (name,) in store.execute("SELECT name FROM _sqlite_migrations ORDER BY rowid"))


def test_an_older_store_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    place = older_store(tmp_path)

    migrate(place)

    copy = tmp_path / f"{FILE}.before-{STEPS[FIRST]}"
    assert (steps_of(copy), steps_of(place)) == (STEPS[:FIRST], STEPS)
    assert copy.stat().st_mode & 0o777 == 0o600


def test_a_new_store_has_no_copy_and_is_its_owners_alone(tmp_path: Path) -> None:
    migrate(tmp_path / FILE)

    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_a_store_that_others_could_read_is_its_owners_alone_from_now_on(tmp_path: Path) -> None:
    migrate(tmp_path / FILE)
    (tmp_path / FILE).chmod(0o644)

    migrate(tmp_path / FILE)

    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("mode", "kept"), [(0o755, 0o700), (0o750, 0o700), (0o1777, 0o1777)])
def test_others_are_kept_out_of_a_data_directory_but_a_shared_folder_stays_so(
    tmp_path: Path, mode: int, kept: int
) -> None:
    tmp_path.chmod(mode)

    keep_folder_private(tmp_path)

    assert tmp_path.stat().st_mode & 0o7777 == kept


def test_an_upgrade_that_fails_leaves_the_old_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = older_store(tmp_path)
    last = schema.migrations._migrations[-1]

    def fail(_db: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(last, "fn", fail)
        with pytest.raises(StoreError, match="disk is full"):
            migrate(place)

    assert steps_of(place) == STEPS[:FIRST]


def test_a_store_of_a_newer_program_is_refused_unchanged_and_says_what_to_do(tmp_path: Path) -> None:
    migrate(tmp_path / FILE)
    with closing(sqlite3.connect(tmp_path / FILE)) as store, store:
        store.execute("INSERT INTO _sqlite_migrations VALUES (99, 'luot', 'a_step_of_tomorrow', 'now')")
    before = (tmp_path / FILE).read_bytes()

    with pytest.raises(
        StoreError, match=r"newer program \(a_step_of_tomorrow.*nothing was changed.*Install that program"
    ):
        migrate(tmp_path / FILE)

    assert (tmp_path / FILE).read_bytes() == before
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(StoreError, match=rf"the store {tmp_path / FILE} was written by a newer program"):
        put_back(tmp_path / FILE, other, "2026-11-23")
