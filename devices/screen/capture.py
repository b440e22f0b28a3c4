"""Pictures of the window as PNG. Import only after `open_window()`."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from kivy.base import EventLoop
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels

if TYPE_CHECKING:
    from pathlib import Path


def advance(count: int = 3) -> None:
    """Lay out and draw so many frames of a window whose application does not run, as in tests and contact sheets."""
    if EventLoop.status != "started":
        EventLoop.start()
    for _ in range(count):
        EventLoop.idle()


def picture() -> tuple[int, int, bytes]:
    """Draw the window and give its width, height and RGB bytes, rows from the top."""
    Window.dispatch("on_draw")
    width, height = (int(side) for side in Window.system_size)
    raw = glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE)
    row = width * 3
    return width, height, b"".join(raw[at : at + row] for at in range((height - 1) * row, -1, -row))


def part_of(drawn: tuple[int, int, bytes], x: int, top: int, width: int, height: int) -> bytes:
    """Give the RGB bytes of a part of a picture; `top` is counted from the top."""
    wide, high, rgb = drawn
    left, right = max(0, x), min(wide, x + width)
    rows = range(max(0, top), min(high, top + height))
    return b"".join(rgb[(row * wide + left) * 3 : (row * wide + right) * 3] for row in rows) if right > left else b""


def save_picture(path: Path) -> None:
    """Write the window's picture as PNG; the file stands complete or not at all."""
    width, height, rgb = picture()
    waiting = path.with_suffix(".part")
    waiting.write_bytes(png(width, height, rgb))
    waiting.replace(path)


def png(width: int, height: int, rgb: bytes) -> bytes:
    """Write RGB rows from the top as a PNG file."""
    row = width * 3
    lines = b"".join(b"\x00" + rgb[at : at + row] for at in range(0, height * row, row))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
