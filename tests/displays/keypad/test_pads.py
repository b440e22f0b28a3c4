from __future__ import annotations

import asyncio
import contextlib
import io
import os
from typing import TYPE_CHECKING

import pytest

from broker.contract.payloads import Button
from displays.keypad.frames import key_frame, show_frame
from displays.keypad.keymap import key_event
from displays.keypad.pads import EvdevPad, PadMissingError, SerialPad, TerminalPad, open_pad
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
    with pytest.raises(PadMissingError, match=words):
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
    with path.open() as source, pytest.raises(PadMissingError, match="neither a terminal nor a pipe"):
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

    with pytest.raises(PadMissingError, match="is gone"):
        await first(pad.presses(), 1)


async def test_a_usb_pad_gives_keys_that_go_down() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.write(writing, b"".join(key_event(1, code, value) for code, value in ((96, 1), (96, 2), (96, 0), (78, 1))))
    pad = EvdevPad(reading, "/dev/input/event9")

    assert await first(pad.presses(), 2) == [Button.NEXT, Button.RECALL]
    os.close(writing)
    with pytest.raises(PadMissingError, match="event9 is gone"):
        await first(pad.presses(), 1)
    os.close(reading)


def test_a_file_that_is_no_number_pad_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(PadMissingError, match="is no keypad"):
        open_pad(f"evdev:{tmp_path / 'file'}")
    with pytest.raises(PadMissingError, match="is no serial line"):
        open_pad(f"serial:{tmp_path / 'file'}")
