"""The tables, and how the file is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from controller.services.journal.ports import StoreError
from controller.store import database as the_database
from controller.store.database import FILE, STEPS, Database, migrate
from controller.store.schema import migrations

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


def test_every_table_is_strict(tmp_path: Path) -> None:
    migrate(tmp_path / FILE)

    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        tables = connection.execute(
            "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE '%sqlite%'"
        ).fetchall()

    assert {name for name, _ in tables} == {
        "journal", "tickets", "visits", "ratings", "secrets", "requests", "outbox", "centres", "users",
        "sessions", "marks", "procedures", "checkpoints", "credentials",
    }  # fmt: skip
    assert all(strict for _, strict in tables)


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    migrate(tmp_path / FILE)
    migrate(tmp_path / FILE)

    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        assert connection.execute("SELECT value FROM marks WHERE name = 'epoch'").fetchall() == [("1",)]


def test_the_steps_are_the_migrations() -> None:
    assert tuple(step.name for step in migrations._migrations) == STEPS


def test_a_file_that_has_had_every_step_is_opened_without_loading_the_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []

    def load(name: str) -> ModuleType:
        loaded.append(name)
        return import_module(name)

    monkeypatch.setattr(the_database, "import_module", load)

    migrate(tmp_path / FILE)
    migrate(tmp_path / FILE)

    assert loaded == ["controller.store.schema"]


def test_a_file_that_is_no_store_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is not a database" * 100)

    with pytest.raises(StoreError, match="cannot be used"):
        migrate(tmp_path / FILE)


async def test_a_write_is_durable_and_reading_cannot_write(tmp_path: Path) -> None:
    database = Database(tmp_path / FILE)
    await database.open()
    pragmas = [
        await database.write(lambda connection, name=name: connection.execute(f"PRAGMA {name}").fetchone()[0])  # type: ignore[misc]
        for name in ("journal_mode", "synchronous")
    ]

    assert pragmas == ["wal", 2]
    with pytest.raises(StoreError, match="readonly"):
        await database.read(lambda connection: connection.execute("DELETE FROM journal"))
    await database.close()


async def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / FILE)
    await database.open()

    def half(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO marks VALUES ('half', '1')")
        connection.execute("INSERT INTO marks VALUES ('half', '2')")

    with pytest.raises(StoreError):
        await database.write(half)
    found = await database.read(lambda connection: connection.execute("SELECT * FROM marks").fetchall())
    await database.close()

    assert found == [("epoch", "1")]


async def test_a_closed_store_is_down(tmp_path: Path) -> None:
    database = Database(tmp_path / FILE)

    with pytest.raises(StoreError, match="closed"):
        await database.read(lambda connection: connection.execute("SELECT 1"))
