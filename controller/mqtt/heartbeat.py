"""The controller says that it lives, and gives way to another that already does (contract 1 and 2)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from broker.contract.channels import CONTROLLER_STATE
from broker.contract.payloads import ControllerState
from broker.link.link import LinkDown

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.link.link import Link, Message
    from broker.runtime.clock import Clock

log = structlog.get_logger()

BEAT_S = 5.0


class AnotherController(Exception):  # noqa: N818 - it names what was heard
    """A live controller of the same centre was heard; this one must not run."""


class Heartbeat:
    """Publishes `controller/state` every 5 real seconds; ends with `AnotherController` when it hears another's.

    While `held` the time is not known: devices are told that nobody is there, and no instant to go by.
    """

    def __init__(self, link: Link, clock: Clock, version: str, held: Callable[[], bool] = lambda: False) -> None:
        self._held = held
        self._link = link
        self._clock = clock
        self._version = version
        self._own: set[str] = set()
        self._another: asyncio.Future[str] | None = None

    def open(self) -> None:
        """Hear controllers from now on."""
        self._another = asyncio.get_running_loop().create_future()
        self._link.on(CONTROLLER_STATE, self._heard)
        self._link.on_connect(self._connected)

    async def run(self) -> None:
        """Beat until cancelled; `AnotherController` when one is heard."""
        while True:
            self._beat()
            try:
                async with asyncio.timeout(BEAT_S):
                    session = await asyncio.shield(self._other())
            except TimeoutError:
                continue
            raise AnotherController(
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
        except LinkDown as error:
            log.info("heartbeat_without_link", reason=str(error))

    async def _heard(self, message: Message[ControllerState]) -> None:
        state = message.payload
        if state is None or state.session == self._link.session:
            return
        if not state.online:
            # A will of a former session came after the birth of this one, and stands retained in its place.
            self._beat()
        elif not message.retained and state.session not in self._own and not self._other().done():
            self._other().set_result(state.session)
