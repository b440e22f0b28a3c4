"""Offline numbers on disk until the controller has taken them in, and the last number of the kiosk's own series.

outbox/series.json      {"day", "last", "sure"}: written before a number is shown, so that none is given twice
outbox/Z1-001_ID.json   one number that waits to be handed in
outbox/room             kept back for numbers on a disk that is full otherwise
outbox/refused/         what the controller refused for good: somebody has to look at it
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import structlog

from broker.contract.times import parse_instant
from broker.runtime.files import write_safely
from kiosk.flow.person_marks import on_disk
from kiosk.flow.rejected_tickets import RefusedNumber
from kiosk.flow.series import Series
from kiosk.storage.resume import ticket_given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from broker.contract.payloads import Text, Ticket
    from broker.runtime.clock import Clock
    from kiosk.flow.effects import KeepOffline

log = structlog.get_logger()

SERIES = "series.json"
ROOM = "room"
REFUSED = "refused"
ROOM_BYTES = 512 * 1024
"""Kept back for the numbers of a day on a disk that others have filled."""


@dataclass(frozen=True, slots=True)
class OfflineTicket:
    """A number that waits to be handed in: the id of its request, the number, the request's fields.

    `real` is when it was given, in seconds of the monotonic clock; None when that was before the machine was started.
    `name` is what its service was called.
    """

    id: str
    number: str
    fields: Mapping[str, Any]
    real: float | None = None
    name: Text = field(default_factory=dict)

    @property
    def at(self) -> int:
        """When the number was given, in milliseconds."""
        return parse_instant(self.fields["offline"]["at"])

    def sent_at(self, clock: Clock) -> int:
        """Give the instant that the clock which dated the number would show now, however it was set since.

        The controller adds to the number's instant what lies between this and the arrival (contract 4).
        """
        if self.real is None:
            return clock.now()
        return self.at + int((clock.monotonic() - self.real) * 1000 * clock.speed)

    @property
    def file_name(self) -> str:
        """The name of its file: unique also when numbers begin again the next day."""
        return f"{self.number}_{self.id}.json"


class Outbox:
    """The folder of one kiosk's offline numbers. Its methods block for a disk sync.

    When the disk is full, room that was kept back is given up for the numbers. When it takes nothing at all, a number
    lives in memory and `keep` says so; `retry` writes it as soon as that can be done. `boot` names this boot of the
    machine (`kiosk.storage.screen_session.boot_id`): seconds of another one say nothing.
    """

    def __init__(self, folder: Path, write: Callable[[Path, str], None] = write_safely, *, boot: str = "") -> None:
        self._folder = folder
        self._write = write
        self._boot = boot
        self._waiting: dict[str, OfflineTicket] = {entry.id: entry for entry in _read_all(folder, boot)}
        self._unwritten: dict[str, KeepOffline] = {}
        self._newest = Series()
        self._writable = self._takes()
        self._refused = list(_read_refused(folder / REFUSED))

    @property
    def refused(self) -> tuple[RefusedNumber, ...]:
        """What the controller refused for good, in the order in which it did."""
        return tuple(sorted(self._refused, key=lambda one: one.at))

    @property
    def takes(self) -> bool:
        """Tell whether the disk has taken what it was last given."""
        return self._writable

    def _takes(self) -> bool:
        """Tell whether the disk takes anything, by keeping room back on it."""
        try:
            (self._folder / REFUSED).mkdir(parents=True, exist_ok=True)
            if not (self._folder / ROOM).exists():
                self._write(self._folder / ROOM, "." * ROOM_BYTES)
        except OSError:
            log.exception("outbox_not_writable", folder=str(self._folder))
            return False
        return True

    @property
    def waiting(self) -> tuple[OfflineTicket, ...]:
        """What waits to be handed in, in the order it was given."""
        return tuple(sorted(self._waiting.values(), key=_order))

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
            read = json.loads((self._folder / SERIES).read_text())
            return Series(str(read["day"]), int(read["last"]), bool(read.get("sure", False)))
        except FileNotFoundError:
            return self._series_from_waiting()
        except (OSError, ValueError, KeyError, TypeError):
            log.exception("series_unreadable", file=str(self._folder / SERIES))
            return self._series_from_waiting()

    def keep(self, keep: KeepOffline) -> bool:
        """Write the series and then the number, without the mark of a person: that lives in memory only.

        False when the disk does not take it: it is written once it can be.
        """
        self._waiting[keep.id] = OfflineTicket(keep.id, keep.number, keep.fields, keep.real, keep.name)
        self._newest = keep.series
        if self._written(keep) or (self._make_room() and self._written(keep)):
            return True
        self._unwritten[keep.id] = keep
        self._writable = False
        return False

    def learn(self, series: Series) -> None:
        """Write a series that others know better than this disk; one that is not written is learnt again."""
        self._newest = series
        try:
            self._write(self._folder / SERIES, json.dumps(asdict(series)))
        except OSError:
            log.exception("series_not_written", day=series.day, last=series.last)

    def retry(self) -> tuple[str, ...]:
        """Try again to write what could not be, and to keep room back; give the numbers that are on disk now."""
        if self.takes and (self._folder / ROOM).exists():
            return ()
        stored = tuple(keep for keep in self._unwritten.values() if self._written(keep))
        for keep in stored:
            del self._unwritten[keep.id]
        self._writable = not self._unwritten and self._takes()
        return tuple(keep.number for keep in stored)

    def done(self, entry: OfflineTicket) -> None:
        """Forget a number that the controller has taken in; a file that stays is handed in again, to no effect."""
        self._forget(entry)
        try:
            (self._folder / entry.file_name).unlink(missing_ok=True)
        except OSError:
            log.exception("outbox_file_stays", number=entry.number)

    def _forget(self, entry: OfflineTicket) -> None:
        self._waiting.pop(entry.id, None)
        self._unwritten.pop(entry.id, None)

    def refuse(self, entry: OfflineTicket, code: str, at: int) -> RefusedNumber:
        """Put a number aside that the controller refused for good at an instant; gives what is to be told of it."""
        refused = _refused(entry, code, at)
        self._refused.append(refused)
        content = json.loads(self._content(entry)) | {"refused": {"code": code, "at": at}}
        try:
            self._write(self._folder / REFUSED / entry.file_name, json.dumps(content))
        except OSError:
            # Its file stays, so it is handed in and refused again after a restart.
            log.exception("refused_not_written", number=entry.number)
            self._forget(entry)
            return refused
        self.done(entry)
        return refused

    def _written(self, keep: KeepOffline) -> bool:
        entry = self._waiting[keep.id]
        try:
            # The newest one: a number that is written late must not take the series back below a later number.
            self._write(self._folder / SERIES, json.dumps(asdict(self._newest)))
            self._write(self._folder / entry.file_name, self._content(entry))
        except OSError:
            log.exception("outbox_not_written", number=entry.number)
            return False
        return True

    def _content(self, entry: OfflineTicket) -> str:
        told = {"id": entry.id, "number": entry.number, "name": entry.name, "fields": on_disk(entry.fields)}
        return json.dumps(told | {"real": entry.real, "boot": self._boot})

    def _make_room(self) -> bool:
        """Give up the room that was kept back; False when there is none left."""
        try:
            (self._folder / ROOM).unlink()
        except OSError:
            return False
        log.warning("outbox_room_given_up", folder=str(self._folder))
        return True

    def _series_from_waiting(self) -> Series:
        """Go on from the highest number that still waits, whichever day it was given on."""
        last = max((int(entry.number.rpartition("-")[2]) for entry in self._waiting.values()), default=0)
        return Series(last=last, sure=not last)


def _order(entry: OfflineTicket) -> tuple[bool, float, int, str]:
    """What was given since the machine was started comes after the rest, and in its own order whatever clocks did."""
    return (entry.real is not None, entry.real or 0.0, entry.at, entry.number)


def _read_all(folder: Path, boot: str) -> list[OfflineTicket]:
    found = []
    for file in sorted(folder.glob("*_*.json")):
        try:
            read = json.loads(file.read_text())
            real = float(read["real"]) if boot and read.get("boot") == boot else None
            entry = OfflineTicket(read["id"], read["number"], read["fields"], real, read.get("name", {}))
            entry.at  # noqa: B018 - a file whose instant cannot be read is of no use
        except (OSError, ValueError, KeyError, TypeError):
            log.exception("outbox_file_unreadable", file=str(file))
            continue
        found.append(entry)
    return found


def _refused(entry: OfflineTicket, code: str, at: int) -> RefusedNumber:
    token, service = str(entry.fields["offline"]["token"]), str(entry.fields["service"])
    return RefusedNumber(entry.number, token, service, entry.name, code, at)


def _read_refused(folder: Path) -> Iterator[RefusedNumber]:
    """Read what was put aside; a file that does not tell why was put aside by a version that did not."""
    for entry in _read_all(folder, ""):
        try:
            told = json.loads((folder / entry.file_name).read_text())["refused"]
            yield _refused(entry, str(told["code"]), int(told["at"]))
        except (OSError, ValueError, KeyError, TypeError):
            log.info("refused_untold", number=entry.number)
