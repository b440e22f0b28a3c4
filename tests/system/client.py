"""A device as somebody else would write it: the contract and paho, nothing of this project."""

from __future__ import annotations

import functools
import json
import threading
import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]


def eventually(look: Callable[[], Any], what: str | Callable[[], str], seconds: float = 10) -> Any:
    """Look until something is there; running out of time is the failure, and it says what was missing.

    `what` may be a function: it is asked at the end, when it knows what came instead.
    """
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            missing = what if isinstance(what, str) else what()
            raise AssertionError(f"within {seconds} s there was no {missing}")
        pause.wait(0.01)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Peer:
    """A device as somebody else would write it: the contract, paho, nothing more."""

    def __init__(self, port: int, device: str, password: str, *, version: MQTTProtocolVersion) -> None:
        self.device, self.root = device, "luot/v1/thu-nghiem"
        self.heard: list[tuple[str, Json, bool]] = []
        self.granted: dict[str, int] = {}
        self._suback: dict[int, int] = {}
        self._puback: dict[int, int] = {}
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=device, protocol=version)
        self._client.username_pw_set(device, password)
        self._client.on_message = self._on_message
        self._client.on_subscribe = self._on_subscribe
        self._client.on_publish = self._on_publish
        self.refused: str | None = None
        self._client.on_connect = self._on_connect
        self._client.connect("127.0.0.1", port, keepalive=20)
        self._client.loop_start()
        eventually(lambda: self._client.is_connected() or self.refused, f"answer to the sign-in of {device}")

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self.refused = str(reason) if reason.is_failure else None

    def _on_message(self, _client: Any, _data: Any, message: mqtt.MQTTMessage) -> None:
        payload = json.loads(message.payload) if message.payload else {}
        self.heard.append((message.topic, payload, message.retain))

    def _on_subscribe(self, _client: Any, _data: Any, mid: int, codes: Any, _properties: Any) -> None:
        self._suback[mid] = codes[0].value

    def _on_publish(self, _client: Any, _data: Any, mid: int, reason: Any, _properties: Any) -> None:
        self._puback[mid] = reason.value

    @property
    def is_connected(self) -> bool:
        return self._client.is_connected()

    def hear(self, *topics: str) -> Peer:
        """Subscribe below the root and wait for the broker's word."""
        for topic in topics:
            full = f"{self.root}/{topic}"
            _, mid = self._client.subscribe(full, qos=1)
            assert mid is not None
            # The answer may overtake this line: it is kept by its id until somebody asks.
            eventually(functools.partial(self._suback.__contains__, mid), f"SUBACK of {topic}")
            self.granted[full] = self._suback[mid]
        return self

    def hear_own(self, *names: str) -> Peer:
        return self.hear(*(f"device/{self.device}/{name}" for name in names))

    def say(self, topic: str, payload: Json | str | bytes, *, retain: bool = False, qos: int = 1) -> int:
        """Publish below the root; give the broker's reason code (0: taken; 3.1.1 brokers always say 0)."""
        raw = payload if isinstance(payload, str | bytes) else json.dumps(payload)
        sent = self._client.publish(f"{self.root}/{topic}", raw, qos=qos, retain=retain)
        sent.wait_for_publish(5)
        if qos == 0:
            return 0
        return int(eventually(lambda: self._puback.get(sent.mid, -1) + 1, f"PUBACK of {topic}")) - 1

    def birth(self, kind: str, session: str | None = None, **detail: Any) -> None:
        state = {"online": True, "session": session or str(uuid.uuid4()), "kind": kind, "version": "1", "at": now()}
        self.say(f"device/{self.device}/state", {**state, "detail": detail}, retain=True)

    def find(self, topic: str, test: Callable[[Json], bool] = lambda _payload: True) -> list[Json]:
        full = f"{self.root}/{topic}"
        return [payload for heard, payload, _ in list(self.heard) if heard == full and test(payload)]

    def wait(self, topic: str, test: Callable[[Json], bool] = lambda _payload: True, seconds: float = 10) -> Json:
        def missing() -> str:
            return f"{topic} at {self.device}; the last that it heard: {self.heard[-5:]}"

        return dict(eventually(lambda: self.find(topic, test), missing, seconds)[-1])

    def request(self, op: str, *, id: str | None = None, **fields: Any) -> Json:  # noqa: A002
        """Send a request and give the reply."""
        key = id or str(uuid.uuid4())
        before = len(self.heard)
        self.say(f"device/{self.device}/request", {"id": key, "op": op, "at": now(), **fields})
        topic = f"{self.root}/device/{self.device}/reply"

        def answered() -> list[Json]:
            return [payload for heard, payload, _ in self.heard[before:] if heard == topic and payload["id"] == key]

        return dict(eventually(answered, f"reply to {op} at {self.device}")[0])

    def press(self, button: str, *, at: str | None, **fields: Any) -> Json:
        """Press a button as JSON and give the reply."""
        key, before = str(uuid.uuid4()), len(self.heard)
        body = {"id": key, "button": button, **({"at": at} if at else {}), **fields}
        self.say(f"device/{self.device}/press", body)
        topic = f"{self.root}/device/{self.device}/reply"

        def answered() -> list[Json]:
            return [payload for heard, payload, _ in self.heard[before:] if heard == topic and payload["id"] == key]

        return dict(eventually(answered, f"reply to {button} at {self.device}")[0])

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


TICKET_FIELDS = {
    "id", "number", "token", "service", "priority", "status", "channel", "lang", "issued_at", "position", "wait",
    "counter", "counters",
}  # fmt: skip


def assert_is_ticket(ticket: Json) -> None:
    """Hold a ticket against the contract's list of fields and forms."""
    assert set(ticket) >= TICKET_FIELDS
    uuid.UUID(ticket["id"])
    assert datetime.fromisoformat(ticket["issued_at"]).tzinfo is not None


def controllers_time(peer: Peer) -> str:
    """Give the controller's time: what it last said, as a device does that has no clock."""
    peer.hear("controller/state")
    return str(peer.wait("controller/state")["at"])
