"""Which commands wait for others to share a sync with, and for how long."""

from __future__ import annotations

import asyncio

import pytest

from controller.services.engine import work_queue
from controller.services.engine.work import QueuedCommand
from controller.services.engine.work_queue import RUSH, WorkQueue

PATIENCE_S = 10.0


def work() -> QueuedCommand:
    return QueuedCommand(asyncio.get_running_loop().create_future())


async def test_after_a_few_commands_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_queue, "GATHER_S", 3600.0)
    waiting = WorkQueue().gather(RUSH - 1)

    with pytest.raises(StopIteration):
        waiting.send(None)


async def test_a_rush_waits_until_as_many_ask_as_were_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_queue, "GATHER_S", 3600.0)
    queue = WorkQueue()
    gathering = asyncio.create_task(queue.gather(RUSH))
    for _ in range(RUSH - 1):
        queue.put(work())
        await asyncio.sleep(0)
    assert not gathering.done()
    queue.put(work())
    await asyncio.wait_for(gathering, PATIENCE_S)

    assert len(queue.take(256)) == RUSH


async def test_a_rush_that_is_over_is_not_waited_for() -> None:
    queue = WorkQueue()
    queue.put(work())
    await asyncio.wait_for(queue.gather(RUSH), PATIENCE_S)

    await asyncio.wait_for(queue.wait(), PATIENCE_S)
    assert len(queue.take(256)) == 1


async def test_closing_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_queue, "GATHER_S", 3600.0)
    queue = WorkQueue()
    gathering = asyncio.create_task(queue.gather(RUSH))
    await asyncio.sleep(0)
    queue.close()

    await asyncio.wait_for(gathering, PATIENCE_S)
    await asyncio.wait_for(queue.wait(), PATIENCE_S)
    await asyncio.wait_for(queue.wait(), PATIENCE_S)
