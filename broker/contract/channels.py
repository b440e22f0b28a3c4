"""The one table of channels: topic, payload, retain, expiry, and who may send and hear it (contract 2 and 3)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Generic, TypeVar

from broker.contract.bounds import is_message_id
from broker.contract.ids import CONTROLLER, is_slug
from broker.contract.payloads import (
    Board,
    Call,
    Command,
    ControllerState,
    CounterState,
    DeviceConfig,
    DeviceState,
    Event,
    Kind,
    Payload,
    Press,
    Reply,
    Request,
    Result,
    ServiceState,
)

ROOT = "luot/v1"
MAX_BYTES = 64 * 1024
QOS = 1

P = TypeVar("P", bound=Payload)

EVERY_KIND = frozenset(Kind)
NOBODY: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Channel(Generic[P]):
    """One row of the table.

    `template` stands below `luot/v1/{centre}/`. `senders` and `hearers` are the kinds of device that may publish and
    subscribe; a template with `{device}` always means the device's own. `to_controller` tells the direction, and with
    it whether the controller subscribes or publishes. `expiry_s` is the broker's message expiry in real seconds.
    `live_only` channels are dropped when they carry the retain flag. `sparse` channels leave out the fields that their
    sender did not set, so that a will is exactly `{"online": false, "session": ...}`.
    """

    name: str
    template: str
    payload: type[P]
    retained: bool
    senders: frozenset[Kind]
    hearers: frozenset[Kind]
    to_controller: bool
    expiry_s: int | None = None
    live_only: bool = False
    sparse: bool = False

    def topic(self, centre: str, **segments: str) -> str:
        """Give the topic for one centre and the template's segments; a segment that is no slug is a ValueError."""
        for name, value in segments.items():
            if not is_slug(value):
                raise ValueError(f"{name} is not a slug: {value!r}")
        return f"{ROOT}/{centre}/{self.template.format(**segments)}"

    def filter(self, centre: str, **segments: str) -> str:
        """Give the subscription filter; a segment that is left out becomes `+`."""
        levels = [segments.get(level[1:-1], "+") if level[0] == "{" else level for level in self.template.split("/")]
        return f"{ROOT}/{centre}/{'/'.join(levels)}"

    def segments(self, centre: str, topic: str) -> dict[str, str] | None:
        """Read a topic back into its segments, or give None when it is not of this channel and centre."""
        head = f"{ROOT}/{centre}/"
        if not topic.startswith(head):
            return None
        levels, pattern = topic[len(head) :].split("/"), self.template.split("/")
        if len(levels) != len(pattern):
            return None
        found: dict[str, str] = {}
        for level, expected in zip(levels, pattern, strict=True):
            if expected[0] == "{":
                found[expected[1:-1]] = level
            elif level != expected:
                return None
        return found if all(is_slug(value) for value in found.values()) else None

    def encode(self, payload: P | None) -> bytes:
        """Write a message; None is the empty retained payload that means: gone. A press without id is plain text."""
        if payload is None:
            return b""
        if isinstance(payload, Press) and payload.id is None:
            return payload.button.encode()
        return payload.model_dump_json(exclude_unset=self.sparse).encode()

    def decode(self, raw: bytes) -> P:
        """Read a message; anything that is not the channel's payload, or is too long, is a ValueError."""
        if len(raw) > MAX_BYTES:
            raise ValueError(f"{len(raw)} bytes, at most {MAX_BYTES} are read")
        if self.payload is Press and raw.strip() == b"next":
            return self.payload.model_validate({"button": "next"})
        return self.payload.model_validate_json(raw)


def id_of(raw: bytes) -> str | None:
    """Give the id of a message that could not be decoded, so that it can still be answered; None when there is none.

    An id that no reply could carry, as one with half a letter (`"\\ud800"`), is none.
    """
    try:
        found = json.loads(raw).get("id")
    except (ValueError, AttributeError, RecursionError):
        return None
    return found if is_message_id(found) else None


def _own(name: str, payload: type[P], senders: frozenset[Kind], *, retained: bool = False) -> Channel[P]:
    return Channel(
        name=name, template=f"device/{{device}}/{name}", payload=payload, retained=retained,
        senders=senders, hearers=NOBODY, to_controller=True, live_only=name != "state", sparse=name != "request",
    )  # fmt: skip


DEVICE_STATE = _own("state", DeviceState, EVERY_KIND, retained=True)
REQUEST = _own("request", Request, frozenset({Kind.KIOSK, Kind.RATER}))
PRESS = _own("press", Press, frozenset({Kind.KEYPAD}))
RESULT = _own("result", Result, EVERY_KIND)
CONFIG: Channel[DeviceConfig] = Channel(
    "config", "device/{device}/config", DeviceConfig, True, NOBODY, EVERY_KIND, False
)
REPLY: Channel[Reply] = Channel(
    "reply", "device/{device}/reply", Reply, False, NOBODY,
    frozenset({Kind.KIOSK, Kind.RATER, Kind.KEYPAD}), False, expiry_s=60, live_only=True, sparse=True,
)  # fmt: skip
COMMAND: Channel[Command] = Channel(
    "command", "device/{device}/command", Command, False, NOBODY, EVERY_KIND, False, live_only=True
)
COUNTER_STATE: Channel[CounterState] = Channel(
    "counter-state", "counter/{counter}/state", CounterState, True, NOBODY, EVERY_KIND, False
)
SERVICE_STATE: Channel[ServiceState] = Channel(
    "service-state", "service/{service}/state", ServiceState, True, NOBODY, EVERY_KIND, False
)
BOARD: Channel[Board] = Channel("board", "zone/{zone}/board", Board, True, NOBODY, EVERY_KIND, False)
CALLS: Channel[Call] = Channel("calls", "calls", Call, False, NOBODY, EVERY_KIND, False, expiry_s=30, live_only=True)
CONTROLLER_STATE: Channel[ControllerState] = Channel(
    "controller-state", f"{CONTROLLER}/state", ControllerState, True, NOBODY, EVERY_KIND, False, sparse=True
)
EVENT: Channel[Event] = Channel("event", "event", Event, False, NOBODY, NOBODY, False)

CHANNELS: tuple[Channel[Payload], ...] = (
    DEVICE_STATE, CONFIG, REQUEST, REPLY, PRESS, COMMAND, RESULT,
    COUNTER_STATE, SERVICE_STATE, BOARD, CALLS, CONTROLLER_STATE, EVENT,
)  # type: ignore[assignment]  # fmt: skip  # a table of rows of many payloads; each row itself is typed
