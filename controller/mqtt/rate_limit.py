"""The rate limit of a device: 50 messages a second, with a burst of 100 (contract 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broker.runtime.clock import Clock

RATE = 50.0
BURST = 100.0


class RateLimit:
    """A token bucket for each device, refilled in real time; `rate` is in messages a second."""

    def __init__(self, clock: Clock, rate: float = RATE, burst: float = BURST) -> None:
        self._clock = clock
        self._rate = rate
        self._burst = burst
        self._buckets: dict[str, tuple[float, float]] = {}

    def allows(self, device: str) -> bool:
        """Count a message and return whether it is within the limit."""
        now = self._clock.monotonic()
        left, then = self._buckets.get(device, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._rate)
        self._buckets[device] = (max(0.0, left - 1.0), now)
        return left >= 1.0
