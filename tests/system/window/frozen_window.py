"""A window whose loop hangs when it is told to: `python frozen_window.py SECONDS`, the time after which it is ended."""

from __future__ import annotations

import asyncio
import importlib
import sys
import threading

from broker.runtime.watchdog import Watchdog
from devices.screen import WindowSetup, open_window


async def main() -> None:
    open_window(WindowSetup("kiosk", "frozen", size=(300, 300), position=(0, 0)))
    screen = importlib.import_module("devices.screen.run")

    async def hang() -> None:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        threading.Event().wait()

    watchdog = Watchdog(float(sys.argv[1]))
    await screen.run_screen(importlib.import_module("kivy.uix.widget").Widget(), hang, watchdog=watchdog)


if __name__ == "__main__":
    asyncio.run(main())
