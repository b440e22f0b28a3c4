"""The controller's heartbeat, and the end of a second controller of one centre (contract 1 and 2)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from broker.contract.channels import CONTROLLER_STATE
from broker.contract.payloads import ControllerState
from broker.link.link import LinkDownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.link.link import Link, Message
    from broker.runtime.clock import Clock

log = structlog.get_logger()

BEAT_S = 5.0


class AnotherControllerError(Exception):
    """Another live controller of the same centre was found; this one must not run."""


class Heartbeat:
    """Publishes `controller/state` every 5 real seconds; ends with `AnotherControllerError` when another publishes too.

    While `held` the time is not known: the controller is published as offline and without an instant.
    """

    def __init__(self, link: Link, clock: Clock, version: str, held: Callable[[], bool] = lambda: False) -> None:
        self._held = held
        self._link = link
        self._clock = clock
        self._version = version
        self._own: set[str] = set()
        self._another: asyncio.Future[str] | None = None

    def open(self) -> None:
        """Subscribe to the states of controllers."""
        self._another = asyncio.get_running_loop().create_future()
        self._link.on(CONTROLLER_STATE, self._received)
        self._link.on_connect(self._connected)

    async def run(self) -> None:
        """Beat until cancelled; `AnotherControllerError` when another is live."""
        while True:
            self._beat()
            try:
                async with asyncio.timeout(BEAT_S):
                    session = await asyncio.shield(self._other())
            except TimeoutError:
                continue
            raise AnotherControllerError(
                f"another controller of {self._link.centre} is live (session {session}): stop it, then start this one"
            )

    def _other(self) -> asyncio.Future[str]:
        if self._another is None:
            raise RuntimeError("open() comes before run()")
        return self._another

    async def _connected(self) -> None:
        self._beat()

    def _beat(self) -> None:
        if self._link.connected:
            self._post()

    def _post(self) -> None:
        self._own.add(self._link.session)
        at = None if self._held() else self._clock.now()
        state = ControllerState(online=at is not None, session=self._link.session, version=self._version, at=at)
        try:
            self._link.post(CONTROLLER_STATE, state)
        except LinkDownError as error:
            log.info("heartbeat_without_link", reason=str(error))

    async def _received(self, message: Message[ControllerState]) -> None:
        state = message.payload
        if state is None or state.session == self._link.session:
            return
        if not state.online:
            # A will of a former session came after the birth of this one, and is retained in its place.
            self._beat()
        elif not message.retained and state.session not in self._own and not self._other().done():
            self._other().set_result(state.session)
