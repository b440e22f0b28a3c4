"""The registry of devices: their births, heartbeats and wills, and their retained topics (contract 2 and 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from broker.contract.channels import CONFIG, DEVICE_STATE
from broker.link.link import LinkDownError
from controller.mqtt.device_configs import device_config
from controller.mqtt.publisher import Topic

if TYPE_CHECKING:
    from broker.contract.payloads import DeviceState
    from broker.link.link import Message
    from controller.domain.centre.centre import Centre
    from controller.mqtt.dependencies import MqttDependencies
    from controller.mqtt.publisher import Publisher

log = structlog.get_logger()


class DeviceRegistry:
    """Tracks which devices are present, sends each its configuration and clears the topics of removed ones."""

    def __init__(self, deps: MqttDependencies, publisher: Publisher) -> None:
        self._link = deps.link
        self._configuration = deps.configuration
        self._presence = deps.presence
        self._procedures = deps.procedures
        self._publisher = publisher
        self._counts = deps.counts
        self._removed: set[tuple[str, str]] = set()

    def open(self, former: list[Centre]) -> None:
        """Subscribe to device states; `former` are configurations whose devices, counters and services may linger."""
        self._link.on(DEVICE_STATE, self._state)
        self._link.on_connect(self._connected)
        self._configuration.listen(self._published)
        self._procedures.listen(self._send_configs_if_linked)
        for centre in former:
            self._note_removed(centre, self._configuration.centre())

    async def _state(self, message: Message[DeviceState]) -> None:
        device, state = message.segments["device"], message.payload
        if state is None:
            return
        if device in self._configuration.centre().devices:
            self._presence.heard(device, state)
            return
        self._counts.dropped["unknown_device"] += 1
        if not state.online:
            self._clear("device", device)

    async def _connected(self) -> None:
        self._send_configs()
        self._clear_removed()

    def _published(self, before: Centre, after: Centre) -> None:
        self._note_removed(before, after)
        if self._link.connected:
            self._send_configs()
            self._clear_removed()

    def _send_configs_if_linked(self) -> None:
        if self._link.connected:
            self._send_configs()

    def _send_configs(self) -> None:
        centre, revision = self._configuration.centre(), self._configuration.current().version
        try:
            for device in centre.device:
                config = device_config(centre, device, revision, self._procedures.listing.card)
                self._link.post(CONFIG, config, device=device.id)
        except LinkDownError as error:
            log.info("configs_wait_for_link", reason=str(error))

    def _note_removed(self, before: Centre, after: Centre) -> None:
        gone = ids_of(before) - ids_of(after)
        self._removed = (self._removed | gone) - ids_of(after)
        for kind, name in gone:
            if kind == "device":
                self._presence.forget(name)

    def _clear_removed(self) -> None:
        for kind, name in sorted(self._removed):
            self._clear(kind, name)

    def _clear(self, kind: str, name: str) -> None:
        try:
            if kind == "device":
                self._link.post(DEVICE_STATE, None, device=name)
                self._link.post(CONFIG, None, device=name)
            else:
                self._publisher.forget([Topic(kind, name)])
        except LinkDownError as error:
            log.info("clearing_waits_for_link", reason=str(error))


def ids_of(centre: Centre) -> set[tuple[str, str]]:
    """Return everything that has retained topics of its own."""
    return {
        *(("device", one) for one in centre.devices),
        *(("counter", one) for one in centre.counters),
        *(("service", one) for one in centre.services),
        *(("zone", one) for one in centre.zones),
    }
