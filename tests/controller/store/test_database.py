"""The store works in threads of its own: one writes, one reads, and the event loop waits for neither."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from controller.store.database import FILE, Database

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import AsyncIterator
    from pathlib import Path

PATIENCE_S = 10.0


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(tmp_path / FILE)
    await made.open()
    yield made
    await made.close()


async def test_while_one_writes_others_read_and_the_loop_goes_on(database: Database) -> None:
    goes_on = threading.Event()

    def write(connection: sqlite3.Connection) -> str:
        connection.execute("INSERT INTO marks VALUES ('written', '1')")
        assert goes_on.wait(PATIENCE_S)
        return threading.current_thread().name

    writing = asyncio.create_task(database.write(write))
    found, reader = await database.read(lambda connection: (marks(connection), threading.current_thread().name))
    goes_on.set()
    writer = await writing

    assert "written" not in found
    assert (writer, reader) == ("store-writer_0", "store-reader_0")
    assert "written" in await database.read(marks)


def marks(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM marks")}


async def test_writes_are_done_one_after_another(database: Database) -> None:
    seen: list[int] = []

    async def write(number: int) -> None:
        await database.write(lambda _: seen.append(number))

    async with asyncio.TaskGroup() as group:
        for number in range(20):
            group.create_task(write(number))

    assert seen == list(range(20))
