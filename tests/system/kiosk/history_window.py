"""Draws faces one after another and tells where their texts stand: `python history_window.py SIZE NAME-LANG,...|...`.

Each row of faces, apart by `|`, begins with a new window's root; of its last face one JSON object a row is told.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

from devices.screen import WindowSetup, open_window
from tests.gallery.kiosk.every_screen import kiosk_faces


def main() -> None:
    width, _, height = sys.argv[1].partition("x")
    open_window(WindowSetup("kiosk", "history", size=(int(width), int(height)), position=(0, 0), fps=0))
    window = importlib.import_module("kivy.core.window").Window
    stage_kind = importlib.import_module("kiosk.screens.themed_root").ThemedRoot
    known = {f"{name}-{lang}": face for lang in ("vi", "qps") for name, face in kiosk_faces(lang)}
    for row in sys.argv[2].split("|"):
        first, *others = (known[name] for name in row.split(","))
        stage = stage_kind(first, lambda _: None)
        window.add_widget(stage)
        settle(stage)
        for face in others:
            stage.show(face)
            settle(stage)
        print(json.dumps(places(stage)))  # noqa: T201 - read by the test
        window.remove_widget(stage)


def settle(stage: Any) -> None:
    capture = importlib.import_module("devices.screen.capture")
    capture.advance(4)
    while not stage.standing.pager.settled:
        capture.advance(1)


def places(stage: Any) -> dict[str, Any]:
    """Give how many pages a screen has, and where each of its texts stands, how wide and how high it is."""
    widgets = importlib.import_module("devices.screen.widgets")
    texts = [one for one in widgets.every(stage.standing) if isinstance(one, widgets.Words) and one.text]
    seen = {one.text: [round(at) for at in (*one.to_window(*one.pos), *one.size)] for one in texts if widgets.seen(one)}
    return {"pages": stage.standing.pager.count, "turns": stage.standing.pager.turns, "texts": seen}


if __name__ == "__main__":
    main()
