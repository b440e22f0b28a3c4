"""What goes over the broker: a listener that keeps every message, and devices as others would write them."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.subscribeoptions import SubscribeOptions
from typing_extensions import override

from tests.behaviour.tree import until

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
ROOT = "luot/v1/thu-nghiem"
SHARED = ("counter/+/state", "service/+/state", "zone/+/board", "calls", "controller/state")


@dataclass(frozen=True)
class Heard:
    """One message as it came."""

    topic: str
    raw: bytes
    qos: int
    retain: bool
    properties: Mapping[str, Any]
    moment: float

    @property
    def payload(self) -> Json:
        """The payload as JSON; empty where there is none."""
        found = json.loads(self.raw) if self.raw else {}
        return found if isinstance(found, dict) else {}

    def same(self, other: Heard) -> bool:
        """Tell whether another message says the same."""
        return (self.topic, self.raw, self.retain) == (other.topic, other.raw, other.retain)


def _told(properties: Any) -> Json:
    """Give the properties of a message by their names."""
    return dict(properties.json())


class Connection:
    """One user's connection to the broker; it keeps what it hears, in order."""

    def __init__(self, port: int, user: str, password: str, *, old: bool = False) -> None:
        self.user = user
        self.heard: list[Heard] = []
        self._codes: dict[int, int] = {}
        self._changed = threading.Condition()
        version = MQTTProtocolVersion.MQTTv311 if old else MQTTProtocolVersion.MQTTv5
        self._old = old
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=user, protocol=version)
        self._client.username_pw_set(user, password)
        self._client.on_message = self._on_message
        self._client.on_subscribe = self._on_subscribe
        self._client.on_publish = self._on_publish
        self._client.on_connect = self._on_connect
        self.connected: str | None = None
        self._client.connect("127.0.0.1", port, keepalive=20)
        self._client.loop_start()
        until(lambda: self.connected is not None, f"answer to the sign-in of {user}")

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self.connected = str(reason)

    def _on_message(self, _client: Any, _data: Any, message: mqtt.MQTTMessage) -> None:
        told = {} if message.properties is None else _told(message.properties)
        one = Heard(message.topic, bytes(message.payload), message.qos, message.retain, told, time.monotonic())
        self.heard.append(one)
        self.on_heard(one)

    def on_heard(self, one: Heard) -> None:
        """Do something about a message; what devices do is theirs."""

    def _on_subscribe(self, _client: Any, _data: Any, mid: int, codes: Any, _properties: Any) -> None:
        self._codes[-mid] = codes[0].value

    def _on_publish(self, _client: Any, _data: Any, mid: int, reason: Any, _properties: Any) -> None:
        self._codes[mid] = reason.value

    def subscribe(self, *filters: str) -> list[int]:
        """Subscribe; gives the broker's codes."""
        found = []
        for one in filters:
            options = SubscribeOptions(qos=1, retainAsPublished=True)
            _, mid = self._client.subscribe(one, 1) if self._old else self._client.subscribe(one, options=options)
            key = -(mid or 0)
            until(lambda key=key: key in self._codes, f"SUBACK of {one}")  # type: ignore[misc]  # bound at once
            found.append(self._codes[key])
        return found

    def publish(self, topic: str, raw: bytes, *, qos: int = 1, retain: bool = False) -> int:
        """Publish and wait for the broker's word; gives its reason code."""
        sent = self._client.publish(topic, raw, qos=qos, retain=retain)
        if qos == 0:
            sent.wait_for_publish(10)
            return 0
        until(lambda: sent.mid in self._codes, f"PUBACK of {topic}")
        return self._codes[sent.mid]

    def send(self, topic: str, raw: bytes) -> None:
        """Publish without waiting, as a callback must."""
        self._client.publish(topic, raw, qos=1)

    def close(self) -> None:
        """Leave in good order."""
        self._client.disconnect()
        self._client.loop_stop()

    def cut(self) -> None:
        """Lose the connection without a word, so that the broker publishes the will."""
        self._client.loop_stop()
        found = self._client.socket()
        if found is not None:
            found.close()


@dataclass
class Answers:
    """What a device says to commands, by op: (ok, error), or None for silence; done where nothing is told."""

    by_op: dict[str, tuple[bool | None, str | None] | None] = field(default_factory=dict)

    def to(self, command: Json) -> Json | None:
        """Give the result of a command."""
        told = self.by_op.get(command["op"], (True, None))
        if told is None:
            return None
        return {"id": command["id"], "ok": told[0], **({"error": told[1]} if told[1] else {})}


class Device(Connection):
    """A device that answers every command at once."""

    def __init__(self, port: int, user: str, password: str, *, old: bool = False) -> None:
        self.answers = Answers()
        super().__init__(port, user, password, old=old)

    @property
    def base(self) -> str:
        """Where its own topics begin."""
        return f"{ROOT}/device/{self.user}"

    def listen(self) -> list[int]:
        """Subscribe to what its kind may hear."""
        own = [f"{self.base}/{name}" for name in ("config", "command")]
        if self.user.startswith(("kiosk", "rater", "keypad")):
            own.append(f"{self.base}/reply")
        return self.subscribe(*own, *(f"{ROOT}/{name}" for name in SHARED))

    @override
    def on_heard(self, one: Heard) -> None:
        """Answer a command."""
        if one.topic == f"{self.base}/command" and one.raw:
            result = self.answers.to(one.payload)
            if result is not None:
                self.send(f"{self.base}/result", json.dumps(result).encode())

    def reply(self, id_: str, after: int) -> Heard | None:
        """Give the reply to a request or press that came after so many messages."""
        topic = f"{self.base}/reply"
        found = (one for one in self.heard[after:] if one.topic == topic and one.payload.get("id") == id_)
        return next(found, None)
