"""The options that sign and board share beside those of every device, and how they run to their end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from broker.runtime.watchdog import watched
from devices.base.connect import UsageError
from devices.screen import WindowSetup
from devices.screen.options import fullscreen_option, parse_pair, position_option, run_screen_program, size_option
from displays.keypad.pads import PadMissingError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from devices.base.device import Device

SizeOption = Annotated[str | None, size_option("LUOT_SIZE")]
PositionOption = Annotated[str | None, position_option("LUOT_POSITION")]
FullscreenOption = Annotated[bool, fullscreen_option("LUOT_FULLSCREEN")]
NoWindowOption = Annotated[
    bool, typer.Option("--no-window", envvar="LUOT_NO_WINDOW", help="The same device without a screen.")
]
PicturesOption = Annotated[
    Path | None,
    typer.Option(
        "--screenshots", envvar="LUOT_SCREENSHOTS", help="A folder for one picture of every state that was shown."
    ),
]
RecordOption = Annotated[
    Path | None,
    typer.Option(
        "--record", envvar="LUOT_RECORD", help="A file that gets one JSON object a line for every call shown or said."
    ),
]


@dataclass(frozen=True, slots=True)
class Looks:
    """Where and how a display is shown; with `window` False it is not."""

    size: tuple[int, int] | None
    position: tuple[int, int] | None
    fullscreen: bool
    window: bool
    pictures: Path | None

    def setup(self, kind: str, title: str) -> WindowSetup:
        """Give the window of a kind of display."""
        return WindowSetup(kind, title, self.size, self.position, self.fullscreen, locked=True)


def looks(size: str | None, position: str | None, *, fullscreen: bool, no_window: bool, pictures: Path | None) -> Looks:
    """Read the options; UsageError when they are not of their form or contradict each other."""
    if no_window and (fullscreen or pictures):
        raise UsageError("--no-window shows nothing: leave out --fullscreen and --screenshots")
    return Looks(
        parse_pair(size, "x", "--size"), parse_pair(position, ",", "--position"), fullscreen, not no_window, pictures
    )


class Restart:
    """Whether the device was told to restart: its `run()` ended by itself."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self.asked = False

    async def run(self) -> None:
        """Run the device until it is told to restart."""
        await self._device.run()
        self.asked = True


async def together(*work: Callable[[], Coroutine[None, None, None]]) -> None:
    """Run pieces of work without a screen until the first of them ends; what it raises is raised here."""
    await watched(_first_of(work))


async def _first_of(work: Sequence[Callable[[], Coroutine[None, None, None]]]) -> None:
    parts = [asyncio.create_task(part()) for part in work]
    try:
        done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for part in done:
            part.result()
    finally:
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)


def run_display(show: Callable[[], Coroutine[None, None, Restart]]) -> None:
    """Run a display as `run_screen_program`; a missing keypad ends it too."""
    run_screen_program(show, PadMissingError)
