"""A window that tells what it hears from the keyboard, one JSON object a line: `python keyboard_window.py [locked]`."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from typing import TYPE_CHECKING

from devices.screen import WindowSetup, open_window

if TYPE_CHECKING:
    from kiosk.flow.keys import Key
    from kiosk.input.code_reader import Scan


def tell(**fields: object) -> None:
    print(json.dumps(fields), flush=True)  # noqa: T201 - read by the test


class Ears:
    def scan(self, scan: Scan | None) -> None:
        tell(scan=scan.meant if scan else None, typed=scan.typed if scan else None)

    def key(self, key: Key) -> None:
        tell(key=key.name, typed=key.typed)


async def main() -> None:
    locked = sys.argv[1:] == ["locked"]
    open_window(WindowSetup("kiosk", "keyboard", size=(540, 960), position=(0, 0), fullscreen=locked, locked=locked))
    keyboard = importlib.import_module("kiosk.screens.kiosk_window").Keyboard(Ears())
    screen = importlib.import_module("devices.screen.run")

    async def listen() -> None:
        await screen.frames(10)
        tell(ready=keyboard is not None)
        await asyncio.Event().wait()

    await screen.run_screen(importlib.import_module("kivy.uix.widget").Widget(), listen)


if __name__ == "__main__":
    asyncio.run(main())
