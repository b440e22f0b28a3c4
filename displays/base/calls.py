"""What every display does with a call: act once on (id, recall), and never on one that is too old."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broker.contract.payloads import Call

MAX_AGE_S = 30.0
"""A call that is older on arrival, in real seconds, is dropped (contract 6)."""

FLASH_S = 6.0
"""A call flashes for so many real seconds and then stands still."""

HALF_PERIOD_S = 0.5
"""Light and dark of a flash: one flash a second, well below the three that can harm."""

REMEMBERED = 512
"""So many (id, recall) pairs are remembered; a centre calls far fewer in the 30 seconds that a repeat can take."""


@dataclass(frozen=True, slots=True)
class HandledCalls:
    """The calls that were acted on, the latest last."""

    pairs: tuple[tuple[str, int], ...] = ()

    def has(self, call: Call) -> bool:
        """Tell whether this very call or recall was acted on."""
        return (call.id, call.recall) in self.pairs

    def with_(self, call: Call) -> HandledCalls:
        """Give the memory with one call more; the oldest is forgotten when it is full."""
        return replace(self, pairs=(*self.pairs, (call.id, call.recall))[-REMEMBERED:])


def is_too_old(age_s: float) -> bool:
    """Tell whether a call of this age in real seconds may no longer be acted on."""
    return age_s > MAX_AGE_S


def flash(heard: float | None, now: float) -> bool | None:
    """Give the phase of a flash (True: light) of a call heard at `heard`, or None when it does not flash."""
    if heard is None or not 0 <= now - heard < FLASH_S:
        return None
    return int((now - heard) / HALF_PERIOD_S) % 2 == 0
