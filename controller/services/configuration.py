"""The stored configuration of the centre: which version is in force, and how another one comes into force."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from broker.contract.errors import Code, Refused
from controller.domain.centre import parse_centre
from controller.domain.commands import PublishCentre
from controller.services.ports import Version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from broker.clock import Clock
    from controller.domain.centre import Centre
    from controller.services.engine import Engine
    from controller.services.ports import Batch


class Configuration:
    """The version in force, and the only way to change it. `start` must have been awaited before the first question."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._current: Version | None = None
        self._centre: Centre | None = None
        self._publishing = asyncio.Lock()
        self._listeners: list[Callable[[Centre, Centre], None]] = []

    def listen(self, listener: Callable[[Centre, Centre], None]) -> None:
        """Hear of each change, as the configuration before and after it."""
        self._listeners.append(listener)

    async def start(self, version: Version) -> None:
        """Take the version that the engine runs on."""
        self._current = version
        self._centre = await self._engine.ask(lambda hall, _: hall.centre)

    def current(self) -> Version:
        """Give the version in force."""
        if self._current is None:
            raise Refused(Code.TRY_AGAIN, "the configuration has not been read yet")
        return self._current

    def centre(self) -> Centre:
        """Give the configuration in force."""
        if self._centre is None:
            raise Refused(Code.TRY_AGAIN, "the configuration has not been read yet")
        return self._centre

    async def publish(self, data: Mapping[str, Any], *, expected: int, officer: str | None = None) -> Version:
        """Put a configuration in force; raises `CentreFaults`, or `Refused` with `bad_state` when it cannot be.

        `expected` is the version that the caller changed; when another one came in between, that is `bad_state`.
        """
        centre = parse_centre(data)
        async with self._publishing:
            if expected != self.current().version:
                raise Refused(Code.BAD_STATE, f"version {self.current().version} came in between; read it again")
            if centre.id != self.centre().id:
                raise Refused(Code.BAD_STATE, f"this is the store of the centre {self.centre().id}, not of {centre.id}")
            made = Version(expected + 1, self._clock.now(), centre.to_document())

            def keep(batch: Batch) -> None:
                batch.versions.append(made)

            await self._engine.do(PublishCentre(centre=centre, version=made.version, officer=officer), also=keep)
            before, self._current, self._centre = self.centre(), made, centre
            for listener in self._listeners:
                listener(before, centre)
        return made
