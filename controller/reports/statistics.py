"""The few statistics that reports need, exact to the contract."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Z_95 = 1.959963984540054
"""The standard normal quantile of 97.5 %."""


def percentile(ordered: Sequence[int], share: float) -> float:
    """Return a percentile of ascending values by linear interpolation; `share` is 0 to 1, no value an error."""
    if not ordered:
        raise ValueError("no percentile of nothing")
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def spread(milliseconds: Sequence[int]) -> dict[str, float] | None:
    """Return median, 90th percentile and mean in seconds, or None without a value."""
    if not milliseconds:
        return None
    ordered = sorted(milliseconds)
    return {
        "median": percentile(ordered, 0.5) / 1000,
        "p90": percentile(ordered, 0.9) / 1000,
        "mean": sum(ordered) / len(ordered) / 1000,
    }


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Return the Wilson interval of 95 % for a share; no trial is an error."""
    if trials < 1:
        raise ValueError("no interval without a trial")
    share, z2 = hits / trials, Z_95 * Z_95
    centre = share + z2 / (2 * trials)
    reach = Z_95 * sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials))
    scale = 1 + z2 / trials
    # At a share of 0 or 1 the bound is the share itself, which rounding may miss by its last bit.
    return min(share, max(0.0, (centre - reach) / scale)), max(share, min(1.0, (centre + reach) / scale))
