"""The highest numbers that a device gave or showed today, on its disk: after a restore the controller asks for them.

A device does not know the series of the centre, so it keeps the highest number of each beginning and length as it is
written: `A354` and `A1002` both, of which the controller makes what its series say.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from broker.runtime.files import write_safely

if TYPE_CHECKING:
    from pathlib import Path

log = structlog.get_logger()

MOST: Final = 64
"""Numbers that are kept; a centre has far fewer series."""
_NUMBER: Final = re.compile(r"([A-ZĐ][A-ZĐ0-9]*?)([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class HighestNumbers:
    """The highest numbers of one local day, in the order in which they were first seen."""

    day: str = ""
    numbers: tuple[str, ...] = ()

    def with_(self, number: str, day: str) -> HighestNumbers:
        """Return them with one more number; one of a kiosk's own series changes nothing.

        One of an earlier day counts to the later: a restore may have taken back a day that a wrong clock had opened.
        """
        if _NUMBER.fullmatch(number) is None:
            return self
        known = self.numbers if day <= self.day else ()
        day, kind = max(day, self.day), _kind(number)
        same = next((one for one in known if _kind(one) == kind), None)
        if same is None:
            return HighestNumbers(day, (*known, number)[-MOST:])
        if number <= same:
            return self
        return HighestNumbers(day, tuple(number if one == same else one for one in known))

    def told(self) -> dict[str, Any]:
        """Return them as they stand in `detail.highest` of the device's state."""
        return {"day": self.day, "numbers": list(self.numbers)}


def _kind(number: str) -> tuple[str, int]:
    """Tell which numbers are comparable: those that begin alike and are as long."""
    return number.rstrip("0123456789"), len(number)


class HighestNumbersFile:
    """The file of one device. `run()` writes it, so that nobody waits for a disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed = asyncio.Event()
        self.known = _read(path)

    def note(self, number: str, at: int, zone: str) -> None:
        """Note a number that was given or called at an instant (milliseconds) in a time zone."""
        known = self.known.with_(number, _day(at, zone))
        if known != self.known:
            self.known = known
            self._changed.set()

    async def run(self) -> None:
        """Keep the file up to date until cancelled; a disk that takes nothing is logged."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await asyncio.to_thread(write_safely, self._path, json.dumps(self.known.told()))
            except OSError:
                log.exception("highest_not_written", file=str(self._path))


def _read(path: Path) -> HighestNumbers:
    try:
        told = json.loads(path.read_text())
        return HighestNumbers(str(told["day"]), tuple(str(number) for number in told["numbers"]))
    except FileNotFoundError:
        return HighestNumbers()
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("highest_unreadable", file=str(path), reason=str(error))
        return HighestNumbers()


def _day(at: int, zone: str) -> str:
    try:
        known = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        known = ZoneInfo("Asia/Ho_Chi_Minh")
    return datetime.fromtimestamp(at / 1000, tz=UTC).astimezone(known).date().isoformat()
