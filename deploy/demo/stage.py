"""Where the windows stand, which programs play, and the clock that they all run by."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from broker.contract.times import format_instant, parse_instant
from deploy.demo.screen import Place

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from deploy.demo.hall import Hall

FULL = Place(0, 0, 3000, 1920)
"""The whole stage at full size; a smaller screen shows everything smaller."""

WINDOWS = {
    "kiosk-1": Place(0, 0, 1080, 1920),
    "board-1": Place(1080, 0, 1920, 1080),
    "sign-1": Place(1080, 1080, 960, 540),
    "rater-1": Place(2040, 1080, 960, 600),
}


def windows_on(width: int, height: int) -> dict[str, Place]:
    """Scale the stage to a screen, keeping every window's proportions."""
    scale = min(width / FULL.width, height / FULL.height, 1.0)
    return {
        name: Place(*(round(value * scale) for value in (place.x, place.y, place.width, place.height)))
        for name, place in WINDOWS.items()
    }


def last_weekday(today: date) -> date:
    """Give the latest day from Monday to Friday that is not after today."""
    return today - timedelta(days=max(today.weekday() - 4, 0))


@dataclass(frozen=True, slots=True)
class DayClock:
    """The day of the demonstration: its date, its opening, and how fast it goes.

    It shows `opening` after `lead` real seconds: time to start the programs before the first citizen.
    """

    day: date
    zone: ZoneInfo
    speed: float
    lead: float
    opening: str = "07:00"
    anchor: float = field(default_factory=time.monotonic)

    def instant(self, clock_time: str) -> int:
        """Give the instant (ms) of a local time of the day, as `07:00`."""
        hours, minutes = clock_time.split(":")
        local = datetime(self.day.year, self.day.month, self.day.day, int(hours), int(minutes), tzinfo=self.zone)
        return parse_instant(local.astimezone(UTC).isoformat())

    def environment(self) -> dict[str, str]:
        """Give the environment by which every program agrees on the time."""
        return {
            "LUOT_CLOCK": f"{format_instant(self.instant(self.opening))}*{self.speed:g}",
            "LUOT_CLOCK_ANCHOR": f"{self.anchor + self.lead:.6f}",
        }


def spans(hours: list[str], clock: DayClock) -> list[tuple[int, int]]:
    """Read opening hours such as `07:00-11:30` into instants of the day."""
    return [(clock.instant(start), clock.instant(end)) for start, _, end in (text.partition("-") for text in hours)]


@dataclass(frozen=True, slots=True)
class Records:
    """Where the programs write what they showed, said and gave out: one file a device, one JSON object a line."""

    folder: Path

    def of(self, device: str) -> Path:
        """Give a device's file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / f"{device}.jsonl"


async def start_windows(hall: Hall, places: dict[str, Place], records: Records, pictures: Path, wav: Path) -> None:
    """Start the programs that have a window: one of each kind."""
    further = {
        "kiosk-1": ["--record", str(records.of("kiosk-1"))],
        "board-1": ["--record", str(records.of("board-1")), "--voice", "espeak", "--wav-dir", str(wav)],
        "sign-1": ["--record", str(records.of("sign-1"))],
        "rater-1": ["--record", str(records.of("rater-1"))],
    }
    for device, place in places.items():
        kind = device.split("-", maxsplit=1)[0]
        secret = hall.secret(device)
        if kind == "kiosk":
            secret["LUOT_PRINTER_PASSWORD"] = hall.passwords["printer-1"]
        await hall.programs.luot(
            device, kind, *hall.connection(device), "--size", place.size, "--position", place.position,
            "--data", str(hall.folder / "devices" / device), "--screenshots", str(pictures / device), *further[device],
            extra=secret,
        )  # fmt: skip


async def start_others(hall: Hall, windows: dict[str, Place], records: Records) -> None:
    """Start the other signs without a window, and the printers that no kiosk's program drives here."""
    for device in hall.devices("sign"):
        name = device["id"]
        if name not in windows:
            await hall.programs.luot(
                name, "sign", *hall.connection(name), "--no-window", "--data", str(hall.folder / "devices" / name),
                "--record", str(records.of(name)), extra=hall.secret(name),
            )  # fmt: skip
    for device in hall.devices("printer")[1:]:
        name = device["id"]
        await hall.programs.luot(
            name, "printer", *hall.connection(name), "--data", str(hall.folder / "devices" / name),
            extra=hall.secret(name),
        )  # fmt: skip
