"""The last known state of a display on disk, so that it shows something at once after a restart."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Generic, TypeVar

import structlog

from broker.contract.payloads import Payload
from broker.runtime.files import write_safely

if TYPE_CHECKING:
    from pathlib import Path

P = TypeVar("P", bound=Payload)
log = structlog.get_logger()

PAUSE_S = 1.0
"""At most one write in this time; the state of the last second before a power cut is heard again anyway."""


class LastKnown(Generic[P]):
    """One payload in one file; `run()` writes it when it has changed."""

    def __init__(self, path: Path, kind: type[P]) -> None:
        self._path = path
        self._kind = kind
        self._latest: P | None = None
        self._changed = asyncio.Event()

    def load(self) -> P | None:
        """Give what stands on disk; None when there is nothing or it cannot be read."""
        try:
            return self._kind.model_validate(json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.warning("last_state_unreadable", path=self._path.name, reason=type(error).__name__)
            return None

    def keep(self, payload: P) -> None:
        """Have a payload written soon."""
        self._latest = payload
        self._changed.set()

    async def run(self) -> None:
        """Write what changes until cancelled; what is still to be written is written then."""
        try:
            while True:
                await self._changed.wait()
                await asyncio.to_thread(self._write)
                await asyncio.sleep(PAUSE_S)
        finally:
            self._write()

    def _write(self) -> None:
        if not self._changed.is_set() or self._latest is None:
            return
        self._changed.clear()
        try:
            write_safely(self._path, self._latest.model_dump_json())
        except OSError as error:
            log.warning("last_state_not_written", path=self._path.name, reason=str(error))
