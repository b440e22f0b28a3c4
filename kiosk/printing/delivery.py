"""One job on its way to one printer over one fresh connection, told apart from what became of it.

Blocking; used from the printer's worker thread. A delivery is never begun twice. It ends *printed* only when the
printer has answered a request that stood behind the whole job in its buffer, or, where a printer never answers those,
when its status is good right after the last byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from kiosk.printing.escpos_port import PortDown
from kiosk.printing.status import MARKER, QUERIES, PrinterStatus, Signals, StatusReader, query, with_answer

if TYPE_CHECKING:
    from broker.runtime.clock import Clock
    from kiosk.printing.escpos_port import Port


@dataclass(frozen=True, slots=True)
class Pace:
    """How long is waited for what, in real seconds.

    A printer answers a real-time question within milliseconds; after `answer_s` it is taken as silent, and after
    `probe_s` as one that does not answer `GS r`. Without any progress for `stall_s`, the outcome of a job is open for
    the time being. `slice_s` is one wait on the way. An idle printer is looked at every `look_s`. One that is well
    again and says nothing of a held job for `hold_s` will not say it any more. `finish_s` is left to a slip when the
    process is asked to stop.
    """

    answer_s: float = 1.5
    probe_s: float = 0.4
    stall_s: float = 3.0
    slice_s: float = 0.2
    look_s: float = 5.0
    hold_s: float = 15.0
    finish_s: float = 5.0


class Stage(Enum):
    """How far a delivery is."""

    READY = "ready"
    SENDING = "sending"
    PRINTED = "printed"
    LOST = "lost"


@dataclass(slots=True)
class Habits:
    """What one printer has shown it can do; kept over its deliveries.

    `markers` is whether it answers `GS r` in its turn, `speaks` whether it ever answered anything.
    """

    markers: bool = False
    speaks: bool = False


class Delivery:
    """One connection to a printer, for one job or only for a look at its status."""

    def __init__(self, port: Port, habits: Habits, clock: Clock, pace: Pace) -> None:
        self.stage = Stage.READY
        self.status = PrinterStatus.UNKNOWN
        self.reason = ""
        self.taken = 0
        self._port = port
        self._habits = habits
        self._now = clock.monotonic
        self._pace = pace
        self._reader = StatusReader()
        self._left = memoryview(b"")
        self._markers = 0
        self._moved = self._now()

    @property
    def in_step(self) -> bool:
        """Tell whether the printer has just taken a command in its turn, so that it is not waiting for half a strip."""
        return self._reader.markers > 0

    # ---- before the first byte ----

    def open(self) -> PrinterStatus:
        """Connect and ask for the status; a printer that cannot be reached is `offline`."""
        try:
            self._port.open()
            self.status = self._ask()
            if self.status in {PrinterStatus.OK, PrinterStatus.PAPER_LOW}:
                self._probe_marker()
        except PortDown as down:
            self.status, self.reason = PrinterStatus.OFFLINE, str(down)
        return self.status

    def close(self) -> None:
        """Give the connection up."""
        self._port.close()

    # ---- the job ----

    def begin(self, data: bytes) -> None:
        """Take the job; nothing is sent yet."""
        if self.stage is not Stage.READY:
            raise RuntimeError("a delivery begins once")
        self.stage = Stage.SENDING
        self._left = memoryview(data if self._port.lasting else data + MARKER)
        self._markers = self._reader.markers
        self._moved = self._now()

    @property
    def unsent(self) -> int:
        """Bytes of the job that the way to the printer has not taken yet."""
        return len(self._left)

    @property
    def may_tell(self) -> bool:
        """Tell whether waiting longer can still show what became of the job."""
        return self.stage is Stage.SENDING and (bool(self._left) or self._habits.markers)

    @property
    def stalled(self) -> bool:
        """Tell whether nothing has moved for longer than a healthy printer needs."""
        return self._now() - self._moved > self._pace.stall_s + (0 if self._left else self._port.patience_s)

    def advance(self, seconds: float) -> Stage:
        """Send and listen for at most `seconds`, or until the job has ended or stalls."""
        until = self._now() + seconds
        try:
            while self.stage is Stage.SENDING and self._now() < until:
                self._step()
                if self.stalled:
                    break
        except PortDown as down:
            self.stage, self.reason, self.status = Stage.LOST, str(down), PrinterStatus.OFFLINE
        return self.stage

    def look(self) -> PrinterStatus:
        """Ask for the status again, where the job leaves room for a question."""
        if self._left:
            return self._from_automatic()
        try:
            self.status = self._ask()
        except PortDown as down:
            self.status, self.reason = PrinterStatus.OFFLINE, str(down)
            if self.stage is Stage.SENDING:
                self.stage = Stage.LOST
        return self.status

    def _step(self) -> None:
        if self._left:
            count = self._port.write(self._left, self._pace.slice_s)
            self._left = self._left[count:]
            self.taken += count
            if count:
                self._moved = self._now()
            if not self._port.lasting:
                self._hear(0)
                self._from_automatic()
        elif self._port.lasting:
            self.stage = Stage.PRINTED
        elif self._habits.markers:
            self._hear(self._pace.slice_s)
            if self._reader.markers > self._markers:
                self.stage = Stage.PRINTED
        else:
            self._judge_by_status()

    def _judge_by_status(self) -> None:
        """Without markers: good before and good after is all that such a printer can tell."""
        if not self._habits.speaks:
            self._moved = float("-inf")
            return
        self._hear(self._pace.slice_s)
        self.status = self._ask()
        if self.status in {PrinterStatus.OK, PrinterStatus.PAPER_LOW}:
            self.stage = Stage.PRINTED

    # ---- questions ----

    def _ask(self) -> PrinterStatus:
        """Ask the four real-time questions one by one; the first that stays unanswered ends it."""
        if self._port.lasting:
            return PrinterStatus.UNKNOWN
        signals = Signals()
        for n in QUERIES:
            answer = self._question(n)
            if answer is None:
                break
            self._habits.speaks = True
            signals = with_answer(signals, n, answer)
        return signals.status

    def _question(self, n: int) -> int | None:
        self._reader.answers.clear()
        self._send_all(query(n))
        until = self._now() + self._pace.answer_s + self._port.patience_s
        while not self._reader.answers:
            left = until - self._now()
            if left <= 0:
                return None
            self._hear(left)
        return self._reader.answers.pop(0)

    def _probe_marker(self) -> None:
        """Learn whether this printer answers `GS r`, while nothing stands before the question."""
        before = self._reader.markers
        self._send_all(MARKER)
        until = (
            self._now() + (self._pace.answer_s if self._habits.markers else self._pace.probe_s) + self._port.patience_s
        )
        while self._reader.markers == before and (left := until - self._now()) > 0:
            self._hear(left)
        self._habits.markers = self._reader.markers > before

    def _send_all(self, data: bytes) -> None:
        left = memoryview(data)
        until = self._now() + self._pace.answer_s
        while left and self._now() < until:
            left = left[self._port.write(left, self._pace.slice_s) :]

    def _hear(self, timeout: float) -> None:
        self._reader.feed(self._port.read(timeout))

    def _from_automatic(self) -> PrinterStatus:
        if self._reader.automatic is not None:
            self.status = self._reader.automatic.status
        return self.status
