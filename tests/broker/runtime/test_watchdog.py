"""A loop that no longer turns is noticed, told of and ended; a process that was stopped as a whole is not."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import pytest

from broker.runtime.systemd import ENDS, READY, TURNS, notify_systemd
from broker.runtime.watchdog import LOOK_S, PAUSED_S, Watchdog, watched

if TYPE_CHECKING:
    from pathlib import Path


class Stage:
    """A watchdog on a clock that the test moves, and what came of it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.told: list[str] = []
        self.fell: list[float] = []
        self.watchdog = Watchdog(15, now=lambda: self.now, fell=self.fell.append, tell=self.told.append)

    def wait(self, seconds: float) -> None:
        """Let time pass, while the watchdog's thread looks as often as it does."""
        until = self.now + seconds
        while self.now < until:
            self.now += LOOK_S
            self.watchdog.look()


def test_the_first_beat_says_ready_and_each_says_that_it_turns() -> None:
    stage = Stage()
    stage.watchdog.beat()
    stage.watchdog.beat()
    assert stage.told == [READY, TURNS, TURNS]


def test_before_its_first_beat_a_program_may_take_its_time() -> None:
    stage = Stage()
    stage.wait(100)
    assert stage.fell == []


def test_a_loop_that_turns_is_left_alone() -> None:
    stage = Stage()
    for _ in range(100):
        stage.watchdog.beat()
        stage.wait(14)
    assert stage.fell == []


def test_a_loop_that_has_not_turned_for_long_is_ended() -> None:
    stage = Stage()
    stage.watchdog.beat()
    stage.wait(15)
    assert stage.fell == []
    stage.wait(1)
    assert stage.fell[0] == 15 + LOOK_S


def test_a_process_that_was_stopped_as_a_whole_gets_its_time_anew() -> None:
    stage = Stage()
    stage.watchdog.beat()
    stage.now += 3600
    stage.watchdog.look()
    assert stage.fell == []
    assert PAUSED_S < 3600
    stage.wait(15.5)
    assert len(stage.fell) == 1


def test_what_is_told_reaches_a_manager_that_listens_and_nobody_else(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        assert notify_systemd(READY, {"NOTIFY_SOCKET": str(tmp_path / "notify")})
        assert manager.recv(100) == b"READY=1"
    for address in ("", "relative", str(tmp_path / "nobody"), "@nobody-there"):
        assert not notify_systemd(READY, {"NOTIFY_SOCKET": address})


async def test_a_program_without_a_screen_beats_while_it_works() -> None:
    told: list[str] = []
    await watched(asyncio.sleep(0.05), Watchdog(15, tell=told.append))
    assert told == [READY, TURNS, ENDS]


async def test_what_the_work_raises_comes_out() -> None:
    async def work() -> None:
        raise ValueError("it broke")

    with pytest.raises(ValueError, match="it broke"):
        await watched(work(), Watchdog(15, tell=lambda _: None))
