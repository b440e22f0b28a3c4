"""What a step is handed from the world: the time, and fresh ids."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepContext:
    """What a step is handed from the world.

    `real` is in seconds of the monotonic clock, `instant` the controller's time in milliseconds, `day` the local date
    as ISO text, `sure` where it is the controller's; `id` and `token` are fresh and used at most once.
    """

    real: float
    instant: int
    day: str
    id: str
    token: str
    sure: bool = True
