"""What a benchmark prints: one figure a line, with the budget beside it and whether it was met."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class BenchFault(Exception):  # noqa: N818 - it is the sentence that the user reads
    """A benchmark could not be run; the text says what happened and what to do."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `budget` says in words what is asked, if anything, and `met` whether it was reached."""

    name: str
    value: float
    unit: str
    budget: str = ""
    met: bool | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    def line(self) -> dict[str, Any]:
        """Give the figure as the command line prints it."""
        told = {"budget": self.budget, "met": self.met} if self.budget else {}
        return {"name": self.name, "value": round(self.value, 3), "unit": self.unit, "detail": {**told, **self.detail}}


def percentile(values: Sequence[float], part: float) -> float:
    """Give a percentile (part from 0 to 1) by linear interpolation; no values is a ValueError."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
