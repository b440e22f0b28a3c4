"""The options that sign and board share beside those of every device, and how they run to their end."""

from __future__ import annotations

import asyncio
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from broker.runtime.watchdog import watched
from devices.base.connect import WrongUse, restart_program, run_to_end
from devices.screen import ScreenUnavailable, WindowSetup
from displays.keypad.pads import PadMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from devices.base.device import Device

SizeOption = Annotated[
    str | None, typer.Option("--size", envvar="LUOT_SIZE", help="The window's size: WIDTHxHEIGHT in pixels.")
]
PositionOption = Annotated[
    str | None, typer.Option("--position", envvar="LUOT_POSITION", help="Where the window stands: X,Y in pixels.")
]
FullscreenOption = Annotated[bool, typer.Option("--fullscreen", envvar="LUOT_FULLSCREEN", help="Fill the screen.")]
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


def parse_pair(text: str | None, sign: str, option: str) -> tuple[int, int] | None:
    """Read two whole numbers with a sign between; None stays None, anything else is WrongUse."""
    if text is None:
        return None
    found = re.fullmatch(rf"(-?\d{{1,5}}){sign}(-?\d{{1,5}})", text)
    if found is None:
        raise WrongUse(f"{option} {text!r} is not of the form {'1920x1080' if sign == 'x' else '0,0'}")
    return int(found[1]), int(found[2])


def looks(size: str | None, position: str | None, *, fullscreen: bool, no_window: bool, pictures: Path | None) -> Looks:
    """Read the options; WrongUse when they are not of their form or contradict each other."""
    if no_window and (fullscreen or pictures):
        raise WrongUse("--no-window shows nothing: leave out --fullscreen and --screenshots")
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
    """Run a display to its end, and begin the program anew when its device was told to restart.

    Exit status: as `devices.base.connect.run_to_end`, and 1 with one sentence when a screen or a keypad is missing.
    """
    ended: list[Restart] = []

    async def work() -> None:
        ended.append(await show())

    try:
        run_to_end(work)
    except (ScreenUnavailable, PadMissing) as error:
        print(f"luot: {error}", file=sys.stderr)  # noqa: T201 - the one sentence for people
        raise SystemExit(1) from error
    if any(restart.asked for restart in ended):
        restart_program()
