"""Draws every specimen of one kind of display into a folder.

Usage: `python -m tests.gallery.displays.contact_sheet KIND SIZE FOLDER`.

One process draws one kind, because a process has one window. For each picture it prints one JSON object: its name, its
file and the texts that did not fit; at the end the memory in MiB before and after drawing.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from devices.screen import WindowSetup, open_window
from devices.screen.options import parse_pair
from tests.gallery.displays.specimens import board_looks, sign_looks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SPECIMENS: Mapping[str, Callable[[], Mapping[str, Any]]] = {"sign": sign_looks, "board": board_looks}


def draw(kind: str, size: tuple[int, int] | None, folder: Path) -> None:
    """Open the window and draw every specimen; ScreenUnavailableError without a display."""
    folder.mkdir(parents=True, exist_ok=True)
    open_window(WindowSetup(kind, "Lượt", size=size))
    capture = importlib.import_module("devices.screen.capture")
    cut_off = importlib.import_module("devices.screen.widgets").cut_off
    window = importlib.import_module("kivy.core.window").Window
    capture.advance(5)
    memory_mib = importlib.import_module("devices.screen.memory_use").anonymous_mib
    empty = memory_mib()
    module = importlib.import_module(f"displays.{kind}.screen")
    screen = module.SignScreen() if kind == "sign" else module.BoardScreen()
    window.add_widget(screen)
    for name, look in SPECIMENS[kind]().items():
        screen.show(look)
        capture.advance(4)
        path = folder / f"{kind}-{name}.png"
        capture.save_picture(path)
        _tell(name=name, file=path.name, cut_off=cut_off(screen))
    _tell(empty_mib=empty, drawn_mib=memory_mib())


def _tell(**fields: object) -> None:
    print(json.dumps(fields, ensure_ascii=False), flush=True)  # noqa: T201 - read by the contact sheet and the tests


if __name__ == "__main__":
    draw(sys.argv[1], parse_pair(sys.argv[2], "x", "SIZE"), Path(sys.argv[3]))
