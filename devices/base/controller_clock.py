"""The controller's clock as a device knows it, and whether the controller is alive.

A device's own clock may be wrong by years (a board without a battery), so it judges ages by the last live
`controller/state` plus its monotonic clock. It is a `broker.runtime.clock.Clock` and stands in for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broker.contract.channels import CONTROLLER_STATE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from broker.contract.payloads import ControllerState
    from broker.link.link import Link, Message
    from broker.runtime.clock import Clock

STALE_S = 15.0
"""Real seconds without a live `controller/state` after which what a device shows is out of date."""


@dataclass(frozen=True, slots=True)
class _Heard:
    at: int
    monotonic: float


class ControllerClock:
    """Follows `controller/state` on a link.

    Before the first live one, the time is the later of the device's own and the retained one's: that is at most 5 s
    late while the controller lives, but days where it lives no more, and no clock is behind it for a good reason.
    """

    def __init__(self, link: Link, clock: Clock) -> None:
        self._clock = clock
        self._heard: _Heard | None = None
        self._known = False
        self._alive_at: float | None = None
        self._first: list[Callable[[], Awaitable[None]]] = []
        self._session: str | None = None
        self._sessions: list[Callable[[], Awaitable[None]]] = []
        link.on(CONTROLLER_STATE, self._hear)

    @property
    def speed(self) -> float:
        """Milliseconds of `now()` that pass in one real millisecond."""
        return self._clock.speed

    def now(self) -> int:
        """Milliseconds since 1970 UTC by the controller's clock, as well as it is known."""
        if self._heard is None:
            return self._clock.now()
        passed = self._clock.monotonic() - self._heard.monotonic
        return self._heard.at + int(passed * 1000 * self._clock.speed)

    def monotonic(self) -> float:
        """Real seconds from an arbitrary start."""
        return self._clock.monotonic()

    @property
    def alive(self) -> bool:
        """Tell whether a live `controller/state` was heard in the last 15 real seconds."""
        return self._alive_at is not None and self._clock.monotonic() - self._alive_at < STALE_S

    @property
    def known(self) -> bool:
        """Tell whether the controller's time has been heard live."""
        return self._known

    def on_first(self, handler: Callable[[], Awaitable[None]]) -> None:
        """Run something when the controller's time becomes known."""
        self._first.append(handler)

    def on_session(self, handler: Callable[[], Awaitable[None]]) -> None:
        """Run something whenever a controller is heard that was started anew."""
        self._sessions.append(handler)

    async def _hear(self, message: Message[ControllerState]) -> None:
        state = message.payload
        if state is None or (message.retained and self._known):
            return
        if state.at is not None and not (message.retained and state.at < self.now()):
            self._heard = _Heard(state.at, message.received)
        if message.retained:
            return
        self._alive_at = message.received if state.online else None
        if state.online and not self._known:
            self._known = True
            for handler in self._first:
                await handler()
        if state.online and state.session != self._session:
            self._session = state.session
            for handler in self._sessions:
                await handler()
