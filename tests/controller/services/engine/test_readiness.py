"""`ready` is true and costs the same however often it is asked."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import RefusedError
from controller.services.engine.readiness import HOLD_S, KEEP_S, NOT_WRITABLE, Readiness
from controller.store.database import FILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from controller.services.engine.engine import Commit

    Runs = Callable[[], AbstractAsyncContextManager[Any]]


@pytest.fixture
def readiness(rig: Any) -> Readiness:
    return Readiness(rig.engine, rig.store, rig.clock)


async def test_a_thousand_who_ask_cause_one_commit_a_second(rig: Any, readiness: Readiness) -> None:
    commits: list[Commit] = []
    rig.engine.listen(commits.append)

    for second in range(3):
        answers = await asyncio.gather(*(readiness.lacking() for _ in range(1000)))
        assert answers == [[]] * 1000
        assert len(commits) == second + 1
        rig.clock.pass_seconds(KEEP_S)


async def test_one_who_gives_up_leaves_the_others_their_answer(rig: Any, readiness: Readiness) -> None:
    rig.store.gate.clear()
    impatient, patient = (asyncio.create_task(readiness.lacking()) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    rig.store.gate.set()

    assert await patient == []


async def test_a_disk_with_room_for_a_little_but_for_no_ticket_is_not_ready(rig: Any, readiness: Readiness) -> None:
    tickets: list[int] = []
    rig.engine.listen(lambda commit: tickets.append(len(str(commit.batch))))
    await rig.issue()
    await rig.issue()
    rig.store.room = min(tickets) // 2

    await rig.engine.do(None, also=lambda batch: batch.marks.update(little="1"))
    lacking = await readiness.lacking()
    with pytest.raises(RefusedError):
        await rig.issue()

    assert lacking == [NOT_WRITABLE]


async def test_a_page_that_is_broken_where_a_ticket_is_written_is_not_ready(open_rig: Runs, tmp_path: Any) -> None:
    async with open_rig() as rig:
        for _ in range(3):
            await rig.issue()
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'secrets_by_token'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with (tmp_path / FILE).open("r+b") as store:
        store.seek((page - 1) * size)
        store.write(b"\xff" * size)

    async with open_rig() as rig:
        lacking = await Readiness(rig.engine, rig.store, rig.clock).lacking()
        with pytest.raises(RefusedError):
            await rig.issue()

    assert lacking == [NOT_WRITABLE]


async def test_after_a_failed_commit_it_is_not_ready_until_one_succeeds(rig: Any, readiness: Readiness) -> None:
    rig.store.fail_before = 1
    with pytest.raises(RefusedError):
        await rig.issue()
    after_failure = await readiness.lacking()
    rig.clock.pass_seconds(KEEP_S)

    await rig.issue()
    after_success = await readiness.lacking()

    assert (after_failure, after_success) == ([NOT_WRITABLE], [])


async def test_without_traffic_its_own_commits_say_after_a_while_that_the_store_is_back(
    rig: Any, readiness: Readiness
) -> None:
    rig.store.fail_before = 1
    with pytest.raises(RefusedError):
        await rig.issue()

    rig.clock.pass_seconds(HOLD_S)

    assert await readiness.lacking() == []


async def test_a_rehearsal_leaves_no_row(rig: Any) -> None:
    await rig.issue()
    with closing(sqlite3.connect(rig.folder / FILE)) as connection:
        before = list(connection.iterdump())
        await rig.store.rehearse()
        after = list(connection.iterdump())

    assert after == before
    assert (await rig.issue())["number"] == "A002"
