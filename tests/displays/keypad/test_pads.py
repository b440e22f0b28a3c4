from __future__ import annotations

import asyncio
import contextlib
import io
import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.payloads import Button
from displays.keypad.frames import key_frame, show_frame
from displays.keypad.pads import EvdevPad, PadMissing, SerialPad, TerminalPad, open_pad
from displays.keypad.panel import Lamp, Panel

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SHOWN = Panel(("A007 Đang gọi", "Chờ: 2"), frozenset({Lamp.OPEN, Lamp.WAITING}))


async def first(presses: AsyncIterator[Button], count: int) -> list[Button]:
    found: list[Button] = []
    async with asyncio.timeout(5), contextlib.aclosing(presses) as source:  # type: ignore[type-var]  # a generator
        async for button in source:
            found.append(button)
            if len(found) == count:
                break
    return found


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("serial:/dev/no-such-line", "No keypad at /dev/no-such-line"),
        ("serial:/dev/no-such-line@fast", "no speed"),
        ("evdev:/dev/input/no-such-pad", "No keypad at /dev/input/no-such-pad"),
        ("evdev:", "stdin, evdev:PATH or serial:PATH"),
        ("joystick", "stdin, evdev:PATH or serial:PATH"),
    ],
)
def test_a_pad_that_is_not_there_is_one_clear_sentence(source: str, words: str) -> None:
    with pytest.raises(PadMissing, match=words):
        open_pad(source)


async def test_lines_of_a_terminal_are_buttons() -> None:
    reading, writing = os.pipe()
    target = io.StringIO()
    with os.fdopen(reading) as source:
        pad = TerminalPad(source, target)
        os.write(writing, b"next\njump\n\nno-show\n")
        os.close(writing)

        pressed = [button async for button in pad.presses()]
        pad.show(SHOWN)

    assert pressed == [Button.NEXT, Button.NO_SHOW]
    assert target.getvalue() == "unknown button: 'jump'\n[A007 Đang gọi | Chờ: 2] open waiting\n"


async def test_standard_input_from_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_text("next\n")
    with path.open() as source, pytest.raises(PadMissing, match="neither a terminal nor a pipe"):
        [button async for button in TerminalPad(source, io.StringIO()).presses()]


async def test_a_serial_pad_speaks_over_a_real_line() -> None:
    host, line = os.openpty()
    pad = open_pad(f"serial:{os.ttyname(line)}@9600")
    os.write(host, b"noise" + key_frame(0x22) + key_frame(0x23))

    assert await first(pad.presses(), 2) == [Button.NEXT, Button.RECALL]
    pad.show(SHOWN)
    assert os.read(host, 64) == show_frame(SHOWN)
    os.close(host)
    os.close(line)


async def test_a_serial_line_that_breaks_says_so() -> None:
    host, line = os.openpty()
    pad = open_pad(f"serial:{os.ttyname(line)}")
    assert isinstance(pad, SerialPad)
    os.close(line)
    os.close(host)

    with pytest.raises(PadMissing, match="is gone"):
        await first(pad.presses(), 1)


class FakeKeys:
    """An evdev device: what it has to say, then it is unplugged."""

    path = "/dev/input/event9"

    def __init__(self, *events: tuple[int, int, int]) -> None:
        self._events = events
        self.grabbed = False

    def grab(self) -> None:
        self.grabbed = True

    async def async_read_loop(self) -> AsyncIterator[Any]:
        for kind, code, value in self._events:
            yield SimpleNamespace(type=kind, code=code, value=value)
        raise OSError(19, "No such device")


async def test_a_usb_pad_gives_keys_that_go_down_and_is_taken_alone() -> None:
    keys = FakeKeys((1, 96, 1), (1, 96, 2), (1, 96, 0), (4, 4, 458840), (1, 78, 1), (1, 30, 1), (1, 79, 1))
    pad = EvdevPad(keys)

    assert await first(pad.presses(), 3) == [Button.NEXT, Button.RECALL, Button.START]
    assert keys.grabbed


async def test_a_usb_pad_that_is_unplugged_says_so() -> None:
    with pytest.raises(PadMissing, match="No such device"):
        await first(EvdevPad(FakeKeys()).presses(), 1)
