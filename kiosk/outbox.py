"""Offline numbers on disk until the controller has taken them in, and the last number of the kiosk's own series.

outbox/series.json      {"day", "last"}: written before a number is shown, so that none is given twice
outbox/Z1-001_ID.json   one number that waits to be handed in
outbox/refused/         what the controller refused for good: somebody has to look at it
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from broker.contract.times import parse_instant
from broker.handled import write_safely
from kiosk.identity import on_disk
from kiosk.resuming import ticket_given
from kiosk.states import Series

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from broker.contract.payloads import Ticket
    from kiosk.events import Keep

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class HandIn:
    """A number that waits to be handed in: the id of its request, the number, the request's fields."""

    id: str
    number: str
    fields: Mapping[str, Any]

    @property
    def at(self) -> int:
        """When the number was given, in milliseconds."""
        return parse_instant(self.fields["offline"]["at"])

    @property
    def file_name(self) -> str:
        """The name of its file: unique also when numbers begin again the next day."""
        return f"{self.number}_{self.id}.json"


class Outbox:
    """The folder of one kiosk's offline numbers. Its methods block for a disk sync.

    When the disk cannot be written, the number lives in memory: a person in front of the kiosk gets it all the same.
    """

    def __init__(self, folder: Path) -> None:
        (folder / "refused").mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._waiting: dict[str, HandIn] = {entry.id: entry for entry in _read_all(folder)}

    @property
    def waiting(self) -> tuple[HandIn, ...]:
        """What waits to be handed in, in the order it was given."""
        return tuple(sorted(self._waiting.values(), key=lambda entry: (entry.at, entry.number)))

    @property
    def given(self) -> dict[str, Ticket]:
        """The tickets that wait to be handed in, by the request that each replaces."""
        found = {}
        for entry in self._waiting.values():
            with suppress(ValueError, KeyError):
                found[str(entry.fields["offline"]["replaces"])] = ticket_given(entry.id, entry.number, entry.fields)
        return found

    def series(self) -> Series:
        """Give the last number of the own series, as far as the disk knows it."""
        try:
            read = json.loads((self._folder / "series.json").read_text())
            return Series(str(read["day"]), int(read["last"]))
        except FileNotFoundError:
            return Series()
        except (OSError, ValueError, KeyError, TypeError):
            log.exception("series_unreadable", file=str(self._folder / "series.json"))
            return self._series_from_waiting()

    def keep(self, keep: Keep) -> None:
        """Write the series and then the number, without the mark of a person: that lives in memory only."""
        entry = HandIn(keep.id, keep.number, keep.fields)
        self._waiting[entry.id] = entry
        try:
            write_safely(self._folder / "series.json", json.dumps(asdict(keep.series)))
            write_safely(self._folder / entry.file_name, json.dumps({"id": entry.id, "number": entry.number, "fields": on_disk(entry.fields)}))  # fmt: skip  # noqa: E501 - one record
        except OSError:
            log.exception("outbox_not_written", number=entry.number)

    def done(self, entry: HandIn) -> None:
        """Forget a number that the controller has taken in."""
        self._waiting.pop(entry.id, None)
        (self._folder / entry.file_name).unlink(missing_ok=True)

    def refuse(self, entry: HandIn) -> None:
        """Put a number aside that the controller refused for good."""
        self._waiting.pop(entry.id, None)
        file = self._folder / entry.file_name
        if file.exists():
            os.replace(file, self._folder / "refused" / entry.file_name)  # noqa: PTH105 - atomic on one disk

    def _series_from_waiting(self) -> Series:
        """Go on from the highest number that still waits, on a day that no time zone has left yet."""
        last = max((int(entry.number.rpartition("-")[2]) for entry in self._waiting.values()), default=0)
        newest = max((entry.at for entry in self._waiting.values()), default=0)
        ahead = datetime.fromtimestamp(newest / 1000, UTC) + timedelta(hours=14)
        return Series(ahead.date().isoformat() if last else "", last)


def _read_all(folder: Path) -> list[HandIn]:
    found = []
    for file in sorted(folder.glob("*_*.json")):
        try:
            read = json.loads(file.read_text())
            entry = HandIn(read["id"], read["number"], read["fields"])
            entry.at  # noqa: B018 - a file whose instant cannot be read is of no use
        except (OSError, ValueError, KeyError, TypeError):
            log.exception("outbox_file_unreadable", file=str(file))
            continue
        found.append(entry)
    return found
