"""A real keyboard, as the X server has it: codes and keys of persons, whatever the layout of the computer is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = Path(__file__).parent / "keyboard_window.py"
TOKEN = "Ab-9_cDeFgHiJkLmNoPqRs"
SHIFT = 50
PLACES = {
    character: (code + at, shifted)
    for plain, shift, code in (
        ("1234567890-", "!@#$%^&*()_", 10), ("qwertyuiop", "QWERTYUIOP", 24), ("asdfghjkl;", "ASDFGHJKL:", 38),
        ("\\", "|", 51), ("zxcvbnm,./", "ZXCVBNM<>?", 52), ("\r", "", 36), ("\x1b", "", 9), ("↑", "", 111),
    )
    for shifted, row in ((False, plain), (True, shift))
    for at, character in enumerate(row)
}  # fmt: skip
"""Where a reader presses, by X's key codes of the American layout."""

pytestmark = [pytest.mark.screen, pytest.mark.system]


class Board:
    """A synthetic keyboard and what a window hears of it."""

    def __init__(self, name: str, window: subprocess.Popen[str]) -> None:
        self._name, self._display, self._window = name, Display(name), window

    def layout(self, name: str) -> None:
        subprocess.run(["setxkbmap", "-display", self._name, name], check=True, timeout=10)

    def press(self, text: str, pause: float) -> None:
        """Press keys; the X server keeps the pauses."""
        for character in text:
            code, shifted = PLACES[character]
            strokes = [(X.KeyPress, code), (X.KeyRelease, code)]
            if shifted:
                strokes = [(X.KeyPress, SHIFT), *strokes, (X.KeyRelease, SHIFT)]
            for at, (kind, place) in enumerate(strokes):
                xtest.fake_input(self._display, kind, place, time=0 if at else round(pause * 1000))
        self._display.sync()

    def heard(self) -> dict[str, Any]:
        assert self._window.stdout is not None
        line = self._window.stdout.readline()
        assert line, "the window has gone"
        return dict(json.loads(line))

    def close(self) -> None:
        self.layout("us")
        self._display.close()


@pytest.fixture
def board(display: str) -> Iterator[Board]:
    environment = {**os.environ, "DISPLAY": display, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(PROGRAM)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as window:
        made = Board(display, window)
        try:
            assert made.heard() == {"ready": True}
            yield made
        finally:
            made.close()
            window.kill()


@pytest.mark.parametrize("layout", ["us", "vn", "fr"])
def test_a_code_is_read_and_keys_are_free_in_every_layout(board: Board, layout: str) -> None:
    board.layout(layout)
    board.press(f"{TOKEN}\r", 0.008)
    assert board.heard()["scan"] == TOKEN
    board.press("a1", 0.25)
    keys = [board.heard(), board.heard()]
    assert [key["key"] for key in keys] == ["a", "1"]
    assert keys[0]["typed"] == ("q" if layout == "fr" else "a")
    board.press("↑\x1b\r", 0.02)
    assert [board.heard()["key"] for _ in range(3)] == ["up", "escape", "enter"]
    board.press("012345\x1b678901\r", 0.008)
    assert board.heard() == {"scan": None, "typed": None}
