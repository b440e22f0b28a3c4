"""The ways in for an officer's finger: a terminal, a USB number pad, a serial pad. The last two need their library."""

from __future__ import annotations

import asyncio
import importlib
import os
import stat
import sys
from typing import TYPE_CHECKING, Any, Protocol, TextIO

import structlog

from displays.keypad.frames import KeyReader, show_frame
from displays.keypad.keymap import SERIAL_KEYS, named, pressed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from broker.contract.payloads import Button
    from displays.keypad.panel import Panel

BAUD = 9600

log = structlog.get_logger()


class PadMissing(Exception):  # noqa: N818 - it is what is the case
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
    """Open `stdin`, `evdev:PATH` or `serial:PATH[@BAUD]`; anything else, or a missing device, is PadMissing."""
    kind, _, where = source.partition(":")
    if kind == "stdin" and not where:
        return TerminalPad(sys.stdin, sys.stdout)
    if kind == "evdev" and where:
        return EvdevPad(_evdev_device(where))
    if kind == "serial" and where:
        path, _, baud = where.partition("@")
        return SerialPad(_serial_port(path, baud))
    raise PadMissing(f"{source!r} is no keypad: give stdin, evdev:PATH or serial:PATH[@BAUD].")


class TerminalPad:
    """Lines such as `next`; what the display shows is written as a line of its own."""

    def __init__(self, source: TextIO, target: TextIO) -> None:
        self._source = source
        self._target = target

    async def presses(self) -> AsyncIterator[Button]:
        """Give the button of each line; a line that names none is told so and does nothing."""
        kind = os.fstat(self._source.fileno()).st_mode
        if not (self._source.isatty() or stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)):
            raise PadMissing("Standard input is neither a terminal nor a pipe: give it one of them.")
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


class EvdevPad:
    """A USB number pad, taken for this program alone so that its keys reach no other."""

    def __init__(self, device: Any) -> None:  # noqa: ANN401 - evdev's device, or one that behaves like it
        self._device = device
        self._names = importlib.import_module("evdev.ecodes")

    async def presses(self) -> AsyncIterator[Button]:
        """Give the button of each key that goes down; ends when the pad is unplugged."""
        try:
            self._device.grab()
            async for event in self._device.async_read_loop():
                button = self._button(event)
                if button is not None:
                    yield button
        except OSError as error:
            raise PadMissing(f"The keypad {self._device.path} is gone: {error.strerror or error}.") from error

    def _button(self, event: Any) -> Button | None:  # noqa: ANN401 - evdev's event
        if event.type != self._names.EV_KEY:
            return None
        names = self._names.KEY.get(event.code, "")
        return pressed(names if isinstance(names, str) else names[0], event.value)

    def show(self, shown: Panel) -> None:
        """Show nothing: a number pad has no display."""


class SerialPad:
    """A pad on a serial line; see `displays.keypad.frames`."""

    def __init__(self, port: Any) -> None:  # noqa: ANN401 - pyserial's port, or one that behaves like it
        self._port = port
        self._reader = KeyReader()

    async def presses(self) -> AsyncIterator[Button]:
        """Give the button of each key frame; a line that breaks is PadMissing."""
        loop = asyncio.get_running_loop()
        arrived = asyncio.Event()
        loop.add_reader(self._port.fileno(), arrived.set)
        try:
            while True:
                await arrived.wait()
                arrived.clear()
                for code in self._reader.feed(self._read()):
                    if code in SERIAL_KEYS:
                        yield SERIAL_KEYS[code]
        finally:
            loop.remove_reader(self._port.fileno())

    def _read(self) -> bytes:
        try:
            raw: bytes = self._port.read(max(1, self._port.in_waiting))
        except OSError as error:
            raise PadMissing(f"The keypad {self._port.name} is gone: {error}.") from error
        if not raw:
            raise PadMissing(f"The keypad {self._port.name} is gone: the line was closed.")
        return raw

    def show(self, shown: Panel) -> None:
        """Send the panel to the pad; a line that broke is found by `presses`, which ends."""
        try:
            self._port.write(show_frame(shown))
        except OSError as error:
            log.warning("panel_not_shown", reason=str(error))


def _evdev_device(path: str) -> Any:  # noqa: ANN401 - evdev's device
    try:
        return importlib.import_module("evdev").InputDevice(path)
    except ImportError as error:
        raise PadMissing("A USB keypad needs the package evdev: install it, or use another input.") from error
    except OSError as error:
        raise PadMissing(f"No keypad at {path}: {error.strerror or error}. Check the cable and the path.") from error


def _serial_port(path: str, baud: str) -> Any:  # noqa: ANN401 - pyserial's port
    try:
        return importlib.import_module("serial").Serial(path, int(baud or BAUD), timeout=0, exclusive=True)
    except ImportError as error:
        raise PadMissing("A serial keypad needs the package pyserial: install it, or use another input.") from error
    except ValueError as error:
        raise PadMissing(f"{baud!r} is no speed of a serial line: give for example serial:{path}@9600.") from error
    except OSError as error:
        raise PadMissing(f"No keypad at {path}: {error}. Check the cable and the path.") from error
