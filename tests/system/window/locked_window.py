"""A locked window with one large button, one JSON object a line about it: `python locked_window.py`."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys

from devices.screen import WindowSetup, open_window


def tell(**fields: object) -> None:
    print(json.dumps(fields), flush=True)  # noqa: T201 - read by the test


async def main() -> None:
    open_window(WindowSetup("kiosk", "locked", size=(540, 960), position=(0, 0), locked=True))
    widgets = importlib.import_module("devices.screen.widgets")
    screen = importlib.import_module("devices.screen.run")
    button = widgets.TouchPanel()
    button.bind(on_release=lambda _: tell(touched=True))

    async def lines() -> None:
        loop = asyncio.get_running_loop()
        tell(ready=await screen.frames(10) is None)
        while await loop.run_in_executor(None, sys.stdin.readline):
            await screen.frames(3)
            children = importlib.import_module("kivy.core.window").Window.children
            tell(alive=True, shown=[type(child).__name__ for child in children])

    await screen.run_screen(button, lines)


if __name__ == "__main__":
    asyncio.run(main())
