from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING

from Xlib import X

from tests.proof.mischief import Mischief
from tests.proof.monkey import FILLING_MIB, GROWTH_MIB, Mayhem

if TYPE_CHECKING:
    from deploy.driver.hand import Event

KEYS = list(range(8, 256))
DOWN = {X.KeyPress: "key", X.ButtonPress: "button"}
UP = {X.KeyRelease: "key", X.ButtonRelease: "button"}


def acts(count: int, seed: int = 1) -> list[list[Event]]:
    dice = random.Random(seed)  # noqa: S311 - a seed makes the same acts again
    return list(islice(Mischief(dice, (540, 960), KEYS, [[37], [64, 50]]).acts(), count))


def test_every_key_is_pressed_alone_and_with_a_modifier_before_anything_by_lot() -> None:
    strokes = [act for act in acts(4 * len(KEYS)) if act[0][0] == X.KeyPress]
    alone, chords = strokes[: len(KEYS)], strokes[len(KEYS) :]

    assert [code for (_, code, _, _), _ in alone] == KEYS
    assert [act[len(act) // 2][1] for act in chords] == KEYS


def test_nothing_is_left_held_down() -> None:
    for act in acts(5000):
        held: list[tuple[str, int]] = []
        for kind, code, _, _ in act:
            if kind in DOWN:
                held.append((DOWN[kind], code))
            elif kind in UP:
                held.remove((UP[kind], code))
        assert held == []


def test_every_touch_is_on_the_window() -> None:
    places = [(x, y) for act in acts(5000) for kind, _, x, y in act if kind == X.MotionNotify]

    assert all(0 <= x < 540 and 0 <= y < 960 for x, y in places)
    assert len(set(places)) > 1000


def test_the_same_seed_makes_the_same_run() -> None:
    assert acts(2000, seed=7) == acts(2000, seed=7) != acts(2000, seed=8)


def test_a_leak_is_told_from_what_is_drawn_for_the_first_time() -> None:
    filled: list[tuple[float, float]] = [(at, 200.0 + min(at, 4000) / 200) for at in range(0, 100_000, 1000)]
    leaking: list[tuple[float, float]] = [(at, mib + at / 5000) for at, mib in filled]

    assert Mayhem(events=100_000, memory=filled).growth < 1
    assert Mayhem(events=100_000, memory=leaking).growth > GROWTH_MIB
    assert Mayhem(events=3000, memory=list(filled[:4])).bound == FILLING_MIB
