"""The memory of an empty window: `python -m deploy.bench.empty_window WIDTHxHEIGHT plain|lean`.

`plain` is Kivy as it comes; `lean` is this project's own window with nothing in it, which does without the samples and
the shader cache that Kivy and Mesa take by themselves.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
from typing import TYPE_CHECKING

from devices.screen import WindowSetup, open_window
from devices.screen.memory_use import anonymous_mib, resident_mib

if TYPE_CHECKING:
    from collections.abc import Callable

FRAMES = 5


def open_lean(width: int, height: int) -> None:
    """Open this project's own window, beside the screen that others look at."""
    open_window(WindowSetup("kiosk", "Lượt", size=(width, height), position=(width, 0)))


def open_plain(width: int, height: int) -> None:
    """Open a window with all that Kivy does by default, but for its size, its place and what it says."""
    os.environ.update({"KIVY_NO_ARGS": "1", "KIVY_LOG_MODE": "PYTHON"})
    logging.getLogger("kivy").setLevel(logging.ERROR)
    config = importlib.import_module("kivy.config").Config
    places = {"width": width, "height": height, "position": "custom", "left": width, "top": 0}
    for name, value in places.items():
        config.set("graphics", name, value)
    window = importlib.import_module("kivy.core.window").Window
    window.add_widget(importlib.import_module("kivy.uix.widget").Widget())


WINDOWS: dict[str, Callable[[int, int], None]] = {"plain": open_plain, "lean": open_lean}


def main(size: str, kind: str) -> None:
    """Open an empty window and print its memory as JSON."""
    width, _, height = size.partition("x")
    WINDOWS[kind](int(width), int(height))
    importlib.import_module("devices.screen.capture").advance(FRAMES)
    print(json.dumps({"resident": resident_mib(), "anonymous": anonymous_mib()}))  # noqa: T201 - the bench reads it


if __name__ == "__main__":
    main(*sys.argv[1:])
