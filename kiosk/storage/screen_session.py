"""What stands on the screen, on disk at each change of it: a process that was killed comes back to the same screen.

    standing = Standing(folder / "standing.jsonl", boot_id())
    standing.note(state, ask, real)        # before any request leaves; a write to the page cache, no sync
    kept = standing.kept()                 # what the process before this one left, or None

A line holds the view with all that it holds, tagged by the names of its classes, but never the mark of a person. The
file is emptied when the view ends, and what another boot of the machine left is not read: after a power cut nobody
stands there any more.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from pydantic import BaseModel

from broker.contract.payloads import Ticket
from kiosk.flow import accessibility, rating_scale
from kiosk.flow import state as state_module
from kiosk.flow.effects import Ask
from kiosk.flow.person_marks import on_disk

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger()

KEPT = ("view", "lang", "modes", "priority", "touched", "outcome")
"""The fields of the state that belong to the person in front of the kiosk."""
STANDING = "standing.jsonl"
LONGEST = 64 * 1024
"""The bytes after which the file begins anew with its last line."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")

_KNOWN: dict[str, type] = {
    found.__name__: found
    for module in (state_module, rating_scale, accessibility)
    for found in vars(module).values()
    if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum))
} | {"Ticket": Ticket}


@dataclass(frozen=True, slots=True)
class SavedSession:
    """What was on the screen: fields of the state, the request in flight, and when, in seconds since the boot."""

    fields: Mapping[str, Any]
    ask: Ask | None
    real: float


def boot_id() -> str:
    """Name this boot of the machine; empty where it has no name, and then nothing is taken up."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""


# ---- values and JSON; pure ----


def packed(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Give a value as JSON; what could not be read back is a TypeError."""
    if isinstance(value, Enum) and (type(value).__name__ in _KNOWN or not isinstance(value, str)):
        return _tagged(type(value), value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, BaseModel):
        return _tagged(type(value), value.model_dump(mode="json"))
    if is_dataclass(value) and not isinstance(value, type):
        return _tagged(
            type(value),
            {part.name: packed(getattr(value, part.name)) for part in fields(value) if part.metadata.get("kept", True)},
        )
    if isinstance(value, tuple):
        return {"is": "tuple", "of": [packed(part) for part in value]}
    if isinstance(value, frozenset):
        return {"is": "set", "of": sorted((packed(part) for part in value), key=json.dumps)}
    if isinstance(value, Mapping):
        return {"is": "map", "of": {str(key): packed(part) for key, part in value.items()}}
    raise TypeError(f"a {type(value).__name__} cannot be kept")


def unpacked(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Give the value of its JSON; what has no known form is a ValueError or a TypeError."""
    if not isinstance(value, dict):
        return value
    tag, of = value["is"], value["of"]
    if tag == "tuple":
        return tuple(unpacked(part) for part in of)
    if tag == "set":
        return frozenset(unpacked(part) for part in of)
    if tag == "map":
        return {key: unpacked(part) for key, part in of.items()}
    kind = _KNOWN.get(tag)
    if kind is None:
        raise ValueError(f"nothing known is called {tag!r}")
    if issubclass(kind, BaseModel):
        return kind.model_validate(of)
    return kind(of) if issubclass(kind, Enum) else kind(**{name: unpacked(part) for name, part in of.items()})


def _tagged(kind: type, of: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON of any shape
    if kind.__name__ not in _KNOWN:
        raise TypeError(f"a {kind.__name__} cannot be kept")
    return {"is": kind.__name__, "of": of}


def to_line(kept: SavedSession, boot: str) -> str:
    """Give what is kept as one line."""
    ask = kept.ask and {"id": kept.ask.id, "op": kept.ask.op, "fields": on_disk(kept.ask.fields)}
    state = {name: packed(value) for name, value in kept.fields.items()}
    return json.dumps({"boot": boot, "real": kept.real, "ask": ask, "state": state}, ensure_ascii=False) + "\n"


def from_line(line: str, boot: str) -> SavedSession | None:
    """Read a line of this boot back; None for another boot's, a torn one, and one of another version."""
    try:
        told = json.loads(line)
        if not boot or told["boot"] != boot:
            return None
        ask = Ask(told["ask"]["id"], told["ask"]["op"], told["ask"]["fields"]) if told["ask"] else None
        kept = {str(name): unpacked(value) for name, value in told["state"].items() if name in KEPT}
        return SavedSession(kept, ask, float(told["real"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


# ---- the file ----


class ScreenSession:
    """The file of one kiosk's screen. What is written is with the kernel at once: a killed process loses none of it."""

    def __init__(self, file: Path, boot: str, write: Callable[[int, bytes], int] = os.write) -> None:
        self._file = file
        self._append = write
        self._boot = boot
        self._noted: tuple[Any, ...] = ()
        self._descriptor, self._size = -1, 0
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._size = os.fstat(self._descriptor).st_size
        except OSError:
            log.exception("standing_not_open", file=str(file))  # a kiosk without this file is one all the same

    def kept(self) -> SavedSession | None:
        """Give the last thing that the process before this one noted, or None."""
        try:
            lines = self._file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return None
        return next((kept for line in reversed(lines) if (kept := from_line(line, self._boot))), None)

    def note(self, state: state_module.State, ask: Ask | None, real: float) -> None:
        """Note what stands, where it differs from what was noted; the first screen in the first language is nothing."""
        known = {name: getattr(state, name) for name in KEPT}
        noted = () if _is_nothing(state) else (*known.values(), ask and ask.id)
        if noted == self._noted:
            return
        self._noted = noted
        try:
            if noted:
                self._write(to_line(SavedSession(known, ask, real), self._boot))
            else:
                self.clear()
        except (OSError, TypeError):
            # Half a line, or an older one, would bring back what is over.
            log.exception("standing_not_written", file=str(self._file))
            with suppress(OSError):
                self.clear()

    def clear(self) -> None:
        """Forget what stood."""
        os.ftruncate(self._descriptor, 0)
        self._size = 0

    def close(self) -> None:
        """Close the file; nothing is noted after."""
        os.close(self._descriptor)

    def _write(self, line: str) -> None:
        raw = line.encode()
        if self._size + len(raw) > LONGEST:
            fresh = self._file.with_name(f"{self._file.name}.fresh")
            fresh.write_bytes(raw)
            fresh.chmod(0o600)
            fresh.replace(self._file)
            os.close(self._descriptor)
            self._descriptor = os.open(self._file, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
            self._size = len(raw)
        elif self._append(self._descriptor, raw) != len(raw):
            raise OSError(f"{self._file} took only a part of a line")
        else:
            self._size += len(raw)


def _is_nothing(state: state_module.State) -> bool:
    if isinstance(state.view, state_module.Pin | state_module.Staff):
        return True  # a PIN is never on disk, and a crash leaves the staff's menu
    first = state.config is None or state.lang == state.config.languages[0]
    return isinstance(state.view, state_module.Welcome) and first and not state.modes
