"""Icons are data that becomes strokes."""

from __future__ import annotations

import math

import pytest

from broker.runtime.theme import load_theme
from devices.screen.icons import GRID, coverage, polylines, rounded

ICONS = sorted(load_theme().icons)


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_stays_on_its_grid_and_can_be_drawn(name: str) -> None:
    points = [point for line in polylines(load_theme().icons[name]) for point in line]
    assert all(0.9 <= x <= GRID - 0.9 and 0.9 <= y <= GRID - 0.9 for x, y in points)
    assert max(coverage(load_theme().icons[name], 48)) == 255


def test_a_line_covers_the_pixels_it_crosses_and_no_others() -> None:
    field = coverage("M4 12 H20", 24)
    rows = [field[at : at + 24] for at in range(0, 24 * 24, 24)]
    assert rows[11][8] > 200
    assert rows[12][8] > 200
    assert rows[3][8] == 0
    assert rows[11][0] == 0


def test_an_arc_keeps_its_distance_from_its_centre() -> None:
    line = polylines("M3.5 12 A8.5 8.5 0 1 0 20.5 12")[0]
    assert all(((x - 12) ** 2 + (y - 12) ** 2) ** 0.5 == pytest.approx(8.5, abs=1e-6) for x, y in line)


def test_a_command_that_icons_do_not_know_is_told() -> None:
    with pytest.raises(ValueError, match="path command q"):
        polylines("M0 0 q1 1 2 2")


@pytest.mark.parametrize("radius", [1, 7, 20])
def test_a_rounded_ground_is_full_but_for_its_four_corners(radius: int) -> None:
    side = 2 * radius + 2
    field = rounded(radius)
    rows = [field[at : at + side] for at in range(0, side * side, side)]
    assert len(rows) == side
    assert rows == rows[::-1] == [row[::-1] for row in rows]
    assert set(rows[radius]) == {255}
    assert rows[0][radius] == 255
    missing = sum(255 - level for level in field) / 255
    assert missing == pytest.approx((4 - math.pi) * radius**2, abs=0.3 * radius + 1)
