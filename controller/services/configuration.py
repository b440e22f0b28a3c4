"""The stored configuration of the centre: which version is in force, and how another one comes into force."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog

from broker.contract.errors import Code, RefusedError
from controller.domain.centre.centre import CentreFaults, parse_centre
from controller.domain.commands import PublishCentre
from controller.domain.decide import decide
from controller.domain.decision.decision import DecisionContext
from controller.services.journal.ports import Version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from broker.runtime.clock import Clock
    from controller.domain.centre.centre import Centre
    from controller.domain.queue.hall import Hall
    from controller.services.engine.engine import Engine
    from controller.services.journal.ports import WriteBatch

log = structlog.get_logger()


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
        """Take the version that the engine runs on; where it is damaged, what the engine uses in its place."""
        self._centre = centre = await self._engine.ask(lambda hall, _: hall.centre)
        try:
            parse_centre(version.data, stored=True)
        except CentreFaults:
            version = replace(version, data=centre.to_document())
        self._current = version
        for place in centre.disabled:
            log.warning("configuration_disabled", place=place, do="change it; until then it is not used")

    def current(self) -> Version:
        """Give the version in force."""
        if self._current is None:
            raise RefusedError(Code.TRY_AGAIN, "the configuration has not been read yet")
        return self._current

    def centre(self) -> Centre:
        """Give the configuration in force."""
        if self._centre is None:
            raise RefusedError(Code.TRY_AGAIN, "the configuration has not been read yet")
        return self._centre

    async def check(self, data: Mapping[str, Any]) -> None:
        """Raise what `publish` would raise now for a configuration, and change nothing."""
        centre = parse_centre(data)
        self._check_id(centre)
        command = PublishCentre(centre=centre, version=self.current().version + 1)
        await self._engine.ask(lambda hall, now: _try(hall, command, now))

    async def publish(
        self,
        data: Mapping[str, Any],
        *,
        expected: int,
        officer: str | None = None,
        also: Callable[[WriteBatch], None] | None = None,
    ) -> Version:
        """Put a configuration in force; raises `CentreFaults`, or `Refused` with `bad_state` when it cannot be.

        `expected` is the version that the caller changed; when another one came in between, that is `bad_state`.
        The credentials of devices that it removes go in the same transaction, and so does what an earlier device of a
        new one's name may have left; `also` adds rows to it.
        """
        centre = parse_centre(data)
        async with self._publishing:
            if expected != self.current().version:
                raise RefusedError(Code.BAD_STATE, f"version {self.current().version} came in between; read it again")
            self._check_id(centre)
            made = Version(expected + 1, self._clock.now(), centre.to_document())

            def keep(batch: WriteBatch) -> None:
                batch.versions.append(made)
                batch.revoked.extend(sorted(self.centre().devices.keys() ^ centre.devices.keys()))
                if also is not None:
                    also(batch)

            await self._engine.do(PublishCentre(centre=centre, version=made.version, officer=officer), also=keep)
            before, self._current, self._centre = self.centre(), made, centre
            for listener in self._listeners:
                try:
                    listener(before, centre)
                except Exception:
                    # It is in force all the same, and the others hear of it.
                    log.exception("configuration_listener_failed")
        return made

    async def also(self, also: Callable[[WriteBatch], None]) -> None:
        """Write rows beside the configuration, which stays as it is."""
        await self._engine.do(None, also=also)

    def _check_id(self, centre: Centre) -> None:
        if centre.id != self.centre().id:
            raise RefusedError(
                Code.BAD_STATE, f"this is the store of the centre {self.centre().id}, not of {centre.id}"
            )


def _try(hall: Hall, command: PublishCentre, now: int) -> None:
    """Decide a publication and drop the decision: ids are of no consequence."""
    decide(hall, command, DecisionContext(now, str, str))
