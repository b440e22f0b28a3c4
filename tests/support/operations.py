"""How much work something is, counted and not timed: the same on every machine, however busy it is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


def operations(work: Callable[[], object]) -> int:
    """Give how many instructions of Python some work takes; what libraries do in C counts as the one that calls it."""
    count = 0

    def count_it(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return count_it

    # A measurement of coverage that runs goes on afterwards.
    before = sys.gettrace()
    sys.settrace(count_it)
    try:
        work()
    finally:
        sys.settrace(before)
    return count
