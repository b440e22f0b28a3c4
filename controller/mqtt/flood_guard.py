"""Flood protection: a device that floods is not read, and is suspended at the broker for a while (contract 2).

    arrival ─▶ admits(topic): one bucket for each device, judged by the topic alone
                 └─▶ beyond it: dropped, counted as `flood`, and the device is suspended; after 30 s it may come back

That a device is suspended is known here and at the broker. A controller that starts knows of none, and its first `sync`
of the credentials lets everybody back.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from broker.contract.channels import ROOT
from broker.link.link import LinkDownError
from broker.server.provision import ControlRefusedError
from controller.mqtt.rate_limit import RateLimit

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.link.link import Link
    from broker.runtime.clock import Clock
    from controller.domain.centre.centre import Centre
    from controller.services.counts import Counts

log = structlog.get_logger()

FLOOD_RATE: Final = 500.0
"""Messages a second of one device that are read, and answered at least with `try_again`; the burst is as large."""
SUSPENDED_S: Final = 30.0
LATE_S: Final = 5.0
"""What still comes of a suspended device so long after was not on its way: the broker has forgotten it."""
LOOK_S: Final = 0.5


class Suspender(Protocol):
    """Who can keep a device from signing in; see `broker.server.provision.Provisioner`."""

    async def suspend(self, device: str) -> bool:
        """End a device's connection and refuse it from now on; False at an unmanaged broker."""
        ...

    async def resume(self, device: str) -> None:
        """Let a suspended device sign in again."""
        ...


class FloodGuard:
    """Protects the link of a controller against floods of one centre's devices."""

    def __init__(
        self, link: Link, suspender: Suspender | None, clock: Clock, counts: Counts, centre: Callable[[], Centre]
    ) -> None:
        self._link = link
        self._suspender = suspender
        self._clock = clock
        self._counts = counts
        self._centre = centre
        self._rate_limit = RateLimit(clock, FLOOD_RATE, FLOOD_RATE)
        self._prefix = f"{ROOT}/{link.centre}/device/"
        self._flooding: set[str] = set()
        self._since: dict[str, float] = {}
        """When each device that is suspended, or that no broker suspends, was last found to flood."""
        self._woken = asyncio.Event()

    def open(self) -> None:
        """Judge every message from now on."""
        self._link.admit(self.admits)

    def admits(self, topic: str) -> bool:
        """Return whether a message may be read; called for each one, so it costs a look into two tables."""
        if not topic.startswith(self._prefix):
            return True
        begin = len(self._prefix)
        device = topic[begin : topic.find("/", begin)]
        is_known = device in self._centre().devices
        if not self._rate_limit.allows(device if is_known else ""):
            if is_known:
                self._note(device)
            return False
        return device not in self._counts.suspended

    def _note(self, device: str) -> None:
        since = self._since.get(device)
        if since is None or (device in self._counts.suspended and self._clock.monotonic() - since > LATE_S):
            self._since[device] = self._clock.monotonic()
            self._flooding.add(device)
            self._woken.set()

    async def run(self) -> None:
        """Suspend those that flood and let them back until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S if self._since else None):
                    await self._woken.wait()
            self._woken.clear()
            while self._flooding:
                await self._suspend(self._flooding.pop())
            now = self._clock.monotonic()
            for device in [one for one, since in self._since.items() if now - since >= SUSPENDED_S]:
                await self._resume(device)

    async def _suspend(self, device: str) -> None:
        self._counts.floods[device] += 1
        try:
            suspended = self._suspender is not None and await self._suspender.suspend(device)
        except LinkDownError as error:
            log.info("suspension_unconfirmed", device=device, reason=str(error))
            suspended = True  # perhaps: it is let back all the same, and suspended again while it goes on
        except ControlRefusedError as error:
            log.warning("device_not_suspended", device=device, reason=str(error))
            suspended = False
        log.error("device_floods", device=device, rate=FLOOD_RATE, suspended=suspended, seconds=SUSPENDED_S)
        if suspended:
            self._counts.suspended.add(device)

    async def _resume(self, device: str) -> None:
        try:
            if device in self._counts.suspended and self._suspender is not None:
                await self._suspender.resume(device)
        except LinkDownError as error:
            log.info("resuming_waits_for_link", device=device, reason=str(error))
            return
        except ControlRefusedError as error:
            log.info("device_not_resumed", device=device, reason=str(error))  # it was removed meanwhile
        self._since.pop(device, None)
        self._counts.suspended.discard(device)
