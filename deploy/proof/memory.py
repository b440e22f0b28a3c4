"""The memory of a process, and of an empty window: `python -m deploy.proof.memory WIDTHxHEIGHT plain|lean`.

`plain` is Kivy as it comes; `lean` is this project's own window with nothing in it, which does without the samples and
the shader cache that Kivy and Mesa take by themselves.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from broker.screen import WindowSetup, open_window

if TYPE_CHECKING:
    from collections.abc import Callable

FRAMES = 5


def resident_mib(pid: int) -> float:
    """Give the memory that a process holds, shared pages of libraries too, in MiB; what was swapped out counts."""
    return _status(pid, "VmRSS:", "VmSwap:")


def anonymous_mib(pid: int) -> float:
    """Give the memory of a process that stands in no file, in MiB: what it leaks is there, and no kernel takes it back.

    Pages of files come and go with what else the machine does; what was swapped out counts.
    """
    return _status(pid, "RssAnon:", "VmSwap:")


def _status(pid: int, *names: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(names)) / 1024


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
    importlib.import_module("broker.screen.capture").advance(FRAMES)
    pid = os.getpid()
    print(json.dumps({"resident": resident_mib(pid), "anonymous": anonymous_mib(pid)}))  # noqa: T201 - the bench reads it


if __name__ == "__main__":
    main(*sys.argv[1:])
