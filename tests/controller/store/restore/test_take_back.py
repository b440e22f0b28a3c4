"""The way back from days that a wrong clock opened: nothing is rewritten, and no number comes twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.times import parse_instant
from controller.services.journal.ports import IdempotencyKey, StoreError
from controller.services.journal.verify import verify
from controller.store.audit import Audit
from controller.store.database import FILE
from controller.store.numbers import MARK_FILE, read_high_water
from controller.store.restore.backup import REPLACED
from controller.store.restore.take_back import future_of, take_back

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    Runs = Callable[..., AbstractAsyncContextManager[Any]]

MONDAY = parse_instant("2026-11-23T08:00:00+07:00")
YEAR_2036 = parse_instant("2036-03-06T08:00:00+07:00")
HOUR_MS, DAY_MS = 3600 * 1000, 24 * 3600 * 1000


def journal(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as store:
        return store.execute("SELECT * FROM journal ORDER BY seq").fetchall()


def remains(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "future" in path.name or "replaced" in path.name]


def disagreeing(path: Path) -> list[str]:
    with closing(Audit(path)) as audit:
        return verify(audit).differences


async def mistaken(open_rig: Runs, hand_clock: Any) -> tuple[list[str], dict[str, Any]]:
    """Work on a Monday, accept 2036, and give numbers there and under the true time after it, when journal time stood.

    Returns the numbers since the mistake, and the last ticket that waits from before it.
    """
    async with open_rig() as rig:
        await rig.act("open")
        await rig.serve_one()
        waiting = await rig.issue(key=IdempotencyKey("kiosk-1", "before", "d"))
        hand_clock.at = YEAR_2036
        await rig.engine.accept_clock()
        numbers = [(await rig.issue(key=IdempotencyKey("kiosk-1", "in 2036", "d")))["number"]]
        hand_clock.at = MONDAY + HOUR_MS
        numbers += [(await rig.issue())["number"] for _ in range(150)]
    return numbers, waiting


async def test_the_day_goes_on_with_who_waited_and_above_all_numbers(
    open_rig: Runs, hand_clock: Any, tmp_path: Path
) -> None:
    since, waiting = await mistaken(open_rig, hand_clock)
    before = journal(tmp_path / FILE)

    taken = take_back(tmp_path, MONDAY + HOUR_MS, "2026-11-23")
    async with open_rig() as rig:
        held = rig.engine.guard.held
        lines = await rig.engine.ask(lambda hall, _: [ticket.number for ticket in hall.lines.tickets()])
        again = await rig.issue(key=IdempotencyKey("kiosk-1", "before", "d"))
        new = await rig.issue()
        at = (await rig.store.events(0, 1000))[-1].event.at
        hand_clock.at += DAY_MS
        tomorrow = await rig.issue()

    assert (held, lines, again["number"], new["number"], tomorrow["number"]) == (None, ["A002"], "A002", "A200", "A001")
    assert waiting["token"] == again["token"]
    assert new["number"] not in since
    assert at == MONDAY + HOUR_MS
    assert (taken.days, taken.done.epoch) == (("2026-11-23", "2036-03-06"), 2)
    kept = journal(tmp_path / FILE)
    assert kept[: len(before) - taken.events] == before[: len(before) - taken.events]
    assert journal(tmp_path / REPLACED) == before
    assert disagreeing(tmp_path / FILE) == []


async def test_on_a_later_day_the_day_of_the_mistake_stays_closed(
    open_rig: Runs, hand_clock: Any, tmp_path: Path
) -> None:
    await mistaken(open_rig, hand_clock)
    hand_clock.at = MONDAY + 21 * DAY_MS

    take_back(tmp_path, hand_clock.at, "2026-12-14")
    async with open_rig() as rig:
        assert rig.engine.guard.held is None
        assert (await rig.issue())["number"] == "A200"
        monday = await rig.store.day("2026-11-23")

    assert [one.event.type.value for one in monday.written][-2:] == ["expired", "counter_closed"]
    assert disagreeing(tmp_path / FILE) == []


async def test_the_mark_forgets_the_days_and_keeps_the_numbers(open_rig: Runs, hand_clock: Any, tmp_path: Path) -> None:
    await mistaken(open_rig, hand_clock)
    take_back(tmp_path, MONDAY + HOUR_MS, "2026-11-23")

    mark = read_high_water(tmp_path / MARK_FILE)

    assert mark is not None
    assert mark.days == {"2026-11-23": {"A": 199}}


async def test_what_was_answered_in_the_future_is_asked_anew_and_its_secrets_are_gone(
    open_rig: Runs, hand_clock: Any, tmp_path: Path
) -> None:
    await mistaken(open_rig, hand_clock)
    take_back(tmp_path, MONDAY + HOUR_MS, "2026-11-23")

    with closing(sqlite3.connect(tmp_path / FILE)) as store:
        requests = {request for (request,) in store.execute("SELECT id FROM requests")}
        tokens = store.execute("SELECT count(*) FROM secrets WHERE what = 'token'").fetchone()[0]
        orphans = store.execute("SELECT count(*) FROM secrets WHERE subject NOT IN (SELECT id FROM tickets)").fetchone()

    assert requests == {"before"}
    assert (tokens, orphans[0]) == (2, 0)


async def test_a_first_start_in_the_future_is_taken_back_to_an_empty_journal(
    open_rig: Runs, hand_clock: Any, tmp_path: Path
) -> None:
    hand_clock.at = YEAR_2036
    async with open_rig() as rig:
        await rig.issue()
    hand_clock.at = MONDAY

    take_back(tmp_path, MONDAY, "2026-11-23")
    async with open_rig() as rig:
        assert (await rig.issue())["number"] == "A100"
        assert (await rig.store.events(0, 10))[0].event.at == MONDAY
    assert disagreeing(tmp_path / FILE) == []


async def test_without_anything_later_than_the_clock_nothing_is_changed(open_rig: Runs, tmp_path: Path) -> None:
    async with open_rig() as rig:
        await rig.issue()
    before = (tmp_path / FILE).read_bytes()

    with pytest.raises(StoreError, match="nothing to take back"):
        take_back(tmp_path, MONDAY, "2026-11-23")

    assert (tmp_path / FILE).read_bytes() == before
    assert remains(tmp_path) == []


async def test_what_would_be_left_out_is_counted_by_day_and_nothing_is_changed(
    open_rig: Runs, hand_clock: Any, tmp_path: Path
) -> None:
    await mistaken(open_rig, hand_clock)
    before = journal(tmp_path / FILE)

    future = future_of(tmp_path, MONDAY + HOUR_MS)

    assert (journal(tmp_path / FILE), remains(tmp_path)) == (before, [])
    taken = take_back(tmp_path, MONDAY + HOUR_MS, "2026-11-23")
    assert (future.events, tuple(future.days)) == (taken.events, taken.days)
    assert future.days["2026-11-23"] > 0
