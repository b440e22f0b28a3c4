"""A day whose journal has damaged rows goes on, with no number twice and no half of a ticket's way."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import RefusedError
from controller.domain.centre.centre import parse_centre
from controller.domain.commands import PublishCentre
from controller.services.journal.damage import MARK
from controller.services.journal.ports import IdempotencyKey, Version
from controller.store.database import FILE
from controller.store.restore.backup import back_up, put_back
from tests.controller.conftest import document

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    Runs = Callable[..., AbstractAsyncContextManager[Any]]


def change(folder: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        assert connection.execute(statement, values).rowcount > 0


async def numbers(rig: Any, count: int) -> list[str]:
    return [(await rig.issue())["number"] for _ in range(count)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET data = '{' WHERE seq = 3",
        "UPDATE journal SET type = 'unheard-of' WHERE seq = 3",
        "UPDATE journal SET data = json_remove(data, '$.series') WHERE seq = 3",
        "UPDATE journal SET at = 1 << 60 WHERE seq = 3",
    ],
    ids=["no JSON", "of a later program", "a field missing", "an instant of no calendar"],
)
async def test_a_row_left_out_moves_its_series_to_a_full_hundred_once(
    open_rig: Runs, tmp_path: Path, statement: str
) -> None:
    async with open_rig() as rig:
        before = await numbers(rig, 3)
    change(tmp_path, statement)

    async with open_rig() as rig:
        after = await numbers(rig, 2)
    async with open_rig() as rig:
        again = await numbers(rig, 1)

    assert (before, after, again) == (["A001", "A002", "A003"], ["A100", "A101"], ["A102"])


async def test_a_number_whose_row_and_projection_are_both_gone_is_not_given_again(
    open_rig: Runs, tmp_path: Path
) -> None:
    async with open_rig() as rig:
        await numbers(rig, 99)
        await numbers(rig, 1)
    change(tmp_path, "UPDATE journal SET data = '{' WHERE seq = 100")
    change(tmp_path, "DELETE FROM tickets WHERE number = 'A100'")

    async with open_rig() as rig:
        assert await numbers(rig, 1) == ["A200"]


@pytest.mark.parametrize("day", ["zzzz", "", "2026-12-24", "9999-12-31"])
async def test_a_row_whose_day_is_damaged_is_found(open_rig: Runs, tmp_path: Path, day: str) -> None:
    async with open_rig() as rig:
        await numbers(rig, 3)
    change(tmp_path, "UPDATE journal SET day = ? WHERE seq = 3", day)

    async with open_rig() as rig:
        assert await numbers(rig, 1) == ["A100"]


async def test_a_day_none_of_whose_rows_can_be_found_goes_on_by_the_table_of_tickets(
    open_rig: Runs, tmp_path: Path
) -> None:
    async with open_rig() as rig:
        await numbers(rig, 3)
    change(tmp_path, "UPDATE journal SET day = 'zzzz'")

    async with open_rig() as rig:
        assert (await numbers(rig, 1))[0] not in ("A001", "A002", "A003")


async def test_a_row_that_gave_no_number_moves_none(open_rig: Runs, tmp_path: Path) -> None:
    async with open_rig() as rig:
        await rig.act("open")
        await numbers(rig, 2)
    change(tmp_path, "UPDATE journal SET data = '{' WHERE type = 'counter_opened'")

    async with open_rig() as rig:
        assert await numbers(rig, 1) == ["A003"]


async def test_a_row_lost_from_the_journal_alone_is_known_by_the_table_of_tickets(
    open_rig: Runs, tmp_path: Path
) -> None:
    async with open_rig() as rig:
        await numbers(rig, 3)
    change(tmp_path, "DELETE FROM journal WHERE seq = 3")

    async with open_rig() as rig:
        assert await numbers(rig, 1) == ["A004"]


async def test_a_ticket_is_left_out_whole_and_its_counter_is_free(open_rig: Runs, tmp_path: Path) -> None:
    async with open_rig() as rig:
        await rig.act("open")
        lost, kept = await rig.issue(), await rig.issue()
        await rig.act("next")
        await rig.act("start")
    change(tmp_path, "UPDATE journal SET data = json_remove(data, '$.visit') WHERE type = 'started'")

    async with open_rig() as rig:
        left = await rig.engine.ask(lambda hall, _: [ticket.number for ticket in hall.tickets.values()])
        state = await rig.act("next")

    assert left == [kept["number"]]
    assert lost["number"] not in left
    assert (state["status"], state["number"]) == ("calling", kept["number"])


async def test_facts_after_an_unreadable_change_of_the_configuration_follow_the_new_one(
    open_rig: Runs, tmp_path: Path
) -> None:
    told = document()
    told["service"] += [{"id": "advice", "group": "land", "series": "X", "name": {"vi": "Hướng dẫn"}}]
    centre = parse_centre(told)
    async with open_rig() as rig:
        version = Version(2, rig.clock.now(), centre.to_document())
        publish = PublishCentre(centre=centre, version=2)
        await rig.engine.do(publish, also=lambda batch: batch.versions.append(version))
        await rig.issue("advice")
    change(tmp_path, "UPDATE journal SET data = '[]' WHERE type = 'config_published'")

    async with open_rig() as rig:
        found = await rig.engine.ask(lambda hall, _: [ticket.number for ticket in hall.tickets.values()])
        assert (await rig.issue("advice"))["number"] == "X002"

    assert found == ["X001"]


async def test_a_mark_that_cannot_be_written_keeps_nobody_from_starting(open_rig: Runs, tmp_path: Path) -> None:
    async with open_rig() as rig:
        await numbers(rig, 3)
    change(tmp_path, "UPDATE journal SET data = '{' WHERE seq = 3")
    change(tmp_path, "INSERT INTO marks VALUES (?, ?)", MARK, "no JSON")

    async with open_rig() as rig:
        assert await numbers(rig, 1) == ["A100"]
        kept = json.loads(await rig.store.mark(MARK))

    assert (kept["day"], kept["rows"], kept["floors"]) == ("2026-11-23", [3], {"A": 99, "T": 99})


async def test_the_answer_of_a_repeat_that_cannot_be_read_is_refused_for_good(open_rig: Runs, tmp_path: Path) -> None:
    key = IdempotencyKey("kiosk-1", "7a0c2d5e-6f4b-4a41-9e0e-2f1d3c4b5a69", "digest")
    async with open_rig() as rig:
        await rig.issue(key=key)
    change(tmp_path, "UPDATE requests SET reply = '{'")

    async with open_rig() as rig:
        with pytest.raises(RefusedError, match="can no longer be read") as refused:
            await rig.issue(key=key)
        assert await numbers(rig, 1) == ["A002"]

    assert refused.value.code == "bad_request"


async def test_one_command_that_cannot_be_written_fails_alone(rig: Any) -> None:
    bad = rig.engine.submit(None, also=lambda batch: batch.marks.update({"bad": "\ud800"}))
    good = rig.engine.submit(None, also=lambda batch: batch.marks.update({"good": "1"}))
    worse = rig.engine.submit(None, also=lambda _: 1 / 0)
    ticket = await rig.issue()

    assert await good == {}
    assert await rig.store.mark("good") == "1"
    assert ticket["number"] == "A001"
    for refused in await asyncio.gather(bad, worse, return_exceptions=True):
        assert isinstance(refused, RefusedError)
        assert (refused.code, "cannot be written" in refused.detail) == ("bad_request", True)


async def test_a_disk_that_fails_is_not_asked_for_every_command_alone(rig: Any) -> None:
    rig.store.fail_before = 1
    first, second = rig.engine.submit(None, also=_mark), rig.engine.submit(None, also=_mark)

    for refused in await asyncio.gather(first, second, return_exceptions=True):
        assert isinstance(refused, RefusedError)
        assert refused.code == "try_again"
    assert rig.store.commits == [0]


def _mark(batch: Any) -> None:
    batch.marks["a"] = "1"


@pytest.mark.parametrize("damaged", ["the backup", "the store in place"])
async def test_a_damaged_row_keeps_no_backup_from_being_put_back(open_rig: Runs, tmp_path: Path, damaged: str) -> None:
    async with open_rig() as rig:
        await numbers(rig, 3)
    back_up(tmp_path, tmp_path / "copy.db")
    statement = "UPDATE journal SET data = '{' WHERE seq = 2"
    if damaged == "the backup":
        with closing(sqlite3.connect(tmp_path / "copy.db")) as connection, connection:
            connection.execute(statement)
    else:
        change(tmp_path, statement)
    put_back(tmp_path / "copy.db", tmp_path, "2026-11-23")

    async with open_rig() as rig:
        given = await numbers(rig, 2)

    assert int(given[0][1:]) >= 100
    assert len({*given, "A001", "A002", "A003"}) == 5
