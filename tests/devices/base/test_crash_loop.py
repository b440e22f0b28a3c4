"""A program that falls again and again waits longer each time."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest

from devices.base.crash_loop import FREE, LONGEST_S, WITHIN_S, back_off_after_crashes, pause_s

if TYPE_CHECKING:
    from pathlib import Path


class Stage:
    """A machine on which a program is started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = 1000.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def start(self, ends: BaseException | None = None) -> int:
        """Start, and end in order or by what is raised; gives the falls before."""
        told = -1
        with contextlib.suppress(RuntimeError, asyncio.CancelledError):
            async with back_off_after_crashes(self.folder, lambda: self.now, self.sleep) as falls:
                told = falls
                if ends is not None:
                    raise ends
        return told


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "data")


async def test_the_first_falls_cost_nothing_and_the_next_ones_more_and_more(stage: Stage) -> None:
    told = [await stage.start(RuntimeError()) for _ in range(8)]
    assert told[: FREE + 1] == [0, 1, 2, 3]
    assert stage.slept[:3] == [1, 2, 4]
    assert max(stage.slept) <= LONGEST_S


async def test_falls_of_long_ago_are_forgotten(stage: Stage) -> None:
    for _ in range(FREE + 1):
        await stage.start(RuntimeError())
    stage.now += WITHIN_S + LONGEST_S
    assert await stage.start(RuntimeError()) == 0
    assert stage.slept == []


@pytest.mark.parametrize("ends", [None, asyncio.CancelledError()])
async def test_a_program_that_ends_in_order_has_not_fallen(stage: Stage, ends: BaseException | None) -> None:
    for _ in range(20):
        assert await stage.start(ends) == 0
    assert stage.slept == []


async def test_what_another_boot_or_a_torn_file_says_is_no_fall(stage: Stage) -> None:
    stage.folder.mkdir()
    for words in ("[5000.0, 5001.0, 5002.0, 5003.0]", "[1, 2", '{"a": 1}', "[null]"):
        (stage.folder / "starts.json").write_text(words)
        assert await stage.start() == 0


@pytest.mark.parametrize("ends", [None, asyncio.CancelledError()])
async def test_a_disk_that_takes_nothing_makes_no_orderly_end_a_fall(stage: Stage, ends: BaseException | None) -> None:
    (stage.folder / "starts.json").mkdir(parents=True)
    assert await stage.start(ends) == 0


def test_the_pause_grows_to_half_a_minute() -> None:
    assert [pause_s(falls) for falls in range(11)] == [0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30]
