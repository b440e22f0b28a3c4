"""A port that plays a script instead of a printer, on a clock that moves only when something waits on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.printing.escpos_port import PortDown

HEALTHY = {
    b"\x10\x04\x01": b"\x12",
    b"\x10\x04\x02": b"\x12",
    b"\x10\x04\x03": b"\x12",
    b"\x10\x04\x04": b"\x12",
    b"\x1dr\x01": b"\x00",
}
"""What a printer answers that is well and has paper."""


@dataclass
class StepClock:
    """A clock that moves only when something waits on it."""

    seconds: float = 100.0
    speed: float = 1.0

    def now(self) -> int:
        """Milliseconds of the same time."""
        return int(self.seconds * 1000)

    def monotonic(self) -> float:
        """Seconds since an arbitrary start."""
        return self.seconds


@dataclass
class ScriptedPort:
    """A printer that answers by a table.

    `answers` maps the bytes just sent to what comes back. `window` is how many bytes it still takes, None for all.
    The way breaks once `breaks_at` bytes were sent. `sent` holds everything that was taken.
    """

    clock: StepClock
    answers: dict[bytes, bytes] = field(default_factory=lambda: dict(HEALTHY))
    window: int | None = None
    breaks_at: int | None = None
    unreachable: bool = False
    patience_s: float = 0.0
    lasting: bool = False
    sent: bytes = b""
    waiting: bytes = b""

    def open(self) -> None:
        """Connect, where there is somebody."""
        if self.unreachable:
            raise PortDown("the printer cannot be reached: it is switched off")

    def write(self, data: bytes | memoryview, timeout: float) -> int:
        """Take up to 1000 bytes, or what the window leaves."""
        if self.breaks_at is not None and len(self.sent) >= self.breaks_at:
            raise PortDown("the way to the printer broke: reset")
        taken = bytes(data)[: 1000 if self.window is None else min(1000, self.window)]
        if not taken:
            self.clock.seconds += timeout
            return 0
        if self.window is not None:
            self.window -= len(taken)
        self.sent += taken
        self.waiting += next((answer for question, answer in self.answers.items() if self.sent.endswith(question)), b"")
        return len(taken)

    def read(self, timeout: float) -> bytes:
        """Give the answers so far; without any, let the time pass."""
        found, self.waiting = self.waiting, b""
        if not found:
            self.clock.seconds += max(timeout, 0.001)
        return found

    def close(self) -> None:
        """Forget what was not read."""
        self.waiting = b""
