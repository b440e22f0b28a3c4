"""A virtual screen, a synthetic finger on it, and pictures of it."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image
from Xlib import X, display
from Xlib.ext import xtest

from deploy.demo.processes import DemoFault, die_with_parent

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where a window stands on the screen, in pixels."""

    x: int
    y: int
    width: int
    height: int

    def point(self, across: float, down: float) -> tuple[int, int]:
        """Give the pixel at fractions of the window, from its upper left corner."""
        return self.x + round(self.width * across), self.y + round(self.height * down)

    @property
    def size(self) -> str:
        """`WIDTHxHEIGHT`, as the device commands take it."""
        return f"{self.width}x{self.height}"

    @property
    def position(self) -> str:
        """`X,Y`, as the device commands take it."""
        return f"{self.x},{self.y}"


async def start_xvfb(width: int, height: int) -> tuple[asyncio.subprocess.Process, str]:
    """Start Xvfb on a display that is free; give its process and the display's name."""
    if shutil.which("Xvfb") is None:
        raise DemoFault("there is no screen and no Xvfb; install the Debian package xvfb (make demo does)")
    read, write = os.pipe()
    process = await asyncio.create_subprocess_exec(
        "Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset",
        pass_fds=(write,), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent,
    )  # fmt: skip
    os.close(write)
    # Xvfb writes the number in several pieces and ends it with a line feed.
    with os.fdopen(read, "rb") as told:
        async with asyncio.timeout(15):
            number = await asyncio.to_thread(told.readline)
    if not number.strip():
        raise DemoFault("Xvfb ended before it was ready")
    return process, f":{number.decode().strip()}"


class Screen:
    """The screen as a person meets it: something to touch and to look at. Calls block for a few milliseconds."""

    def __init__(self, name: str) -> None:
        self._display = display.Display(name)
        self._root = self._display.screen().root

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole screen, in pixels."""
        screen = self._display.screen()
        return screen.width_in_pixels, screen.height_in_pixels

    def press(self, x: int, y: int) -> None:
        """Put a synthetic finger down: X events, as a touch screen's driver makes them."""
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        xtest.fake_input(self._display, X.ButtonPress, 1)
        self._display.sync()

    def lift(self) -> None:
        """Take the finger off the screen."""
        xtest.fake_input(self._display, X.ButtonRelease, 1)
        self._display.sync()

    def picture(self, place: Place) -> Image.Image:
        """Give what stands on the screen there."""
        shot = self._root.get_image(place.x, place.y, place.width, place.height, X.ZPixmap, 0xFFFFFFFF)
        return Image.frombytes("RGB", (place.width, place.height), shot.data, "raw", "BGRX")

    def keep(self, place: Place, path: Path) -> None:
        """Save what stands on the screen there as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.picture(place).save(path)

    def close(self) -> None:
        """Let go of the screen."""
        self._display.close()
