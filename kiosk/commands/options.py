"""The options that the kiosk and the rating pad share beside those of every device, and how they run to their end."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from broker.connect import WrongUse, restart_program, run_to_end
from broker.record import Record
from broker.screen import ScreenUnavailable, WindowSetup

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from broker.clock import Clock
    from broker.device import Device

    ScreenTeller = Callable[[str, dict[str, tuple[int, int]]], None]

SizeOption = Annotated[str | None, typer.Option("--size", help="The window's size: WIDTHxHEIGHT in pixels.")]
PositionOption = Annotated[str | None, typer.Option("--position", help="Where the window stands: X,Y in pixels.")]
FullscreenOption = Annotated[bool, typer.Option("--fullscreen", help="Fill the screen.")]
PicturesOption = Annotated[
    Path | None, typer.Option("--screenshots", help="A folder for one picture of every screen that was shown.")
]
RecordOption = Annotated[
    Path | None, typer.Option("--record", help="A file for one line of JSON about each screen and each number given.")
]


def screen_teller(file: Path | None, clock: Clock) -> tuple[Record | None, ScreenTeller | None]:
    """Give the record that was asked for, and what writes the screens into it."""
    if file is None:
        return None, None
    record = Record(file)

    def tell(name: str, targets: dict[str, tuple[int, int]]) -> None:
        record.line("screen", clock.now(), screen=name, targets=targets)

    return record, tell


def two_numbers(text: str | None, sign: str, option: str) -> tuple[int, int] | None:
    """Read two whole numbers with a sign between; None stays None, anything else is WrongUse."""
    if text is None:
        return None
    found = re.fullmatch(rf"(-?\d{{1,5}}){sign}(-?\d{{1,5}})", text)
    if found is None:
        raise WrongUse(f"{option} {text!r} is not of the form {'1080x1920' if sign == 'x' else '0,0'}")
    return int(found[1]), int(found[2])


def window(kind: str, device: str, size: str | None, position: str | None, *, fullscreen: bool) -> WindowSetup:
    """Give the window that the options mean; WrongUse when they are not of their form. Only a full one is locked."""
    pixels = two_numbers(size, "x", "--size")
    if pixels is not None and min(pixels) < 200:
        raise WrongUse(f"--size {size!r} is too small to be used: give at least 200x200")
    place = two_numbers(position, ",", "--position")
    return WindowSetup(kind, f"Lượt – {device}", pixels, place, fullscreen, locked=fullscreen)


class Restart:
    """Runs a device, and remembers whether it was told to restart."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self.asked = False

    async def run(self) -> None:
        """Run the device until it is told to restart."""
        await self._device.run()
        self.asked = True


def run_screen_program(show: Callable[[], Coroutine[None, None, Restart]]) -> None:
    """Run a device with a screen to its end, and begin the program anew when it was told to restart.

    Exit status: as `broker.connect.run_to_end`, and 1 with one sentence when no window can be opened.
    """
    ended: list[Restart] = []

    async def work() -> None:
        ended.append(await show())

    try:
        run_to_end(work)
    except ScreenUnavailable as error:
        print(f"luot: {error}", file=sys.stderr)  # noqa: T201 - the one sentence for people
        raise SystemExit(1) from error
    if any(restart.asked for restart in ended):
        restart_program()
