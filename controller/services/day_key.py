"""The key of the day, from which kiosks make marks of persons: one number a person and day, without knowing who.

A random key is made when a kiosk first asks on a day, where the configuration wants it. It is kept in memory and in one
file outside the store, so that it is in no backup, and destroyed when its day is over, when it is no longer wanted, and
at a start on another day. From then on no mark can be made again, so none can be tied to a person.
"""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from broker.contract.errors import RefusedError
from controller.domain.queue.evolve import day_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.domain.queue.hall import Hall
    from controller.services.engine.engine import Engine

log = structlog.get_logger()

BYTES: Final = 32
LOOK_S: Final = 1.0
"""Real seconds between two looks at whether the day is over."""


@dataclass(frozen=True, slots=True)
class Key:
    """The key of one local day."""

    day: str
    secret: bytes = field(repr=False)


class KeyFile(Protocol):
    """Where the key of the day outlasts a restart. Every method may raise OSError."""

    def read(self) -> Key | None:
        """Give the key that is there, or None; one that cannot be read is none."""
        ...

    def write(self, key: Key) -> None:
        """Put a key in place of the one that was there."""
        ...

    def destroy(self) -> None:
        """Overwrite and remove what is there."""
        ...


class DayKey:
    """Makes, tells and destroys the key of the day."""

    def __init__(self, engine: Engine, file: KeyFile, random: Callable[[int], bytes]) -> None:
        self._engine = engine
        self._file = file
        self._random = random
        self._key: Key | None = None
        self._known = False
        self._turn = asyncio.Lock()

    async def tell(self) -> dict[str, str] | None:
        """Give a kiosk the day and its key; None where no service wants one."""
        day = await self._engine.ask(_wanted)
        if day is None:
            return None
        async with self._turn:
            await self._drop_unless(day)
            key = self._key or await self._make(day)
        return {"day": key.day, "key": base64.urlsafe_b64encode(key.secret).decode().rstrip("=")}

    async def look(self) -> None:
        """Destroy a key whose day is over, or that nothing wants."""
        day = await self._engine.ask(_wanted)
        async with self._turn:
            await self._drop_unless(day)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.look()
            except (RefusedError, OSError) as error:
                log.warning("day_key_not_destroyed", reason=str(error))
            await asyncio.sleep(LOOK_S)

    async def _drop_unless(self, day: str | None) -> None:
        if not self._known:
            self._key = await asyncio.to_thread(self._file.read)
            if self._key is None or self._key.day != day:
                await asyncio.to_thread(self._file.destroy)
                self._key = None
            self._known = True
        elif self._key is not None and self._key.day != day:
            self._key = None
            await asyncio.to_thread(self._destroy)

    def _destroy(self) -> None:
        try:
            self._file.destroy()
        except OSError:
            self._known = False  # looked at again at the next look
            raise

    async def _make(self, day: str) -> Key:
        self._key = Key(day, self._random(BYTES))
        try:
            await asyncio.to_thread(self._file.write, self._key)
        except OSError as error:
            # Marks hold until a restart; a number is worth more than a mark.
            log.warning("day_key_in_memory_only", reason=str(error))
        return self._key


def _wanted(hall: Hall, now: int) -> str | None:
    return str(day_of(hall, now)) if hall.centre.card_services else None
