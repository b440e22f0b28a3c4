"""A printer that keeps everything: it listens like one, answers like one, and records what would be on its paper.

Its record is the demonstration's own witness of what was printed; it can be told to be out of paper, and to lose one
slip although it says that it printed it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy.demo.escpos_reader import Printout, Question, Reader, question_of

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from PIL import Image

FAULTS = frozenset({"paper_low", "paper_out", "cover_open", "cutter", "offline", "silent"})
REAL_TIME = b"\x10\x04"
STOPPING = FAULTS - {"paper_low", "silent"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """One piece of paper with something on it: the bytes that made it, the dots, and whether it was cut off."""

    bytes: bytes
    image: Image.Image
    cut: bool


@dataclass(eq=False)
class _Line:
    """One connection: what it read, what waits until the printer can print again, and who hears the answers."""

    writer: asyncio.StreamWriter
    reader: Reader = field(default_factory=Reader)
    raw: bytearray = field(default_factory=bytearray)
    held: list[bytes] = field(default_factory=list)
    automatic: int = 0
    deaf: bool = False


class PrinterSink:
    """A TCP printer on `host`; port 0 takes a free one, told by `port` once it is started. Use it as `async with`.

    `receipts` grows as slips are cut; with `folder` each is also saved there as `slip-0001.png`.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0, *, folder: Path | None = None) -> None:
        self.receipts: list[Receipt] = []
        self.dropped: list[Receipt] = []
        self.faults: set[str] = set()
        self.unknown = 0
        self.host, self.port = host, port
        self._folder = folder
        self._drops = 0
        self._deaf = 0
        self._until_fault, self._coming = 0, ""
        self._lines: set[_Line] = set()
        self._server: asyncio.Server | None = None
        self._changed = asyncio.Event()

    async def start(self) -> None:
        """Begin to listen; a port in use is an OSError."""
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        self._server = await asyncio.start_server(self._serve, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._server is None:
            return
        self._server.close()
        for line in list(self._lines):
            line.writer.close()
        await self._server.wait_closed()
        self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def address(self) -> str:
        """The address as a printer's configuration writes it."""
        return f"tcp://{self.host}:{self.port}"

    def drop_next(self, count: int = 1) -> None:
        """Lose the next slips although they are answered as printed; they stand in `dropped`, not in `receipts`."""
        self._drops += count

    def leave_unanswered(self, connections: int = 1) -> None:
        """Answer nothing on the next connections, as a printer that is busy just then."""
        self._deaf += connections

    def set_fault(self, name: str, *, active: bool = True) -> None:
        """Make a fault begin or end; what was held meanwhile is printed. An unknown name is a ValueError."""
        if name not in FAULTS:
            raise ValueError(f"{name!r} is not one of {sorted(FAULTS)}")
        (self.faults.add if active else self.faults.discard)(name)
        for line in list(self._lines):
            if line.automatic and "silent" not in self.faults:
                line.writer.write(self._automatic())
            held, line.held = line.held, []
            self._take(line, held)

    def fault_after(self, count: int, name: str) -> None:
        """Let a fault begin once `count` more bytes of a job have arrived, as paper that ends in the middle."""
        if name not in FAULTS:
            raise ValueError(f"{name!r} is not one of {sorted(FAULTS)}")
        self._until_fault, self._coming = count, name

    def forget(self) -> None:
        """Lose what is held and every connection, as a printer that is switched off and on."""
        for line in list(self._lines):
            line.held.clear()
            line.reader = Reader()
            line.writer.transport.abort()

    async def wait_for(self, count: int, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - a deadline for callers
        """Wait until `count` slips have been printed; TimeoutError when they are not in time."""
        async with asyncio.timeout(timeout):
            while len(self.receipts) < count:
                self._changed.clear()
                await self._changed.wait()

    # ---- a connection ----

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = _Line(writer, deaf=self._deaf > 0)
        self._deaf = max(0, self._deaf - 1)
        self._lines.add(line)
        try:
            while data := await reader.read(65536):
                self._take(line, line.reader.split(data))
                await writer.drain()
        except ConnectionError:
            pass  # a client that resets its connection has ended it, as on a real printer
        finally:
            self._lines.discard(line)
            if (rest := line.reader.end()) is not None:
                self._keep(line, rest)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def _take(self, line: _Line, commands: list[bytes]) -> None:
        """Carry out commands; while nothing can be printed, only real-time questions, and hold the rest."""
        for raw in commands:
            self._count(raw)
            if self.faults & STOPPING and raw[:2] != REAL_TIME:
                line.held.append(raw)
                continue
            line.raw += raw
            match line.reader.act(raw):
                case Question() as question:
                    self._answer(line, question)
                case Printout() as printout:
                    self._keep(line, printout)
        self.unknown, line.reader.unknown = self.unknown + line.reader.unknown, 0

    def _count(self, raw: bytes) -> None:
        if self._coming and question_of(raw) is None:
            self._until_fault -= len(raw)
            if self._until_fault <= 0:
                self.faults.add(self._coming)
                self._coming = ""

    def _answer(self, line: _Line, question: Question) -> None:
        if line.deaf or "silent" in self.faults:
            return
        if question.kind == "eot":
            line.writer.write(bytes((self._real_time_answer(question.n),)))
        elif question.kind == "r":
            line.writer.write(b"\x03" if "paper_low" in self.faults else b"\x00")
        else:
            line.automatic = question.n
            if question.n:
                line.writer.write(self._automatic())

    def _real_time_answer(self, n: int) -> int:
        paper = (0x0C if self.faults & {"paper_low", "paper_out"} else 0) | (0x60 if "paper_out" in self.faults else 0)
        cause = (0x04 if "cover_open" in self.faults else 0) | (0x20 if "paper_out" in self.faults else 0)
        bits = {
            1: 0x08 if self.faults & STOPPING else 0,
            2: cause | (0x40 if "cutter" in self.faults else 0),
            3: 0x08 if "cutter" in self.faults else 0,
            4: paper,
        }
        return 0x12 | bits.get(n, 0)

    def _automatic(self) -> bytes:
        first = 0x10 | (0x08 if self.faults & STOPPING else 0) | (0x20 if "cover_open" in self.faults else 0)
        second = 0x08 if "cutter" in self.faults else 0
        third = (0x03 if self.faults & {"paper_low", "paper_out"} else 0) | (0x0C if "paper_out" in self.faults else 0)
        return bytes((first, second, third, 0))

    def _keep(self, line: _Line, printout: Printout) -> None:
        raw, line.raw = bytes(line.raw), bytearray()
        if printout.image is None:
            return
        receipt = Receipt(raw, printout.image, printout.cut)
        if self._drops:
            self._drops -= 1
            self.dropped.append(receipt)
            return
        self.receipts.append(receipt)
        self._changed.set()
        if self._folder is not None:
            printout.image.save(self._folder / f"slip-{len(self.receipts):04d}.png")
