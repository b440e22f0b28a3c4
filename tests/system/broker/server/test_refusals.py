"""What section 3 forbids is refused by the broker in both ways, for every kind, on both versions of the protocol.

The clients here are plain paho-mqtt and share nothing with our link; the tables are the contract's, written out.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from typing import TYPE_CHECKING, Self

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from broker.contract.payloads import Kind
from broker.link.address import Address
from broker.link.mqtt_link import MqttLink
from broker.runtime.clock import SystemClock
from broker.server.provision import Provisioner

if TYPE_CHECKING:
    from types import TracebackType

    from broker.server.mosquitto import Mosquitto

pytestmark = pytest.mark.system
ROOT = "luot/v1/quang-ngai"
PATIENCE_S = 10.0
OWN = ("state", "config", "request", "reply", "press", "command", "result")
HALL = ("counter/c1/state", "service/land/state", "zone/hall/board", "calls", "controller/state", "event")
MAY_SEND = {
    Kind.KIOSK: {"state", "result", "request"},
    Kind.RATER: {"state", "result", "request"},
    Kind.KEYPAD: {"state", "result", "press"},
    Kind.PRINTER: {"state", "result"},
    Kind.SIGN: {"state", "result"},
    Kind.BOARD: {"state", "result"},
}
MAY_HEAR = {
    Kind.KIOSK: {"config", "command", "reply"},
    Kind.RATER: {"config", "command", "reply"},
    Kind.KEYPAD: {"config", "command", "reply"},
    Kind.PRINTER: {"config", "command"},
    Kind.SIGN: {"config", "command"},
    Kind.BOARD: {"config", "command"},
}
TOO_WIDE = (
    "#", "+/#", f"{ROOT}/#", f"{ROOT}/+", f"{ROOT}/+/+/state", f"{ROOT}/device/#", f"{ROOT}/device/+/reply",
    "luot/v1/+/calls", "luot/v1/other/calls", "$SYS/#", "$CONTROL/#", "$CONTROL/dynamic-security/v1/response",
)  # fmt: skip
CONTROL = "$CONTROL/dynamic-security/v1"


class Raw:
    """A plain client; its network runs in a thread of its own."""

    def __init__(self, port: int, user: str, password: str, protocol: MQTTProtocolVersion) -> None:
        self.arrived: queue.Queue[str] = queue.Queue()
        self._answers: queue.Queue[int] = queue.Queue()
        self._up = threading.Event()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=protocol, reconnect_on_failure=False)
        self.client.username_pw_set(user, password)
        self.client.on_connect = lambda *_: self._up.set()
        self.client.on_message = lambda _c, _u, message: self.arrived.put(message.topic)
        self.client.on_publish = lambda _c, _u, _mid, code, _p: self._answers.put(code.value)
        self.client.on_subscribe = lambda _c, _u, _mid, codes, _p: self._answers.put(codes[0].value)
        self.client.connect("127.0.0.1", port, 20)

    def __enter__(self) -> Self:
        self.client.loop_start()
        assert self._up.wait(PATIENCE_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def publish(self, topic: str, payload: bytes = b"{}", *, retain: bool = False) -> int:
        self.client.publish(topic, payload, qos=1, retain=retain)
        return self._answers.get(timeout=PATIENCE_S)

    def subscribe(self, wanted: str) -> bool:
        self.client.subscribe(wanted, qos=1)
        return self._answers.get(timeout=PATIENCE_S) < 128


async def grant(broker: Mosquitto, device: str, kind: Kind) -> None:
    """Give a device its credentials as the controller does, and leave the controller's name free again."""
    link = MqttLink(Address(broker.host, broker.port), "quang-ngai", "controller", broker.password, SystemClock())
    provisioner, up = Provisioner(link), asyncio.Event()

    async def connected() -> None:
        up.set()

    link.on_connect(connected)
    running = asyncio.create_task(link.run())
    await asyncio.wait_for(up.wait(), PATIENCE_S)
    assert await provisioner.grant(device, kind, f"secret of {device}")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("protocol", [MQTTProtocolVersion.MQTTv311, MQTTProtocolVersion.MQTTv5], ids=["3.1.1", "5"])
@pytest.mark.parametrize("kind", Kind)
async def test_a_device_is_refused_all_that_its_kind_is_not_granted(
    mosquitto: Mosquitto, kind: Kind, protocol: MQTTProtocolVersion
) -> None:
    await grant(mosquitto, "d-1", kind)
    allowed = [f"{ROOT}/device/d-1/{leaf}" for leaf in OWN if leaf in MAY_SEND[kind] - {"state"}]
    forbidden = [f"{ROOT}/device/d-1/{leaf}" for leaf in OWN if leaf not in MAY_SEND[kind]]
    forbidden += [f"{ROOT}/device/d-2/{leaf}" for leaf in OWN] + [f"{ROOT}/{topic}" for topic in HALL]
    forbidden += [f"{ROOT}/device/d-1/unknown", f"{ROOT}/unknown", "luot/v1/other/device/d-1/state", CONTROL]
    fence = f"{ROOT}/device/d-1/state"

    with (
        Raw(mosquitto.port, "controller", mosquitto.password, MQTTProtocolVersion.MQTTv5) as controller,
        Raw(mosquitto.port, "d-1", "secret of d-1", protocol) as device,
    ):
        assert controller.subscribe(f"{ROOT}/#")
        assert controller.arrived.get(timeout=PATIENCE_S) == f"{ROOT}/controller/state"  # retained, of the one before
        codes = {topic: device.publish(topic) for topic in [*forbidden, *allowed, fence]}
        heard = [controller.arrived.get(timeout=PATIENCE_S) for _ in [*allowed, fence]]
        granted = {leaf for leaf in OWN if device.subscribe(f"{ROOT}/device/d-1/{leaf}")}
        hall = {topic for topic in HALL if device.subscribe(f"{ROOT}/{topic}")}
        others = [leaf for leaf in OWN if device.subscribe(f"{ROOT}/device/d-2/{leaf}")]
        wide = [wanted for wanted in TOO_WIDE if device.subscribe(wanted)]

    assert heard == [*allowed, fence]
    assert controller.arrived.empty()
    assert granted == MAY_HEAR[kind]
    assert hall == set(HALL) - {"event"}
    assert (others, wide) == ([], [])
    if protocol == MQTTProtocolVersion.MQTTv5:
        assert {topic for topic, code in codes.items() if code == 135} == set(forbidden)


async def test_a_subscription_with_the_contracts_wildcards_is_granted_and_served_over_3_1_1(
    mosquitto: Mosquitto,
) -> None:
    await grant(mosquitto, "keypad-1", Kind.KEYPAD)
    with (
        Raw(mosquitto.port, "controller", mosquitto.password, MQTTProtocolVersion.MQTTv5) as controller,
        Raw(mosquitto.port, "keypad-1", "secret of keypad-1", MQTTProtocolVersion.MQTTv311) as keypad,
    ):
        for wanted in ("counter/+/state", "service/+/state", "zone/+/board", "calls", "controller/state"):
            assert keypad.subscribe(f"{ROOT}/{wanted}")
        sent = [f"{ROOT}/{topic}" for topic in HALL[:4]]
        for topic in sent:
            controller.publish(topic)
        arrived = [keypad.arrived.get(timeout=PATIENCE_S) for _ in range(5)]

    assert arrived == [f"{ROOT}/controller/state", *sent]  # the first is retained: the controller that left


async def test_nobody_signs_in_without_a_name_or_with_a_wrong_password(mosquitto: Mosquitto) -> None:
    for user, password in (("", ""), ("controller", ""), ("controller", "guess"), ("d-9", "guess")):
        codes: queue.Queue[int] = queue.Queue()
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5, reconnect_on_failure=False
        )
        if user:
            client.username_pw_set(user, password)
        client.on_connect = lambda _c, _u, _f, code, _p, codes=codes: codes.put(code.value)
        client.connect("127.0.0.1", mosquitto.port, 20)
        client.loop_start()
        assert codes.get(timeout=PATIENCE_S) in (134, 135)
        client.loop_stop()
