"""The SQL of reports over a real file: days at both ends, removed services, a range far too wide."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from controller.services.journal.ports import StoreError
from controller.store.database import FILE, Database
from controller.store.figures import FiguresStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

TICKET = {
    "id": "t1", "day": "2026-11-23", "hour": 8, "number": "A001", "service": "land", "series": "A",
    "priority": "normal", "status": "done", "channel": "kiosk", "lang": "vi", "issued_at": 1000, "called_at": 2000,
    "last_called_at": 3000, "started_at": 4000, "ended_at": 5000, "counter": "c1", "officer": "an", "recalls": 0,
    "transfers": 0, "target_s": 1800, "told_low_s": 300, "told_high_s": 900,
}  # fmt: skip
RATING = {
    "id": "r1", "ticket": "t1", "visit": "v1", "day": "2026-11-23", "at": 6000, "score": 3, "version": 1,
    "satisfied": 1, "service": "land", "counter": "c2", "officer": "binh", "source": "rater",
}  # fmt: skip


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(tmp_path / FILE)
    await made.open()
    yield made
    await made.close()


async def put(database: Database, table: str, **row: Any) -> None:
    names, places = ",".join(row), ",".join("?" * len(row))
    query = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - names that stand in this file
    await database.write(lambda connection: connection.execute(query, tuple(row.values())))


async def test_tickets_are_given_with_both_ends_of_the_days(database: Database) -> None:
    for number, day in enumerate(("2026-11-22", "2026-11-23", "2026-12-31", "2027-01-01")):
        await put(database, "tickets", **TICKET | {"id": f"t{number}", "day": day})

    rows = list(FiguresStore(database.path).tickets(date(2026, 11, 23), date(2026, 12, 31)))

    assert [row.day for row in rows] == ["2026-11-23", "2026-12-31"]
    assert rows[0]._asdict() == {
        "day": "2026-11-23", "hour": 8, "issued_at": 1000, "service": "land", "counter": "c1", "officer": "an",
        "channel": "kiosk", "priority": "normal", "status": "done", "called_at": 2000, "last_called_at": 3000,
        "started_at": 4000, "ended_at": 5000, "target_s": 1800, "told_low_s": 300, "told_high_s": 900,
    }  # fmt: skip


async def test_a_rating_is_given_with_its_visits_counter_and_its_tickets_hour(database: Database) -> None:
    await put(database, "tickets", **TICKET)
    await put(database, "ratings", **RATING)

    (row,) = FiguresStore(database.path).ratings(date(2026, 11, 23), date(2026, 11, 23))

    assert (row.hour, row.counter, row.officer, row.channel, row.score, bool(row.satisfied)) == (
        8, "c2", "binh", "kiosk", 3, True,
    )  # fmt: skip


async def test_all_of_time_is_read_without_asking_for_every_day_of_it(database: Database) -> None:
    figures = FiguresStore(database.path)

    empty = list(figures.tickets(date.min, date.max))
    await put(database, "tickets", **TICKET)

    assert empty == []
    assert len(list(figures.tickets(date.min, date.max))) == 1


async def test_a_service_that_is_gone_keeps_its_group(database: Database) -> None:
    await put(
        database, "centres", version=1, at=1, data='{"service":[{"id":"old","group":"a"},{"id":"x","group":"a"}]}'
    )
    await put(database, "centres", version=2, at=2, data='{"service":[{"id":"x","group":"b"}]}')

    assert FiguresStore(database.path).groups() == {"old": "a", "x": "b"}


async def test_reports_cannot_write_and_a_missing_file_is_told(database: Database, tmp_path: Path) -> None:
    figures = FiguresStore(database.path)

    with pytest.raises(StoreError, match="readonly"):
        figures._rows("DELETE FROM tickets", ())
    with pytest.raises(StoreError, match="cannot read"):
        list(FiguresStore(tmp_path / "none.db").tickets(date(2026, 11, 23), date(2026, 11, 23)))
