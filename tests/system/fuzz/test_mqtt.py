"""Every op, press, state and result, mutated and made up, from devices that are signed in."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import paho.mqtt.client as mqtt
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.system.centre import OPENING
from tests.system.client import eventually
from tests.system.fuzz.conftest import CASES, KEYPADS, KIOSKS, LONGEST_S, PRINTERS, RATERS
from tests.system.fuzz.nasty import mutated, values, written

if TYPE_CHECKING:
    import httpx

    from tests.system.centre import Centre

pytestmark = [pytest.mark.system, pytest.mark.timeout(LONGEST_S)]

ROOT = "luot/v1/thu-nghiem"
PACE = 35.0
"""Messages a second of one device: within the 50 of the contract, so that each is read."""

TOKEN = "A" * 22
ASKED: tuple[dict[str, Any], ...] = (
    {"op": "issue", "service": "land", "priority": "normal", "lang": "vi", "dossier": "H17"},
    {
        "op": "issue", "service": "land",
        "offline": {"number": "Z1-001", "token": TOKEN, "at": "@now", "replaces": "@id"},
    },
    {"op": "issue", "service": "land", "person": "A" * 43},
    {"op": "lookup", "token": TOKEN}, {"op": "lookup", "number": "A001"}, {"op": "cancel", "token": TOKEN},
    {"op": "reprint", "token": TOKEN}, {"op": "time"}, {"op": "procedures", "revision": "", "after": 0},
    {
        "op": "rate", "token": TOKEN, "score": 1, "version": 1, "reasons": ["slow"], "comment": "Tôi đã chờ.",
        "answers": {},
    },
    {"op": "rate", "visit": "@id", "score": 3, "version": 1},
)  # fmt: skip
STATE = {
    "online": True, "session": "@id", "kind": "kiosk", "version": "1", "at": "@now",
    "detail": {
        "revision": 1, "printer": "ok", "refused": [{"number": "Z1-001", "service": "land", "code": "bad_state"}],
    },
}  # fmt: skip
MESSAGES: dict[str, tuple[dict[str, Any], ...]] = {
    "request": tuple({"id": "@id", "at": "@now", **asked} for asked in ASKED),
    "press": (
        {"id": "@id", "button": "next", "at": "@now", "for": None}, {"id": "@id", "button": "open", "at": "@now"},
        {"button": "finish"},
    ),
    "state": (STATE, {"online": False, "session": "@id"}),
    "result": ({"id": "@id", "ok": True}, {"id": "@id", "ok": None}, {"id": "@id", "ok": False, "error": "paper_out"}),
}  # fmt: skip


class Device(NamedTuple):
    """A device that is signed in; `heard` counts the codes of its replies, "" for those that are ok."""

    name: str
    client: mqtt.Client
    heard: Counter[str]


def sign_in(centre: Centre, name: str, password: str) -> Device:
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(name, password)
    client.connect("127.0.0.1", centre.mqtt_port, keepalive=20)
    device = Device(name, client, Counter())

    def hear(_client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        reply = json.loads(message.payload)
        device.heard[reply["error"]["code"] if "error" in reply else ""] += 1

    client.on_message = hear
    client.loop_start()
    eventually(client.is_connected, f"connection of {name}")
    client.subscribe(f"{ROOT}/device/{name}/reply", qos=1)
    return device


def every_device(centre: Centre, chief: httpx.Client) -> list[Device]:
    kinds = {"kiosk": KIOSKS, "keypad": KEYPADS, "rater": RATERS, "printer": PRINTERS}
    found = []
    for kind, count in kinds.items():
        for number in range(count):
            made = chief.post("/devices", json={"kind": kind, "id": f"{kind}-f{number}"})
            assert made.status_code == 201, made.text
            found.append(sign_in(centre, made.json()["id"], made.json()["password"]))
    return found


def filled(value: Any, began: float) -> Any:
    """Put a fresh id, and the controller's present instant, where a valid message has them."""
    if isinstance(value, dict):
        return {key: filled(part, began) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, began) for part in value]
    if value == "@now":
        return (datetime.fromisoformat(OPENING) + timedelta(seconds=time.monotonic() - began)).isoformat()
    return str(uuid.uuid4()) if value == "@id" else value


KNOWN: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("kiosk-f0", {"op": "time"}, ""),
    ("kiosk-f0", {"op": "fly"}, "bad_request"),
    ("rater-f0", {"op": "issue", "service": "land"}, "not_allowed"),
)
"""Who asks what, and the code of the answer."""


def answers_to_known_requests(devices: list[Device]) -> None:
    """Have devices answered as ever after all that they sent: which answers random messages get is left to chance."""
    by_name = {device.name: device for device in devices}
    for name, asked, code in KNOWN:
        device = by_name[name]
        answered = partial(_more_than, device.heard, code, device.heard[code])
        body = {"id": str(uuid.uuid4()), **asked}
        device.client.publish(f"{ROOT}/device/{name}/request", json.dumps(body), qos=1)
        eventually(answered, f"answer {code!r} at {name}")


def _more_than(heard: Counter[str], code: str, before: int) -> bool:
    return heard[code] > before


raws = st.binary(max_size=200) | st.sampled_from(
    [b"", b"next", b"open", b"{", b"null", b'{"id":"\\ud800","op":"issue"}', b"[" * 60_000, b"\xff" * 50, b"x" * 70_000]
)


@st.composite
def messages(draw: st.DrawFn) -> tuple[str, Any, bool]:
    """Draw a topic below the device's own, what is sent there (bytes, or JSON), and whether it is retained."""
    name = draw(st.sampled_from(list(MESSAGES)))
    valid = draw(st.sampled_from(MESSAGES[name]))
    return name, draw(mutated(valid) | st.just(valid) | values | raws), draw(st.integers(0, 19)) == 0


def test_no_message_of_a_device_ends_the_controller(fuzzed: Centre, unharmed: httpx.Client) -> None:
    devices = every_device(fuzzed, unharmed)
    began, sent = time.monotonic(), Counter[str]()
    turn, pace = iter(range(10**9)), threading.Event()

    @settings(
        max_examples=CASES, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(message=messages())
    def send(message: tuple[str, Any, bool]) -> None:
        device = devices[next(turn) % len(devices)]
        name, told, retain = message
        content = told if isinstance(told, bytes) else written(filled(told, began))
        device.client.publish(f"{ROOT}/device/{device.name}/{name}", content, qos=1, retain=retain)
        sent[name] += 1
        ahead = sent.total() / (PACE * len(devices)) - (time.monotonic() - began)
        if ahead > 0.05:
            pace.wait(ahead)

    send()
    answers_to_known_requests(devices)
    for device in devices:
        last = device.client.publish(f"{ROOT}/device/{device.name}/state", written(filled(STATE, began)), qos=1)
        last.wait_for_publish(30)
        device.client.disconnect()
        device.client.loop_stop()

    # Signed in anew: the last message of all is answered, so those before it were read.
    peer = fuzzed.peer("kiosk-1").hear_own("reply")
    answer = peer.request("issue", service="land")

    assert answer["ok"] is True, answer
    assert set(sent) == set(MESSAGES)
    assert sent.total() >= CASES
