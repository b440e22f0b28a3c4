"""The options that the kiosk and the rating pad share beside those of every device, and how they run to their end."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from devices.base.connect import WrongUse, restart_program, run_to_end
from devices.base.event_record import Record
from devices.screen import ScreenUnavailable, WindowSetup

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from broker.runtime.clock import Clock
    from devices.base.device import Device
    from kiosk.screens.screen_stability import Seen

SizeOption = Annotated[str | None, typer.Option("--size", help="The window's size: WIDTHxHEIGHT in pixels.")]
PositionOption = Annotated[str | None, typer.Option("--position", help="Where the window stands: X,Y in pixels.")]
FullscreenOption = Annotated[bool, typer.Option("--fullscreen", help="Fill the screen.")]
PicturesOption = Annotated[
    Path | None, typer.Option("--screenshots", help="A folder for one picture of every screen that was shown.")
]
RecordOption = Annotated[
    Path | None,
    typer.Option(
        "--record", help="A file for one line of JSON about each screen, each number given and each rating answered."
    ),
]


class ScreenTeller:
    """Writes into a record what stands on the screen and when a finger was lifted; never which target it was on."""

    def __init__(self, record: Record, clock: Clock) -> None:
        self._record, self._clock = record, clock

    def stands(self, seen: Seen) -> None:
        """Write down a screen that is laid out."""
        self._record.line(
            "screen", self._clock.now(), screen=seen.screen, face=seen.picture, targets=seen.targets, cut=seen.cut
        )

    def touched(self, screen: str, *, hit: bool) -> None:
        """Write down that a finger was lifted."""
        self._record.line("touched", self._clock.now(), screen=screen, hit=hit)


def screen_teller(file: Path | None, clock: Clock) -> tuple[Record | None, ScreenTeller | None]:
    """Give the record that was asked for, and what writes the screens into it."""
    if file is None:
        return None, None
    record = Record(file)
    return record, ScreenTeller(record, clock)


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
        self._left = asyncio.Event()
        self.asked = False

    def leave(self, restart: bool) -> None:  # noqa: FBT001 - a callback with one value
        """End the program, or begin it anew."""
        self.asked = restart
        self._left.set()

    async def run(self) -> None:
        """Run the device until it is told to restart, or somebody in front of it leaves."""
        leaving = asyncio.create_task(self._left.wait(), name="leaving")
        running = asyncio.create_task(self._device.run(), name="device")
        try:
            await asyncio.wait({leaving, running}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
                self.asked = True
        finally:
            leaving.cancel()
            running.cancel()
            await asyncio.gather(leaving, running, return_exceptions=True)


def run_screen_program(show: Callable[[], Coroutine[None, None, Restart]]) -> None:
    """Run a device with a screen to its end, and begin the program anew when it was told to restart.

    Exit status: as `devices.base.connect.run_to_end`, and 1 with one sentence when no window can be opened.
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
