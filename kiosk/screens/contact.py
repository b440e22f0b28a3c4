"""Draws every face of one kind of screen: `python -m kiosk.screens.contact kiosk|rater SIZE FOLDER [LANGUAGE ...]`.
With `-` instead of a folder nothing is written.

One process draws one kind, because a process has one window. For each picture it prints one JSON object: its name, the
texts that did not fit, the targets that were too small, and where each target stands; at the end the memory in MiB of
the empty window and after all faces were drawn.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from broker.screen import WindowSetup, open_window
from kiosk.contact_faces import kiosk_faces, pad_faces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kiosk.faces import Face

FACES: dict[str, Callable[[str], Iterator[tuple[str, Face]]]] = {"kiosk": kiosk_faces, "rater": pad_faces}


def draw(kind: str, size: tuple[int, int], folder: Path | None, languages: list[str]) -> None:
    """Open the window and draw every face; ScreenUnavailable without a display."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    scale = open_window(WindowSetup(kind, "Lượt", size=size, position=(0, 0), fps=0))
    capture = importlib.import_module("broker.screen.capture")
    widgets = importlib.import_module("broker.screen.widgets")
    window = importlib.import_module("kivy.core.window").Window
    capture.advance(5)
    empty = memory_mib()
    memory = importlib.import_module("broker.screen.memory")
    targets = importlib.import_module("kiosk.screens.targets").targets
    memory.settle()
    root = None
    for lang in languages:
        for at, (name, face) in enumerate(FACES[kind](lang)):
            if root is None:
                root = importlib.import_module("kiosk.screens.root").KioskRoot(face, lambda _: None)
                window.add_widget(root)
            root.show(face)
            capture.advance(4)
            if at % 6 == 0:
                memory.sweep()
            file = f"{kind}-{name}-{lang}.png"
            if folder is not None:
                capture.save_picture(folder / file)
            _tell(
                name=name, lang=lang, file=file, cut_off=widgets.cut_off(root),
                too_small=widgets.too_small(root, scale.touch), targets=targets(root, size[1]),
            )  # fmt: skip
    memory.sweep()
    _tell(empty_mib=empty, drawn_mib=memory_mib())


def memory_mib() -> float:
    """Give the memory that this process alone holds, in MiB."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    private = sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean:", "Private_Dirty:")))
    return round(private / 1024, 1)


def _tell(**fields: object) -> None:
    print(json.dumps(fields, ensure_ascii=False), flush=True)  # noqa: T201 - read by the contact sheet and the tests


if __name__ == "__main__":
    width, _, height = sys.argv[2].partition("x")
    draw(
        sys.argv[1],
        (int(width), int(height)),
        None if sys.argv[3] == "-" else Path(sys.argv[3]),
        sys.argv[4:] or ["vi", "en"],
    )
