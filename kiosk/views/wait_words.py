"""How long a wait may be, in words; pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.payloads import Wait

    Say = Callable[..., str]


def wait_range(wait: Wait | None, say: Say) -> str:
    """Say a range of seconds in whole minutes, rounded outward; no estimate is said as such."""
    if wait is None:
        return say("wait.unknown")
    low, high = wait.low_s // 60, math.ceil(wait.high_s / 60)
    if low <= 0:
        return say("wait.under", minutes=max(high, 1))
    if high <= low:
        return say("wait.about", minutes=low)
    return say("wait.range", low=low, high=high)
