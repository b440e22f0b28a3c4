"""What sign and board share at work: ages by the controller's clock, the identify mark, and telling the screen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from broker.runtime.clock import real_seconds
from devices.base.device import Answer
from displays.base.view_parts import DisplaySettings, ViewContext

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.payloads import Command, DeviceConfig
    from broker.runtime.catalogue import Catalogue
    from devices.base.device import Device

IDENTIFY_S = 10.0


class DisplayApp:
    """A device with something to look at. `on_change` is called whenever its look may have changed.

    A configuration that is taken away changes nothing: what is shown stays and is marked as out of date.
    """

    def __init__(self, device: Device, words: Catalogue) -> None:
        self.device = device
        self.setting = DisplaySettings(words, device.name)
        self.on_change: Callable[[], None] = _nothing
        self._identify_until = -math.inf
        device.on_config(self._configure)
        device.on_command("identify", self._identify)

    def moment(self) -> ViewContext:
        """Give the present moment for a look."""
        clock = self.device.controller
        return ViewContext(clock.monotonic(), clock.now(), not clock.alive, clock.monotonic() < self._identify_until)

    def now(self) -> float:
        """Real seconds of the monotonic clock."""
        return self.device.controller.monotonic()

    def age(self, at: int, *, retained: bool = False) -> float:
        """Give the age of an instant in real seconds.

        Before the controller's clock is known, what the broker kept counts as old and what it has just brought as new.
        """
        if not self.device.controller.known:
            return math.inf if retained else 0.0
        return real_seconds(self.device.controller, at)

    async def _configure(self, config: DeviceConfig | None) -> None:
        if config is not None:
            self.setting = DisplaySettings(self.setting.words, self.device.name, config.centre)
            self.on_change()

    async def _identify(self, _: Command) -> Answer:
        self._identify_until = self.now() + IDENTIFY_S
        self.on_change()
        return Answer(ok=True)


def configured_field(config: DeviceConfig, name: str) -> Any:  # noqa: ANN401 - JSON of any shape
    """Give a field that only this kind's configuration has, or None."""
    return (config.model_extra or {}).get(name)


def configured_place(config: DeviceConfig, name: str) -> str:
    """Give the counter or zone that a device belongs to; a ValueError refuses a configuration without it."""
    place = configured_field(config, name)
    if not isinstance(place, str):
        raise ValueError(f"the configuration names no {name}: {place!r}")  # noqa: TRY004 - what came is at fault
    return place


def _nothing() -> None:
    """Nobody looks."""
