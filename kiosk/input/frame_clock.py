"""Time as a window hears keys: while it draws it hears none, and what was typed meanwhile comes all at once; pure.

    clock = Attention(time.monotonic)
    clock.begin()      a first key came
    clock.frame()      once a frame, and before each key, as long as keys are held back
    clock.now()

The pace of keys tells a code reader from a person, and a screen that takes long to draw must not make a reader
look like one. So a frame counts for no longer than a usual one takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

FRAME_S: Final = 0.035
"""A frame at 30 a second; shorter than `FAST_S`, so that a reader's next key is still fast after a long one."""


class FrameClock:
    """A clock that leaves out what no key could be heard in."""

    def __init__(self, real: Callable[[], float]) -> None:
        self._real = real
        self._lost = 0.0
        self._seen = real()

    def begin(self) -> None:
        """Attend from now on, with nothing lost since the last time."""
        self._seen = self._real()

    def frame(self) -> None:
        """Take note that keys were listened to."""
        now = self._real()
        self._lost += max(0.0, now - self._seen - FRAME_S)
        self._seen = now

    def now(self) -> float:
        """Give the time in seconds."""
        return self._real() - self._lost
