"""What a running engine does by itself as time passes, with nobody asking for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    Runs = Callable[..., AbstractAsyncContextManager[Any]]

DAY_S = 24 * 3600


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("controller.services.engine.engine.TICK_S", 0.002)


async def until_told(rig: Any, kind: str) -> Any:
    """Wait for an event of a kind in the journal; give the last one."""
    async with asyncio.timeout(5):
        while not (found := [one for one in await rig.store.events(0, 100) if one.event.type == kind]):  # noqa: ASYNC110 - a disk has no event
            await asyncio.sleep(0.002)
    return found[-1].event


async def test_a_parked_ticket_comes_back_and_is_called_at_once_where_somebody_asked(open_rig: Runs) -> None:
    async with open_rig(calling={"call_next_arrival": True}) as rig:
        await rig.act("open")
        ticket = await rig.issue()
        await rig.act("next")
        await rig.act("park", minutes=5)
        await rig.act("next")
        rig.clock.pass_seconds(300)
        returned = await until_told(rig, "returned")
        called = await until_told(rig, "called")

    assert (returned.data["number"], returned.data["reason"]) == (ticket["number"], "timer")
    assert (called.at, called.data["counter"]) == (returned.at, "c1")


async def test_a_call_that_nobody_follows_becomes_a_no_show(open_rig: Runs) -> None:
    async with open_rig(calling={"recalls_max": 1, "no_show_after_s": 30}) as rig:
        await rig.act("open")
        await rig.issue()
        await rig.act("next")
        await rig.act("recall")
        rig.clock.pass_seconds(30)
        event = await until_told(rig, "no_show")

    assert (event.data["number"], event.data["reason"]) == ("A001", "recalls_max")


async def test_the_day_is_closed_at_midnight_while_nobody_does_anything(open_rig: Runs) -> None:
    async with open_rig() as rig:
        await rig.act("open")
        await rig.issue()
        rig.clock.pass_seconds(DAY_S)
        closed = await until_told(rig, "counter_closed")
        status = await rig.engine.ask(lambda hall, _: hall.counters["c1"].status)

    assert (closed.data["reason"], status) == ("closing", "closed")


async def test_a_ticket_that_was_parked_before_a_restart_comes_back_after_it(open_rig: Runs) -> None:
    async with open_rig() as rig:
        await rig.act("open")
        await rig.issue()
        await rig.act("next")
        await rig.act("park", minutes=5)
    async with open_rig() as rig:
        rig.clock.pass_seconds(300)
        event = await until_told(rig, "returned")

    assert (event.data["number"], event.data["reason"]) == ("A001", "timer")
