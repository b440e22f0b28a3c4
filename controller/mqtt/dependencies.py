"""What the MQTT adapter needs of the controller; injected once, when it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broker.link.link import Link
    from broker.runtime.clock import Clock
    from controller.mqtt.flood_guard import Suspender
    from controller.services.configuration import Configuration
    from controller.services.counts import Counts
    from controller.services.day_key import DayKey
    from controller.services.devices.presence import Presence
    from controller.services.engine.engine import Engine
    from controller.services.engine.supervision import Supervisor
    from controller.services.journal.ports import Ids, Store
    from controller.services.journal.set_aside import QuarantinedRows
    from controller.services.procedures import Procedures


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttDependencies:
    """What the MQTT adapter needs of the controller."""

    link: Link
    engine: Engine
    store: Store
    configuration: Configuration
    presence: Presence
    procedures: Procedures
    day_key: DayKey
    counts: Counts
    clock: Clock
    ids: Ids
    aside: QuarantinedRows
    supervisor: Supervisor
    version: str
    suspender: Suspender | None = None
    """None where no broker can suspend a device: what it floods is only dropped."""
