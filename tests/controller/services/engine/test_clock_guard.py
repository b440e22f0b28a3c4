"""A clock that shows a time out of all reason is held: nothing is decided, and nothing is dated or deleted by it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from broker.contract.errors import Code, RefusedError
from broker.contract.times import parse_instant
from controller.services.engine.engine import Engine
from controller.services.engine.ids import RandomIds
from controller.services.journal.ports import IdempotencyKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    Runs = Callable[..., AbstractAsyncContextManager[Any]]

DAY_MS = 24 * 3600 * 1000
YEAR_2036 = parse_instant("2036-03-06T08:00:00+07:00")
MONDAY = parse_instant("2026-11-23T08:00:00+07:00")


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("controller.services.engine.engine.TICK_S", 0.002)


async def until(what: Callable[[], Any]) -> None:
    async with asyncio.timeout(5):
        while not what():  # noqa: ASYNC110 - anything may be waited for
            await asyncio.sleep(0.002)


async def ticks(rig: Any) -> None:
    """Let the engine look at the clock a few times, by what it looks at."""
    looked, count = rig.engine.guard.look, [0]

    def look(*given: Any) -> Any:
        count[0] += 1
        return looked(*given)

    rig.engine.guard.look = look
    await until(lambda: count[0] > 3)


async def journal(rig: Any) -> list[Any]:
    return [one.event for one in await rig.store.events(0, 1000)]


async def refused(rig: Any, **more: Any) -> Code:
    with pytest.raises(RefusedError) as caught:
        await rig.issue(**more)
    return caught.value.code


async def test_a_start_years_later_writes_closes_and_deletes_nothing(open_rig: Runs, hand_clock: Any) -> None:
    async with open_rig() as rig:
        await rig.act("open")
        ticket = await rig.issue(key=IdempotencyKey("kiosk-1", "r1", "d"))
        before = await journal(rig)

    hand_clock.at = YEAR_2036
    async with open_rig() as rig:
        await ticks(rig)
        code = await refused(rig, key=IdempotencyKey("kiosk-1", "r2", "d"))
        again = await rig.issue(key=IdempotencyKey("kiosk-1", "r1", "d"))
        day, now = await rig.engine.ask(lambda hall, now: (str(hall.day), now))

        assert code is Code.TRY_AGAIN
        assert again["number"] == ticket["number"]
        assert await journal(rig) == before
        assert await rig.store.past(ticket["token"]) is not None
        assert (day, now) == ("2026-11-23", MONDAY)


async def test_a_restart_while_it_is_held_stays_held(open_rig: Runs, hand_clock: Any) -> None:
    async with open_rig() as rig:
        await rig.issue()
    hand_clock.at = YEAR_2036
    for _ in range(2):
        async with open_rig() as rig:
            await ticks(rig)
            assert await refused(rig) is Code.TRY_AGAIN


async def test_the_watchdog_sees_the_engine_turn_while_it_is_held(rig: Any, hand_clock: Any) -> None:
    await rig.issue()
    hand_clock.at = YEAR_2036
    assert await refused(rig) is Code.TRY_AGAIN

    hand_clock.seconds += 3600
    await ticks(rig)

    assert rig.engine.turns


async def test_the_true_time_releases_it_and_the_day_goes_on(open_rig: Runs, hand_clock: Any) -> None:
    async with open_rig() as rig:
        await rig.issue()
    hand_clock.at = YEAR_2036
    async with open_rig() as rig:
        await refused(rig)
        hand_clock.at = MONDAY + 3600_000
        await until(lambda: rig.engine.guard.held is None)
        ticket = await rig.issue()

        assert ticket["number"] == "A002"
        assert (await journal(rig))[-1].at == MONDAY + 3600_000


async def test_an_administrator_accepts_it_and_it_stays_accepted_over_a_restart(
    open_rig: Runs, hand_clock: Any
) -> None:
    async with open_rig() as rig:
        await rig.issue()
    hand_clock.at = YEAR_2036
    async with open_rig() as rig:
        assert await refused(rig) is Code.TRY_AGAIN
        assert await rig.engine.accept_clock() == YEAR_2036
    async with open_rig() as rig:
        assert rig.engine.guard.held is None
        assert (await rig.issue())["number"] == "A001"
        assert (await journal(rig))[-1].at == YEAR_2036


async def test_a_jump_while_it_runs_is_held_from_the_first_command_on(rig: Any, hand_clock: Any) -> None:
    await rig.issue()
    await ticks(rig)
    hand_clock.at = YEAR_2036
    hand_clock.seconds += 5

    assert await refused(rig) is Code.TRY_AGAIN
    assert await rig.engine.ask(lambda _, now: now) == MONDAY + 5000
    assert rig.engine.guard.skew_s == (YEAR_2036 - MONDAY) / 1000 - 5
    assert max(event.at for event in await journal(rig)) == MONDAY


async def test_a_hall_that_runs_idle_for_weeks_is_not_held_nor_after_a_restart(open_rig: Runs, hand_clock: Any) -> None:
    async with open_rig() as rig:
        await rig.issue()
        for _ in range(20):
            hand_clock.pass_seconds(2 * 24 * 3600)
            await until(lambda: rig.engine.guard.believed == hand_clock.at)
        await until(lambda: rig.engine._seen > hand_clock.at - 3 * DAY_MS)
    hand_clock.pass_seconds(24 * 3600)
    async with open_rig() as rig:
        assert rig.engine.guard.held is None


@pytest.mark.parametrize(
    ("last", "start"),
    [
        ("2026-11-27T16:59:00+07:00", "2026-11-30T06:30:00+07:00"),
        ("2026-02-13T16:59:00+07:00", "2026-02-23T06:30:00+07:00"),
    ],
)
async def test_a_start_after_a_weekend_and_after_tet_is_not_held(
    open_rig: Runs, hand_clock: Any, last: str, start: str
) -> None:
    hand_clock.at = parse_instant(last)
    async with open_rig() as rig:
        await rig.issue()
    hand_clock.at = parse_instant(start)
    async with open_rig() as rig:
        assert rig.engine.guard.held is None


async def test_an_empty_journal_is_judged_by_when_its_configuration_was_stored(open_rig: Runs, hand_clock: Any) -> None:
    async with open_rig() as rig:
        assert rig.engine.guard.held is None
    hand_clock.at = YEAR_2036
    async with open_rig() as rig:
        assert rig.engine.guard.held is not None


async def test_a_first_start_in_2036_does_not_hold_the_true_time(open_rig: Runs, hand_clock: Any) -> None:
    hand_clock.at = YEAR_2036
    async with open_rig() as rig:
        await ticks(rig)
    hand_clock.at = MONDAY
    async with open_rig() as rig:
        assert (await rig.issue())["number"] == "A001"
        assert (await journal(rig))[-1].at == MONDAY


async def test_a_synchronised_clock_is_believed_whenever_it_becomes_so(rig: Any, hand_clock: Any) -> None:
    await rig.issue()
    told = [False]
    engine = Engine(rig.store, hand_clock, RandomIds(), synchronised=lambda: told[0])
    hand_clock.at = YEAR_2036
    await engine.start()
    running = asyncio.create_task(engine.run())

    held = engine.guard.held
    told[0] = True
    await until(lambda: engine.guard.held is None)

    assert held is not None
    assert "2036-03-06 08:00" in str(held)
    assert "luot clock accept" in str(held)
    assert engine.guard.now() == YEAR_2036
    engine.close()
    await running


async def test_a_journal_that_is_later_than_the_clock_is_said_in_the_log_when_it_begins_and_at_a_start(
    open_rig: Runs, hand_clock: Any
) -> None:
    with structlog.testing.capture_logs() as logs:
        async with open_rig() as rig:
            hand_clock.at = MONDAY + DAY_MS
            await rig.issue()
            await ticks(rig)
            hand_clock.at = MONDAY
            await ticks(rig)
            ahead = rig.engine.guard.ahead
        async with open_rig() as rig:
            again = rig.engine.guard.ahead
            hand_clock.at = MONDAY + DAY_MS
            await ticks(rig)
            assert rig.engine.guard.ahead is None

    events = [line["event"] for line in logs if line["event"].startswith("journal_")]
    assert events == ["journal_ahead", "journal_ahead", "journal_caught_up"]
    assert ahead == again
    assert ahead is not None
    assert ahead.seconds == DAY_MS / 1000
    assert "luot clock back" in str(ahead)


async def test_a_clock_that_was_set_back_by_a_few_minutes_bothers_nobody(rig: Any, hand_clock: Any) -> None:
    await rig.issue()
    hand_clock.at -= 10 * 60 * 1000
    await ticks(rig)

    assert rig.engine.guard.ahead is None
