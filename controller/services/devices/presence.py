"""Who is there: births, heartbeats and wills of devices (contract 2)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from broker.runtime.clock import real_seconds

if TYPE_CHECKING:
    from broker.contract.payloads import DeviceState
    from broker.runtime.clock import Clock

ALIVE_S = 75.0
"""A birth or heartbeat older than this many real seconds means: offline."""


@dataclass(frozen=True, slots=True)
class DevicePresence:
    """The last that was heard of a device; `gone` once the will of that very session came."""

    session: str
    at: int
    version: str | None
    detail: dict[str, Any] = field(default_factory=dict)
    gone: bool = False


class Presence:
    """The last birth of each device, and whether it still holds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[str, DevicePresence] = {}
        self._births: dict[str, int] = {}
        self.news = asyncio.Event()
        """Set whenever a device was heard; whoever waits for it clears it before."""

    def heard(self, device: str, state: DeviceState) -> None:
        """Take a birth, a heartbeat or a will; a will of another session than the last birth is ignored."""
        self.news.set()
        last = self._seen.get(device)
        if state.online:
            at = self._clock.now() if state.at is None else state.at
            if last is None or last.session != state.session:
                self._births[device] = self._births.get(device, 0) + 1
            self._seen[device] = DevicePresence(state.session, at, state.version, state.detail)
        elif last is not None and last.session == state.session:
            self._seen[device] = DevicePresence(last.session, last.at, last.version, last.detail, gone=True)

    def forget(self, device: str) -> None:
        """Drop a device that was removed."""
        self._seen.pop(device, None)
        self._births.pop(device, None)

    def seen(self, device: str) -> DevicePresence | None:
        """Give the last that was heard of a device."""
        return self._seen.get(device)

    def online(self, device: str) -> bool:
        """Tell whether a device is there: born within 75 real seconds by its own `at`, and no will since."""
        age = self.age_s(device)
        return age is not None and age <= ALIVE_S and not self._seen[device].gone

    def age_s(self, device: str) -> float | None:
        """Give the real seconds since the last birth or heartbeat by its `at`, or None when there was none."""
        seen = self._seen.get(device)
        return None if seen is None else max(0.0, real_seconds(self._clock, seen.at))

    def reconnects(self, device: str) -> int:
        """Give how many new sessions a device began after its first."""
        return max(0, self._births.get(device, 0) - 1)
