"""Run a screen on asyncio beside the link. Import only after `open_window()`."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

from kivy.app import App
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window

from broker.runtime.watchdog import BEAT_S, Watchdog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from kivy.uix.widget import Widget

INPUT_S = 0.008
"""Between two looks at what fingers and keys did: Kivy looks once a frame, and acts on it in the frame after."""


class ScreenApp(App):  # type: ignore[misc]  # Kivy ships no types
    """The application around one root widget, without Kivy's settings page."""

    use_kivy_settings = False

    def __init__(self, root: Widget) -> None:
        super().__init__()
        self._shown = root

    def build(self) -> Widget:
        """Give the root widget."""
        return self._shown

    def load_kv(self, filename: str | None = None) -> bool:  # noqa: ARG002 - Kivy calls it so
        """Load nothing by name; each screen loads its own file."""
        return False

    def open_settings(self, *_: object) -> bool:
        """Open nothing: there is no settings page behind F1."""
        return False


async def run_screen(root: Widget, *work: Callable[[], Awaitable[None]], watchdog: Watchdog | None = None) -> None:
    """Show a widget and run the work beside it until the window closes, the work fails, or a signal ends the process.

    What the work raises is raised here, after the window has closed. A watchdog ends the program when Kivy's clock, and
    with it every frame, has stood still for long.
    """
    app = ScreenApp(root)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, app.stop)
    beside = [asyncio.ensure_future(part()) for part in (*work, _take_input)]
    for task in beside:
        task.add_done_callback(lambda _: app.stop())
    try:
        with watchdog or Watchdog() as watching:
            Clock.schedule_once(lambda _: watching.beat())
            beat = Clock.schedule_interval(lambda _: watching.beat(), BEAT_S)
            await app.async_run("asyncio")
            beat.cancel()
    finally:
        await _end(beside)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


async def _take_input() -> None:
    """Act on fingers and keys between the frames too: a touch waits for no frame but the one that shows its answer."""
    while True:
        await asyncio.sleep(INPUT_S)
        if EventLoop.status == "started" and not EventLoop.quit:
            Window.mainloop()
            EventLoop.dispatch_input()


async def _end(tasks: Sequence[asyncio.Future[None]]) -> None:
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome


async def frames(count: int = 1) -> None:
    """Wait until so many frames have been laid out and drawn."""
    for _ in range(count):
        passed = asyncio.Event()
        Clock.schedule_once(lambda _, event=passed: event.set(), 0)
        await passed.wait()
