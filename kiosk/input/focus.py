"""Where the focus goes when somebody operates a screen by keys: from the places of the targets alone; pure.

Lengths are pixels from the top left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.views.paging import bands

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Place:
    """Where a target stands."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        """The middle."""
        return self.x + self.width / 2, self.y + self.height / 2


def reading_order(places: Sequence[Place]) -> list[int]:
    """Give the targets as they are read: row by row from the top, each row from the left."""
    rows = bands((place.y, place.y + place.height) for place in places)

    def at(index: int) -> tuple[int, float, float]:
        place = places[index]
        row = next(number for number, (start, end) in enumerate(rows) if start <= place.y < end)
        return row, place.x, place.y

    return sorted(range(len(places)), key=at)


def neighbour(places: Sequence[Place], at: int, step: tuple[int, int]) -> int | None:
    """Give the nearest target in a direction (x, y); None when there is none.

    What lies straight ahead is nearer than what lies as far off but aside.
    """
    x, y = places[at].centre

    def cost(index: int) -> float | None:
        to_x, to_y = places[index].centre
        ahead = (to_x - x) * step[0] + (to_y - y) * step[1]
        aside = abs((to_x - x) * step[1]) + abs((to_y - y) * step[0])
        return ahead + 2 * aside if ahead > max(1.0, aside / 3) else None

    found = [(far, index) for index in range(len(places)) if index != at and (far := cost(index)) is not None]
    return min(found)[1] if found else None
