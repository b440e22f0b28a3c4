"""What a printer says about itself, read byte by byte; pure.

Three kinds of bytes come back from a printer, also glued together, and their bit patterns tell them apart:
`DLE EOT n` answers are 0xx1xx10, the first of the four bytes of an automatic status is 0xx1xx00, and its other three
as well as the answer to `GS r` are 0xx0xxxx. A printer that says nothing is `unknown`, never `ok`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from broker.contract.errors import PrintError


class PrinterStatus(StrEnum):
    """The state of a printer, as it stands in `detail.printer` of its device state."""

    OK = "ok"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


ERRORS: dict[PrinterStatus, PrintError] = {
    PrinterStatus.PAPER_OUT: PrintError.PAPER_OUT,
    PrinterStatus.COVER_OPEN: PrintError.COVER_OPEN,
    PrinterStatus.CUTTER: PrintError.CUTTER,
    PrinterStatus.OFFLINE: PrintError.OFFLINE,
}
"""The states in which nothing can be printed, with the error that a result names."""


def query(n: int) -> bytes:
    """Give `DLE EOT n` (1 printer, 2 cause, 3 error, 4 paper): answered at once, also by an offline printer."""
    return bytes((0x10, 0x04, n))


QUERIES = (1, 2, 3, 4)
MARKER = b"\x1dr\x01"
"""`GS r 1`: answered in its turn, so the answer says that everything before it has been processed."""
AUTOMATIC = b"\x1da\x0e"
"""`GS a`: report every change of online, error and paper state without being asked."""
QUIET = b"\x1da\x00"


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a printer; None where it has not said."""

    offline: bool | None = None
    cover_open: bool | None = None
    error: bool | None = None
    cutter: bool | None = None
    paper_out: bool | None = None
    paper_low: bool | None = None

    @property
    def status(self) -> PrinterStatus:
        """Judge the signals; `ok` and `paper_low` only when the printer spoke of itself and of its paper."""
        if self.cover_open:
            return PrinterStatus.COVER_OPEN
        if self.paper_out:
            return PrinterStatus.PAPER_OUT
        if self.cutter:
            return PrinterStatus.CUTTER
        if self.offline or self.error:
            return PrinterStatus.OFFLINE
        if self.offline is None or self.paper_out is None:
            return PrinterStatus.UNKNOWN
        return PrinterStatus.PAPER_LOW if self.paper_low else PrinterStatus.OK


def with_answer(signals: Signals, n: int, answer: int) -> Signals:
    """Add the answer to `DLE EOT n`."""
    match n:
        case 1:
            return replace(signals, offline=bool(answer & 0x08))
        case 2:
            # 0x20 says that printing stopped at the end of the paper, 0x40 that there is an error.
            stopped = bool(answer & 0x20)
            known = replace(signals, cover_open=bool(answer & 0x04), error=bool(answer & 0x40))
            return replace(known, paper_out=True) if stopped else known
        case 3:
            worse = bool(answer & 0x60)  # not recoverable, or only by itself (a hot head)
            return replace(signals, cutter=bool(answer & 0x08), error=bool(signals.error) or worse)
        case 4:
            return replace(signals, paper_low=bool(answer & 0x0C), paper_out=bool(answer & 0x60))
    raise ValueError(f"DLE EOT {n} is not asked")


def from_automatic(block: bytes) -> Signals:
    """Read the four bytes of an automatic status."""
    first, second, third, _ = block
    return Signals(
        offline=bool(first & 0x08),
        cover_open=bool(first & 0x20),
        error=bool(second & 0x64),
        cutter=bool(second & 0x08),
        paper_out=bool(third & 0x0C),
        paper_low=bool(third & 0x03),
    )


class StatusReader:
    """Reads the bytes of one connection in the order they come, in pieces of any size.

    `answers` are the DLE EOT answers that nobody has taken yet, `markers` counts the answers to `GS r`, `automatic` is
    the last automatic status. Bytes of no pattern (flow control, noise) are dropped.
    """

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.markers = 0
        self.automatic: Signals | None = None
        self._block = bytearray()

    def feed(self, data: bytes) -> None:
        """Take what arrived."""
        for byte in data:
            self._byte(byte)

    def _byte(self, byte: int) -> None:
        if byte & 0x93 == 0x12:
            self.answers.append(byte)
        elif byte & 0x93 == 0x10:
            self._block = bytearray((byte,))
        elif byte & 0x90 == 0:
            self._unmarked(byte)

    def _unmarked(self, byte: int) -> None:
        if not self._block:
            self.markers += 1
            return
        self._block.append(byte)
        if len(self._block) == 4:
            self.automatic = from_automatic(bytes(self._block))
            self._block.clear()
