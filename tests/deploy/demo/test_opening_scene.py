"""The finger of the demonstration before a window that a test plays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from deploy.demo import opening_scene as scene
from deploy.demo.processes import DemoFault
from deploy.demo.screen import Place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from deploy.demo.screen import Screen


class Window:
    """A window whose targets move once: `answers` says what each touch leads to."""

    def __init__(self, record: Path) -> None:
        self.record = record
        self.pressed: list[tuple[int, int]] = []
        self.answers: list[Callable[[], None]] = []

    def stands(self, screen: str, **targets: tuple[int, int]) -> None:
        self._write(what="screen", screen=screen, targets=targets)

    def touched(self, *, hit: bool) -> None:
        self._write(what="touched", screen="groups", hit=hit)

    def answered(self, *, ok: bool) -> None:
        self._write(what="rated", visit="a visit", ok=ok)

    def _write(self, **row: Any) -> None:
        with self.record.open("a") as file:
            file.write(json.dumps(row) + "\n")

    def press(self, x: int, y: int) -> None:
        self.pressed.append((x, y))

    def lift(self) -> None:
        if self.answers:
            self.answers.pop(0)()


@pytest.fixture
def window(tmp_path: Path) -> Window:
    return Window(tmp_path / "kiosk-1.jsonl")


def finger(window: Window) -> scene.Finger:
    return scene.Finger(cast("Screen", window), Place(100, 0, 540, 960), window.record, patience=0.5, again=0.0)


async def test_a_touch_that_was_taken_is_not_done_again(window: Window) -> None:
    window.stands("groups", land=(50, 60))
    window.answers = [lambda: window.touched(hit=True)]

    await finger(window).touch("groups", "land")

    assert window.pressed == [(150, 60)]


async def test_a_touch_that_met_nothing_is_done_again_where_the_target_has_gone(window: Window) -> None:
    window.stands("groups", land=(50, 60))

    def moved() -> None:
        window.touched(hit=False)
        window.stands("groups", land=(70, 80))

    window.answers = [moved, lambda: window.touched(hit=True)]

    await finger(window).touch("groups", "land")

    assert window.pressed == [(150, 60), (170, 80)]


async def test_a_window_that_is_slow_is_not_touched_a_second_time(window: Window) -> None:
    window.stands("groups", land=(50, 60))

    with pytest.raises(DemoFault, match="to reach kiosk-1"):
        await finger(window).touch("groups", "land")

    assert window.pressed == [(150, 60)]


async def test_a_target_that_no_touch_meets_is_told(window: Window) -> None:
    window.stands("groups", land=(50, 60))
    window.answers = [lambda: window.touched(hit=False)] * 1000

    with pytest.raises(DemoFault, match="no touch met 'land'"):
        await finger(window).touch("groups", "land")


async def test_only_a_rating_that_the_pad_was_told_is_taken_counts(window: Window) -> None:
    window.answered(ok=False)
    assert await scene.rated(finger(window)) == 0
    window.answered(ok=True)
    assert await scene.rated(finger(window)) == 1
