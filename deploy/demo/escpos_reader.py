"""Reads the bytes that reached a printer's socket back into pictures and QR codes.

Written from the command reference alone and sharing nothing with the code that prints, so that it can bear witness.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence

DLE, ESC, GS, FS = 0x10, 0x1B, 0x1D, 0x1C
FEED_DOTS = 30
"""Dots of one line feed at the usual spacing of a sixth of an inch."""

PARAMETERS: dict[tuple[int, ...], int] = {
    (ESC, ord("@")): 0, (ESC, ord("2")): 0, (ESC, ord("3")): 1, (ESC, ord("a")): 1, (ESC, ord("t")): 1,
    (ESC, ord("R")): 1, (ESC, ord("!")): 1, (ESC, ord("E")): 1, (ESC, ord("M")): 1, (ESC, ord("p")): 3,
    (ESC, ord("c")): 2, (ESC, ord("{")): 1, (GS, ord("!")): 1, (GS, ord("B")): 1, (GS, ord("L")): 2,
    (GS, ord("W")): 2, (GS, ord("P")): 2, (FS, ord(".")): 0, (FS, ord("&")): 0,
}  # fmt: skip
"""Commands that leave no mark on the paper, with the bytes that follow them."""


@dataclass(frozen=True, slots=True)
class Printout:
    """A piece of paper: its dots as an image of mode `1` (None when nothing was printed), and whether it was cut."""

    image: Image.Image | None
    cut: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A request for status: `kind` is `eot`, `r` or `a`, `n` its parameter."""

    kind: str
    n: int


class Paper:
    """The roll: rows of dots since the last cut, each as wide as its own raster was."""

    def __init__(self) -> None:
        self._parts: list[Image.Image | int] = []

    def feed(self, dots: int) -> None:
        """Leave dots of white."""
        self._parts.append(dots)

    def print(self, image: Image.Image) -> None:
        """Add rows."""
        self._parts.append(image)

    @property
    def blank(self) -> bool:
        """Tell whether nothing was printed since the last cut."""
        return not any(isinstance(part, Image.Image) for part in self._parts)

    def tear(self) -> Image.Image | None:
        """Take off what stands on the roll; None when it is blank."""
        parts, self._parts = self._parts, []
        images = [part for part in parts if isinstance(part, Image.Image)]
        if not images:
            return None
        width = max(image.width for image in images)
        height = sum(part.height if isinstance(part, Image.Image) else part for part in parts)
        page, top = Image.new("1", (width, height), 1), 0
        for part in parts:
            if isinstance(part, Image.Image):
                page.paste(part, (0, top))
                top += part.height
            else:
                top += part
        return page


class Reader:
    """Reads a stream of commands in pieces of any size; what is not complete waits for the rest.

    `split` and `act` are apart because a printer that cannot print takes commands in and carries them out later.
    `unknown` counts the bytes of commands that it does not know.
    """

    def __init__(self) -> None:
        self.unknown = 0
        self._pending = b""
        self._paper = Paper()

    @property
    def unfinished(self) -> bool:
        """Tell whether a command is incomplete or something stands on the paper uncut."""
        return bool(self._pending) or not self._paper.blank

    def split(self, data: bytes) -> list[bytes]:
        """Take bytes and give the commands that they complete, in order."""
        self._pending += data
        commands: list[bytes] = []
        while self._pending:
            length = _length(self._pending)
            if length is None or length > len(self._pending):
                break
            commands.append(self._pending[:length])
            self._pending = self._pending[length:]
        return commands

    def act(self, raw: bytes) -> Printout | Question | None:
        """Carry out one command."""
        if (question := question_of(raw)) is not None:
            return question
        if raw[:2] == b"\x1dV":
            return Printout(self._paper.tear(), cut=True)
        if raw[:2] == b"\x1dv":
            self._paper.print(_raster(raw))
        elif raw[:2] == b"\x1bd":
            self._paper.feed(raw[2] * FEED_DOTS)
        elif raw[:2] == b"\x1bJ":
            self._paper.feed(raw[2])
        elif raw == b"\n":
            self._paper.feed(FEED_DOTS)
        elif raw != b"\x00" and tuple(raw[:2]) not in PARAMETERS:
            self.unknown += len(raw)
        return None

    def end(self) -> Printout | None:
        """Say what was left uncut when the connection ended."""
        self._pending = b""
        image = self._paper.tear()
        return Printout(image, cut=False) if image is not None else None


QUESTIONS = {b"\x10\x04": "eot", b"\x1dr": "r", b"\x1da": "a"}


def question_of(raw: bytes) -> Question | None:
    """Tell what a command asks; None when it is no question."""
    kind = QUESTIONS.get(raw[:2])
    return Question(kind, raw[2]) if kind is not None else None


def _length(data: bytes) -> int | None:
    """Give the length of the command that stands first, or None when that cannot be told yet."""
    if data[0] not in (DLE, ESC, GS, FS):
        return 1
    if len(data) < 2:
        return None
    pair = (data[0], data[1])
    if pair == (GS, ord("v")):
        return 8 + (data[4] + 256 * data[5]) * (data[6] + 256 * data[7]) if len(data) >= 8 else None
    if pair == (GS, ord("V")):
        return None if len(data) < 3 else 4 if data[2] in (65, 66, 97, 98, 103, 104) else 3
    if pair in {(DLE, 0x04), (GS, ord("r")), (GS, ord("a")), (GS, ord("I")), (ESC, ord("d")), (ESC, ord("J"))}:
        return 3
    if pair in {(GS, ord("(")), (FS, ord("("))}:
        return 5 + data[3] + 256 * data[4] if len(data) >= 5 else None
    return 2 + PARAMETERS.get(pair, 0)


def _raster(raw: bytes) -> Image.Image:
    """Read `GS v 0 m xL xH yL yH d...`: a bit that is set is a black dot; `m` doubles the width (1) and height (2)."""
    across, rows = raw[4] + 256 * raw[5], raw[6] + 256 * raw[7]
    inverted = bytes(byte ^ 0xFF for byte in raw[8:])
    image = Image.frombytes("1", (across * 8, rows), inverted)
    wider, higher = 1 + (raw[3] & 1), 1 + (raw[3] >> 1 & 1)
    return image if (wider, higher) == (1, 1) else image.resize((image.width * wider, image.height * higher))


def read_qr(images: Sequence[Image.Image]) -> list[str | None]:
    """Read the QR code of each picture with `zbarimg`, all in one run; None where there is none.

    A missing `zbarimg` is a FileNotFoundError, one that fails a RuntimeError.
    """
    if not images:
        return []
    with tempfile.TemporaryDirectory(prefix="slips-") as folder:
        names = [str(Path(folder) / f"{at}.png") for at in range(len(images))]
        for name, image in zip(names, images, strict=True):
            _with_border(image).save(name)
        found = _run_zbar(names)
    return [found.get(name) for name in names]


def _with_border(image: Image.Image) -> Image.Image:
    page = Image.new("L", (image.width + 64, image.height + 64), 255)
    page.paste(image.convert("L"), (32, 32))
    return page


def _run_zbar(names: list[str]) -> dict[str, str]:
    command = ["zbarimg", "--xml", "--quiet", "-Sdisable", "-Sqrcode.enable", *names]
    done = subprocess.run(command, capture_output=True, check=False)
    # 0: everything was read; 4: at least one picture had no code.
    if done.returncode not in (0, 4):
        raise RuntimeError(
            f"zbarimg failed with status {done.returncode}: {done.stderr.decode(errors='replace').strip()}"
        )
    found: dict[str, str] = {}
    for source in ET.fromstring(done.stdout):  # noqa: S314 - written by the zbarimg that was just run
        data = next((element.text for element in source.iter() if element.tag.endswith("data")), None)
        if data is not None:
            found[source.attrib["href"]] = data.strip()
    return found
