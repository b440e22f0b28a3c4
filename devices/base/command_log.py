"""Which commands a device has begun and answered, on its disk for 48 hours, so that none is done twice.

One JSON object a line, appended and synced before the work begins and again before its answer is sent; a line that a
power cut tore is skipped. Files are small: a device gets a few hundred commands a day.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from broker.contract.payloads import Result
from broker.runtime.files import write_safely

if TYPE_CHECKING:
    from pathlib import Path

KEPT_MS = 48 * 3600 * 1000
LINES = 1000
"""Lines after which the file is written anew without what is too old."""


@dataclass(frozen=True, slots=True)
class LoggedCommand:
    """One command: when it was begun (milliseconds), and its latest result, None while there is none."""

    id: str
    at: int
    result: Result | None = None

    def line(self) -> str:
        """Give the entry as a line of the file."""
        told: dict[str, Any] = {"id": self.id, "at": self.at}
        if self.result is not None:
            told["result"] = self.result.model_dump(mode="json", exclude_unset=True)
        return json.dumps(told) + "\n"


def parse_line(line: str) -> LoggedCommand | None:
    """Read a line back, or give None for one that is torn."""
    try:
        told = json.loads(line)
        result = Result.model_validate(told["result"]) if "result" in told else None
        return LoggedCommand(str(told["id"]), int(told["at"]), result)
    except (ValueError, KeyError, TypeError):
        return None


class CommandLog:
    """The file of handled commands. Its methods block for a disk sync: call them outside the event loop.

    Age is counted back from the newest entry, not from a clock: a device whose clock jumped forgets nothing.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._lines = 0
        self._torn = False
        self._entries: dict[str, LoggedCommand] = {}
        if path.exists():
            self._read(path.read_text(errors="replace"))
            with suppress(OSError):  # a full disk: it is written anew some other time
                self._compact()

    def get(self, id: str) -> LoggedCommand | None:  # noqa: A002 - the field's name
        """Give what is known of a command, or None; does not touch the disk."""
        return self._entries.get(id)

    def begin(self, id: str, now: int) -> None:  # noqa: A002 - the field's name
        """Note that a command is about to be done; `now` in milliseconds."""
        self._append(LoggedCommand(id, now))

    def finish(self, result: Result, now: int) -> None:
        """Note a result, interim or final; `now` in milliseconds."""
        known = self._entries.get(result.id)
        self._append(LoggedCommand(result.id, known.at if known else now, result))

    def _read(self, content: str) -> None:
        for line in content.splitlines():
            entry = parse_line(line)
            if entry is not None:
                self._entries[entry.id] = entry

    def _append(self, entry: LoggedCommand) -> None:
        self._entries[entry.id] = entry  # also when the disk takes nothing: a repeat gets the first answer
        torn, self._torn = self._torn, True
        with self._path.open("a") as file:
            # A full disk may have taken half of the line before, which must not swallow this one.
            file.write("\n" * torn + entry.line())
            file.flush()
            os.fsync(file.fileno())
        self._torn = False
        self._lines += 1
        if self._lines > LINES:
            self._compact()

    def _compact(self) -> None:
        newest = max((entry.at for entry in self._entries.values()), default=0)
        self._entries = {id_: entry for id_, entry in self._entries.items() if newest - entry.at < KEPT_MS}
        self._lines = 0
        write_safely(self._path, "".join(entry.line() for entry in self._entries.values()))
