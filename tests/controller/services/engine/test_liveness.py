"""Beats flow while the engine works or waits for a disk, and stop when it hangs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

import pytest
from typing_extensions import override

from broker.runtime.systemd import READY, TURNS
from broker.runtime.watchdog import Watchdog
from controller.services.engine.engine import DISK_S, TURN_S
from controller.services.engine.liveness import report_liveness

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from types import TracebackType


class Manager(Watchdog):
    """A watchdog that only keeps what systemd is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        super().__init__(tell=self.told.append)

    @override
    def __enter__(self) -> Self:
        return self

    @override
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.told.append("over")


async def until(what: Callable[[], Any], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not what():  # noqa: ASYNC110 - anything may be waited for
            await asyncio.sleep(0.001)


@pytest.fixture(autouse=True)
def _ticks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("controller.services.engine.engine.TICK_S", 0.002)


@pytest.fixture
async def manager(rig: Any) -> AsyncIterator[Manager]:
    watching, served = Manager(), asyncio.Event()
    served.set()
    task = asyncio.create_task(report_liveness(rig.engine, served.wait, watching, 0.002))  # type: ignore[arg-type]
    yield watching
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def beats_stop(manager: Manager) -> bool:
    """Return whether no further beat comes while a hundred would."""
    await asyncio.sleep(0.02)
    before = len(manager.told)
    await asyncio.sleep(0.2)
    return len(manager.told) == before


async def test_an_engine_that_turns_beats(rig: Any, manager: Manager) -> None:
    await until(lambda: len(manager.told) > 10)
    rig.clock.pass_seconds(3600)
    before = len(manager.told)

    await until(lambda: len(manager.told) > before + 10)
    assert manager.told[:2] == [READY, TURNS]


async def test_nothing_is_said_before_http_is_served(rig: Any) -> None:
    watching = Manager()
    task = asyncio.create_task(report_liveness(rig.engine, asyncio.Event().wait, watching, 0.002))  # type: ignore[arg-type]

    assert await beats_stop(watching)
    assert watching.told == []
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_an_engine_that_no_longer_comes_round_stops_the_beats(rig: Any, manager: Manager) -> None:
    await until(lambda: manager.told)

    freed = asyncio.Event()

    async def hang(_works: Any) -> None:
        await freed.wait()

    rig.engine._cycle = hang
    rig.clock.pass_seconds(TURN_S + 1)
    await asyncio.sleep(0.01)
    stopped = await beats_stop(manager)
    del rig.engine._cycle
    freed.set()

    assert stopped


async def test_ticks_that_end_stop_the_beats(rig: Any, manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    await until(lambda: manager.told)
    monkeypatch.setattr("controller.services.engine.engine.TICK_S", 3600)
    await asyncio.sleep(0.02)

    rig.clock.pass_seconds(TURN_S + 1)

    assert await beats_stop(manager)


async def test_a_slow_disk_is_waited_for_and_a_dead_one_is_not(rig: Any, manager: Manager) -> None:
    rig.store.gate.clear()
    asked = asyncio.create_task(rig.issue())
    await until(lambda: rig.engine._writing)
    rig.clock.pass_seconds(DISK_S - 1)
    await until(lambda: manager.told)
    before = len(manager.told)
    await until(lambda: len(manager.told) > before + 10)

    rig.clock.pass_seconds(2)
    stopped = await beats_stop(manager)
    rig.store.gate.set()

    assert stopped
    assert (await asked)["number"] == "A001"


async def test_a_disk_that_fails_ends_nothing(rig: Any, manager: Manager) -> None:
    rig.store.away = True
    for _ in range(50):
        rig.clock.pass_seconds(TURN_S)
        await asyncio.sleep(0.005)
    before = len(manager.told)

    await until(lambda: len(manager.told) > before + 10)


async def test_a_tick_that_raises_is_restarted_and_counted(rig: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig.engine, "_purge", None)
    restarts = rig.engine._supervisor.restarts

    rig.clock.pass_seconds(2 * 3600)
    await until(lambda: restarts["tick"])
    monkeypatch.undo()
    rig.clock.pass_seconds(2 * 3600)

    await until(lambda: rig.engine.purged_at == rig.clock.now())
