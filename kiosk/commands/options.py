"""The options that the kiosk and the rating pad share beside those of every device, and their window."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from devices.base.connect import UsageError
from devices.base.event_record import Record
from devices.screen import WindowSetup
from devices.screen.options import fullscreen_option, parse_pair, position_option, size_option

if TYPE_CHECKING:
    from broker.runtime.clock import Clock
    from devices.base.device import Device
    from kiosk.screens.screen_stability import Observation

SizeOption = Annotated[str | None, size_option()]
PositionOption = Annotated[str | None, position_option()]
FullscreenOption = Annotated[bool, fullscreen_option()]
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

    def stands(self, seen: Observation) -> None:
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


def window(kind: str, device: str, size: str | None, position: str | None, *, fullscreen: bool) -> WindowSetup:
    """Give the window that the options mean; UsageError when they are not of their form. Only a full one is locked."""
    pixels = parse_pair(size, "x", "--size", "1080x1920")
    if pixels is not None and min(pixels) < 200:
        raise UsageError(f"--size {size!r} is too small to be used: give at least 200x200")
    place = parse_pair(position, ",", "--position")
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
