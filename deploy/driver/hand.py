"""A hand before the window: a finger on the glass, keys on a keyboard, and many of both at once; all through XTEST."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from Xlib import XK, X, display
from Xlib.ext import xtest

from deploy.demo.processes import DemoFault

if TYPE_CHECKING:
    from collections.abc import Sequence

HOLD_S = 0.02
KEY_S = 0.006
"""As fast as a code reader types."""
Event = tuple[int, int, int, int]
"""What XTEST takes: the kind of event, its key or button, and a place for a motion."""


def pressed(kind: str, detail: int) -> Event:
    """Give the event of a key (`key`) or a button that goes down."""
    return (X.KeyPress if kind == "key" else X.ButtonPress, detail, 0, 0)


def lifted(kind: str, detail: int) -> Event:
    """Give the event of a key (`key`) or a button that comes up."""
    return (X.KeyRelease if kind == "key" else X.ButtonRelease, detail, 0, 0)


def moved(x: int, y: int) -> Event:
    """Give the event of a pointer that goes to a place."""
    return (X.MotionNotify, 0, x, y)


class Hand:
    """A hand on one display; it reaches the program only through the X server."""

    def __init__(self, name: str) -> None:
        self._display = display.Display(name)

    @property
    def keycodes(self) -> range:
        """Every keycode that the display knows."""
        info = self._display.display.info
        return range(info.min_keycode, info.max_keycode + 1)

    def keycode(self, keysym: str) -> int:
        """Give the keycode of a named key, as `Control_L`; one that the keyboard lacks is 0."""
        code: int = self._display.keysym_to_keycode(XK.string_to_keysym(keysym))
        return code

    def send(self, events: Sequence[Event]) -> None:
        """Let events happen one after the other, and return when the X server has taken them all."""
        for kind, detail, x, y in events:
            xtest.fake_input(self._display, kind, detail, x=x, y=y)
        self._display.sync()

    async def touch(self, place: tuple[int, int], seconds: float = HOLD_S) -> None:
        """Touch a place for a moment, or as long as is said."""
        self.send([moved(*place), pressed("button", 1)])
        await asyncio.sleep(seconds)
        self.send([lifted("button", 1)])

    async def scan(self, code: str) -> None:
        """Type a code and Enter as fast as a code reader does."""
        for character in code:
            self._stroke(*self._key_of(character))
            await asyncio.sleep(KEY_S)
        self._stroke(self.keycode("Return"), shifted=False)

    def _stroke(self, code: int, shifted: bool) -> None:  # noqa: FBT001 - the two halves of one look-up
        shift = self.keycode("Shift_L")
        stroke = [pressed("key", code), lifted("key", code)]
        self.send([pressed("key", shift), *stroke, lifted("key", shift)] if shifted else stroke)

    def _key_of(self, character: str) -> tuple[int, bool]:
        codes = list(self._display.keysym_to_keycodes(ord(character)))
        if not codes:
            raise DemoFault(f"the keyboard of this display has no {character!r}")
        code, level = codes[0]
        return code, bool(level)

    def picture(self, width: int, height: int, x: int = 0, y: int = 0) -> bytes:
        """Give the pixels of a part of the screen, four bytes each."""
        shot: Any = self._display.screen().root.get_image(x, y, width, height, X.ZPixmap, 0xFFFFFFFF)
        return bytes(shot.data)

    def windows(self) -> int:
        """Count the windows that stand on the display."""
        found = self._display.screen().root.query_tree().children
        return sum(window.get_attributes().map_state == X.IsViewable for window in found)

    def close(self) -> None:
        """Let go of the display."""
        self._display.close()
