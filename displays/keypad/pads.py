"""The ways in for an officer's finger: a terminal, a USB number pad, a serial pad; nothing but the system is needed."""

from __future__ import annotations

import asyncio
import fcntl
import os
import stat
import sys
import termios
import tty
from typing import TYPE_CHECKING, Protocol, TextIO

import structlog

from displays.keypad.frames import KeyReader, show_frame
from displays.keypad.keymap import SERIAL_KEYS, named, pressed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from broker.contract.payloads import Button
    from displays.keypad.panel import Panel

DEFAULT_BAUD = "9600"

_EVIOCGRAB = 0x40044590
"""Linux: take an input device for this program alone."""

log = structlog.get_logger()


class PadMissingError(Exception):
    """A keypad cannot be used; the message says why and what to do."""


class Pad(Protocol):
    """A keypad: buttons in, a small display out."""

    def presses(self) -> AsyncIterator[Button]:
        """Give each button as it is pressed; ends when the pad is gone."""
        ...

    def show(self, shown: Panel) -> None:
        """Show a panel, if the pad has a display."""
        ...


def open_pad(source: str) -> Pad:
    """Open `stdin`, `evdev:PATH` or `serial:PATH[@BAUD]`; anything else, or a missing device, is PadMissingError."""
    kind, _, where = source.partition(":")
    if kind == "stdin" and not where:
        return TerminalPad(sys.stdin, sys.stdout)
    if kind == "evdev" and where:
        return _open_evdev(where)
    if kind == "serial" and where:
        path, _, baud = where.partition("@")
        return _open_serial(path, baud or DEFAULT_BAUD)
    raise PadMissingError(f"{source!r} is no keypad: give stdin, evdev:PATH or serial:PATH[@BAUD].")


class TerminalPad:
    """Lines such as `next`; what the display shows is written as a line of its own."""

    def __init__(self, source: TextIO, target: TextIO) -> None:
        self._source = source
        self._target = target

    async def presses(self) -> AsyncIterator[Button]:
        """Give the button of each line; a line that names none is told so and does nothing."""
        if not _can_be_waited_for(self._source):
            raise PadMissingError(
                "Standard input is neither a terminal nor a pipe: name the pad in LUOT_INPUT, "
                "as evdev:PATH or serial:PATH[@BAUD]."
            )
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), self._source)
        while line := await reader.readline():
            word = line.decode(errors="replace").strip()
            button = named(word)
            if button is not None:
                yield button
            elif word:
                self._write(f"unknown button: {word[:32]!r}")

    def show(self, shown: Panel) -> None:
        """Write both lines and the lamps that are lit."""
        self._write(f"[{' | '.join(shown.lines)}] {' '.join(sorted(shown.lamps))}")

    def _write(self, line: str) -> None:
        self._target.write(line + "\n")
        self._target.flush()


def _can_be_waited_for(source: TextIO) -> bool:
    try:
        kind = os.fstat(source.fileno()).st_mode
    except (OSError, ValueError):
        return False
    return source.isatty() or stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)


class LinePad:
    """A pad behind a file descriptor: a USB number pad or a serial line."""

    def __init__(self, descriptor: int, path: str, buttons: Callable[[bytes], list[Button]]) -> None:
        self._descriptor = descriptor
        self._path = path
        self._buttons = buttons

    async def presses(self) -> AsyncIterator[Button]:
        """Give each button as it is pressed; a pad that is unplugged is PadMissingError."""
        loop = asyncio.get_running_loop()
        arrived = asyncio.Event()
        loop.add_reader(self._descriptor, arrived.set)
        try:
            while True:
                await arrived.wait()
                arrived.clear()
                for button in self._buttons(self._read()):
                    yield button
        finally:
            loop.remove_reader(self._descriptor)

    def _read(self) -> bytes:
        try:
            raw = os.read(self._descriptor, 4096)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise PadMissingError(f"The keypad {self._path} is gone: {error.strerror}.") from error
        if not raw:
            raise PadMissingError(f"The keypad {self._path} is gone: the line was closed.")
        return raw


class EvdevPad(LinePad):
    """A USB number pad; it has no display. Linux hands out whole events only."""

    def __init__(self, descriptor: int, path: str) -> None:
        super().__init__(descriptor, path, pressed)

    def show(self, shown: Panel) -> None:
        """Show nothing."""


class SerialPad(LinePad):
    """A pad on a serial line; see `displays.keypad.frames`."""

    def __init__(self, descriptor: int, path: str) -> None:
        super().__init__(descriptor, path, self._keys)
        self._reader = KeyReader()

    def _keys(self, raw: bytes) -> list[Button]:
        return [SERIAL_KEYS[code] for code in self._reader.feed(raw) if code in SERIAL_KEYS]

    def show(self, shown: Panel) -> None:
        """Send the panel to the pad; a line that broke is found by `presses`, which ends."""
        try:
            os.write(self._descriptor, show_frame(shown))
        except OSError as error:
            log.warning("panel_not_shown", reason=str(error))


def _open_evdev(path: str) -> EvdevPad:
    """Take a number pad for this program alone, so that its keys reach no other."""
    descriptor = _open(path, os.O_RDONLY)
    try:
        fcntl.ioctl(descriptor, _EVIOCGRAB, 1)
    except OSError as error:
        os.close(descriptor)
        raise PadMissingError(f"{path} is no keypad, or another program has taken it: {error.strerror}.") from error
    return EvdevPad(descriptor, path)


def _open_serial(path: str, baud: str) -> SerialPad:
    """Take a serial line for this program alone: 8 bits, no parity, nothing translated."""
    speed = getattr(termios, f"B{baud}", None) if baud.isdecimal() else None
    if speed is None:
        raise PadMissingError(f"{baud!r} is no speed of a serial line: give for example serial:{path}@9600.")
    descriptor = _open(path, os.O_RDWR | os.O_NOCTTY)
    try:
        tty.setraw(descriptor)
        settings = termios.tcgetattr(descriptor)
        settings[4] = settings[5] = speed
        termios.tcsetattr(descriptor, termios.TCSANOW, settings)
        fcntl.ioctl(descriptor, termios.TIOCEXCL)
    except (OSError, termios.error) as error:
        os.close(descriptor)
        raise PadMissingError(f"{path} is no serial line: {error}.") from error
    return SerialPad(descriptor, path)


def _open(path: str, flags: int) -> int:
    try:
        return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise PadMissingError(f"No keypad at {path}: {error.strerror}. Check the cable and the path.") from error
