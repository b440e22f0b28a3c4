"""A synthetic keyboard: it reaches a program only through the X server, at the pace of a reader or of a person."""

from __future__ import annotations

import subprocess

from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

READER_S = 0.008
PERSON_S = 0.25
SHIFT = 50
PLACES = {
    character: (code + at, shifted)
    for plain, shift, code in (
        ("1234567890-=", "!@#$%^&*()_+", 10), ("qwertyuiop", "QWERTYUIOP", 24), ("asdfghjkl;", "ASDFGHJKL:", 38),
        ("\\", "|", 51), ("zxcvbnm,./", "ZXCVBNM<>?", 52), (" ", "", 65), ("\r", "", 36), ("\x1b", "", 9),
        ("↑", "", 111),
    )
    for shifted, row in ((False, plain), (True, shift))
    for at, character in enumerate(row)
}  # fmt: skip
"""Where a reader presses, by X's key codes of the American layout."""


class Keys:
    """The keyboard of one display."""

    def __init__(self, display: str) -> None:
        self._name, self._display = display, Display(display)

    def layout(self, name: str) -> None:
        """Give the computer a layout."""
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

    def scan(self, text: str) -> None:
        """Press what a reader presses for a code."""
        self.press(f"{text}\r", READER_S)

    def close(self) -> None:
        """Let go of the display, with the layout that it had."""
        self.layout("us")
        self._display.close()
