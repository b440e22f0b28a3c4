"""A recording in the making: the tree at work, and everything that was seen of it."""

from __future__ import annotations

import json
import re
import shutil
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.behaviour import http, store
from tests.behaviour.moments import without_now
from tests.behaviour.mqtt import ROOT, Connection, Device, Heard, Json
from tests.behaviour.placeholders import UUID
from tests.behaviour.tree import Broker, Server, Tree, until

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.behaviour.http import Answer

QUIET_S = 0.3
"""Longer than the pause between two messages of one retained state (0.25 s): then nothing is held back any more."""
LOOK_S = 1.5
"""Longer than the metrics' own pause between two looks at the hall (1 s)."""
CENTRE = Path(__file__).parent / "centre.toml"
TIMING = re.compile(r"^((?:luot_commit_seconds|luot_batch_commands)_\w+(?:\{.*\})?|\w+_created(?:\{.*\})?) [0-9.e+-]+$")
"""How long commits took, how many commands waited for each, and since when a figure is counted."""
REFUSED = re.compile(r"event=message_refused reason=(\w+)")
HELD_BACK = re.compile(r"held_back=\d+")
PATIENCE = re.compile(r"^< retry-after: [1-6]$")
"""The few seconds that a wrong password costs, of which some may have passed."""
BEAT = f"{ROOT}/controller/state"
NOBODY = ""
ASKER = "kiosk-9"
"""The kiosk whose questions show that all before them was done."""


@dataclass
class Recording:
    """What was recorded so far, file by file, and the hands that play the script."""

    tree: Tree
    texts: dict[str, str] = field(default_factory=dict)
    stage: str = "00"
    lines: list[str] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, Json] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    broker: Broker | None = None
    ears: list[Connection] = field(default_factory=list)
    server: Server | None = None
    ids: int = 0
    questions: int = 0
    """How many were asked between two steps: that hangs on real time, so their ids are counted apart."""
    told: dict[int, int] = field(default_factory=dict)
    random_ids: set[str] = field(default_factory=set)
    """Ids and keys of requests whose words hold something random: so does the digest that is kept of each."""

    # ---- places ----

    def __post_init__(self) -> None:
        self.centre = self.tree.folder / CENTRE.name
        shutil.copy(CENTRE, self.centre)

    @property
    def data(self) -> Path:
        """The data directory of the controller."""
        return self.tree.folder / "data"

    @property
    def log(self) -> Path:
        """Where the controller's error output goes."""
        return self.tree.folder / "serve.log"

    # ---- stages ----

    def begin(self, stage: str, clock: str) -> None:
        """Begin a stage at an instant of its own."""
        self.stage, self.tree.clock, self.lines = stage, clock, [f"stage {stage} at {clock}"]
        self.log.write_text("")

    def serve(self, *words: str) -> None:
        """Start the controller at the recording's broker, or with one of its own where there is none."""
        more = {"LUOT_MQTT_PASSWORD": self.broker.password} if self.broker else {}
        port = f"127.0.0.1:{self.tree.mqtt_port}"
        where = ["--mqtt", f"mqtt://{port}"] if self.broker else ["--mqtt-listen", port]
        given = ["--data", str(self.data), "--http", f"127.0.0.1:{self.tree.http_port}", *where, *words]
        self.server = Server(self.tree, given, self.log, more)
        self.lines.append(self.server.ready)

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> None:
        """End the controller and write down what it leaves."""
        if self.server is None:
            raise RuntimeError("no controller is running")
        seen = self._count()
        self.lines.append(f"ended with {self.server.end(with_signal)}")
        self.server = None
        if self.broker is not None:
            until(lambda: any(not one.payload.get("online", True) for one in self._beats(seen)), "controller's goodbye")

    def _beats(self, seen: int) -> list[Heard]:
        return [one for one in self.ears[0].heard[max(0, seen - 1) :] if one.topic == BEAT]

    def end(self) -> None:
        """Write down the stage: the steps, the messages, the store, the folder and the log."""
        self.texts[f"{self.stage}/steps.txt"] = "\n".join([*self.lines, ""])
        self.texts[f"{self.stage}/mqtt.txt"] = "\n".join([*self._messages(), ""])
        self.texts[f"{self.stage}/store.txt"] = "\n".join([*store.dump(self.data, self.random_ids), ""])
        self.texts[f"{self.stage}/folder.txt"] = "\n".join([*store.listing(self.data), ""])
        self.texts[f"{self.stage}/log.txt"] = logged(self.log.read_text())

    def _messages(self) -> list[str]:
        found: list[str] = []
        for number, ear in enumerate(self.ears):
            heard = ear.heard[self.told.get(number, 0) :]
            self.told[number] = len(ear.heard)
            for topic in sorted({one.topic for one in heard}):
                found.append(f"heard by {ear.user}: {topic}")
                found += _in_order([one for one in heard if one.topic == topic])
        return found

    # ---- steps ----

    def luot(self, *words: str, stdin: str = "", more: dict[str, str] | None = None) -> str:
        """Run a command; gives its standard output."""
        status, out, err = self.tree.run(list(words), stdin, more)
        self.lines += [f"$ luot {' '.join(words)}", f"exit {status}", *_marked("out", out), *_marked("err", err)]
        self.settle()
        return out

    def on_data(self, *words: str, stdin: str = "") -> str:
        """Run a command on the data directory; gives its standard output."""
        return self.luot(*words, "--data", str(self.data), stdin=stdin)

    def http(
        self, method: str, path: str, body: Any = None, *, by: str = NOBODY, key: str = "", **headers: str
    ) -> Answer:
        """Make a call as a user, or as nobody; bytes are sent as they are, anything else as JSON."""
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body, ensure_ascii=False).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if raw is not None and "Content-Type" not in sent:
            sent["Content-Type"] = "application/json"
        if key:
            sent["Idempotency-Key"] = key
            self._note_random(key, f"{path} {raw!r}")
        shown = [f"{name}: {value}" for name, value in sent.items()]
        if by:
            sent["Authorization"] = f"Bearer {self.sessions[by]['token']}"
        answer = http.call(self.tree.http_port, method, path, raw, sent)
        told = "" if raw is None else raw[:2000].decode(errors="backslashreplace")
        heading = f"> {method} {path} by {by or 'nobody'}"
        self.lines += [heading, *(f"> {one}" for one in shown), told, *without_timing(path, answer.lines())]
        if method != "GET":
            self.settle()
        self._keep_token(answer)
        return answer

    def api(self, method: str, path: str, body: Any = None, **more: str) -> Answer:
        """Make a call below the root of the interface."""
        return self.http(method, f"/api/v1{path}", body, **more)

    def sign_in(self, user: str, password: str) -> Answer:
        """Sign a user in and keep the session."""
        answer = self.api("POST", "/session", {"user": user, "password": password})
        if answer.status == 200:
            self.sessions[user] = answer.json
        return answer

    def stream(self, path: str, by: str) -> None:
        """Read the first event of a stream."""
        headers = {"Authorization": f"Bearer {self.sessions[by]['token']}"}
        self.lines += [f"> GET {path} by {by}, first event", *http.first_event(self.tree.http_port, path, headers)]

    def _keep_token(self, answer: Answer) -> None:
        if "json" in answer.header("content-type"):
            found = answer.json
            if isinstance(found, dict) and "token" in found and "number" in found:
                self.tokens[found["number"]] = found["token"]

    # ---- devices ----

    def connect(self, *names: str, old: Sequence[str] = ()) -> None:
        """Sign devices in, have them listen and say that they are there."""
        for name in names:
            device = Device(self.tree.mqtt_port, name, self.passwords[name], old=name in old)
            self.devices[name] = device
            self.lines.append(f"{name} signs in: {device.connected}, subscribes: {device.listen()}")
            self.birth(name)
        self.settle()

    def birth(self, name: str, **detail: Any) -> None:
        """Say that a device is there."""
        kind = name.split("-", maxsplit=1)[0]
        state = {"online": True, "session": f"00000000-{name}", "kind": kind, "version": "1.0"}
        self.say(name, "state", {**state, "at": self.tree.clock, "detail": detail}, retain=True)

    def say(self, name: str, word: str, payload: Json | bytes, *, qos: int = 1, retain: bool = False) -> None:
        """Publish on a device's own topic."""
        device = self.devices[name]
        raw = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
        code = device.publish(f"{device.base}/{word}", raw, qos=qos, retain=retain)
        shown = raw[:2000].decode(errors="backslashreplace")
        self.lines.append(f"{name} publishes {word} qos={qos} retain={retain}: {code}: {shown}")

    def new_id(self) -> str:
        """Give an id that every recording has."""
        self.ids += 1
        return f"00000000-0000-4000-8000-{self.ids:012d}"

    def ask(self, name: str, op: str, id_: str = "", **fields: Any) -> Json:
        """Send a request and wait for its reply."""
        body = {"id": id_ or self.new_id(), "op": op, "at": self.tree.clock, **fields}
        reply = self._answered(name, "request", body)
        ticket = (reply.get("result") or {}).get("ticket", {})
        if ticket.get("token"):
            self.tokens[ticket["number"]] = ticket["token"]
        return reply

    def press(self, name: str, button: str, id_: str = "", **fields: Any) -> Json:
        """Press a button as JSON and wait for the reply."""
        body = {"id": id_ or self.new_id(), "button": button, "at": self.tree.clock, **fields}
        return self._answered(name, "press", body)

    def _answered(self, name: str, word: str, body: Json) -> Json:
        device = self.devices[name]
        before = len(device.heard)
        self._note_random(body["id"], json.dumps(body))
        self.say(name, word, body)
        until(lambda: device.reply(body["id"], before), f"reply to {body}")
        found = device.reply(body["id"], before)
        raw = b"" if found is None else found.raw
        self.lines += [f"{name} hears", *http.json_lines(raw)]
        self.settle()
        reply: Json = json.loads(raw)
        return reply

    def figures(self) -> None:
        """Read the metrics when they have followed the hall, as they do every second."""
        settled = time.monotonic()
        until(lambda: time.monotonic() - settled > LOOK_S, "second look at the hall")
        self.http("GET", "/metrics")

    def _note_random(self, id_: str, words: str) -> None:
        if any(token in words for token in self.tokens.values()) or UUID.search(words):
            self.random_ids.add(id_)

    # ---- waiting ----

    def _count(self) -> int:
        return sum(len(ear.heard) for ear in self.ears)

    def settle(self) -> None:
        """Wait until the controller has done, and said, everything that followed from the last step."""
        if self.server is None or ASKER not in self.devices:
            return
        while True:
            before = self._meant()
            self._barrier()
            if self._meant() == before and not self._open() and time.monotonic() - self._last() >= QUIET_S:
                return
            until(lambda: time.monotonic() - self._last() >= QUIET_S and not self._open(), "end of the messages")

    def _barrier(self) -> None:
        """Ask what the controller answers in its turn and keeps nothing of."""
        device = self.devices[ASKER]
        self.questions += 1
        id_ = f"00000000-0000-4000-9000-{self.questions:012d}"
        before = len(device.heard)
        body = {"id": id_, "op": "procedures", "after": 2**31, "at": self.tree.clock}
        device.publish(f"{device.base}/request", json.dumps(body).encode())
        until(lambda: device.reply(id_, before), "reply to the question between two steps")
        until(lambda: all(_has_reply(ear, id_) for ear in self.ears if _hears(ear)), "the same at the listener")

    def _meant(self) -> int:
        return sum(1 for ear in self.ears for one in ear.heard if _counts(one))

    def _last(self) -> float:
        return max((one.moment for ear in self.ears for one in ear.heard[-40:] if _counts(one)), default=0.0)

    def _open(self) -> bool:
        """Tell whether a command has had no result yet that a device will give; seen by a listener only."""
        if self.broker is None:
            return False
        results = {one.payload.get("id") for one in self.ears[0].heard[-500:] if one.topic.endswith("/result")}
        return any(
            one.payload["id"] not in results
            for device in self.devices.values()
            for one in device.heard[-60:]
            if one.topic == f"{device.base}/command" and one.raw and device.answers.to(one.payload) is not None
        )

    def last(self, topic: str, test: Callable[[Json], bool] = lambda _: True) -> Json:
        """Give the last message of a topic."""
        full = f"{ROOT}/{topic}"
        return next(one.payload for ear in self.ears for one in reversed(ear.heard) if one.topic == full and test(one.payload))  # fmt: skip  # noqa: E501 - one sentence


def logged(text: str) -> str:
    """Write a log without what hangs on real time: its stamps, the wait for the broker, how often a refusal is told."""
    found, refused = [], set()
    for line in without_now(text).splitlines(keepends=True):
        reason = REFUSED.search(line)
        if "controller is not connected to" in line or (reason and reason[1] in refused):
            continue
        refused.add(reason[1] if reason else "")
        found.append(HELD_BACK.sub("held_back=<count>", line))
    return "".join(found)


def without_timing(path: str, lines: list[str]) -> list[str]:
    """Name what hangs on how fast the machine is: the wait for a next password, some metrics and their length."""
    if path == "/api/v1/session":
        return [PATIENCE.sub("< retry-after: <seconds>", line) for line in lines]
    if path != "/metrics":
        return lines
    found = [TIMING.sub(r"\1 <timing>", line) for line in lines]
    return ["< content-length: <length>" if line.startswith("< content-length") else line for line in found]


def _hears(ear: Connection) -> bool:
    return ear.user in (Broker.LISTENER, ASKER)


def _has_reply(ear: Connection, id_: str) -> bool:
    return any(_is_between(one) and one.payload.get("id") == id_ for one in ear.heard[-200:])


def _is_between(one: Heard) -> bool:
    return one.topic == f"{ROOT}/device/{ASKER}/reply" and b"-9000-" in one.raw


def _counts(one: Heard) -> bool:
    """Tell whether a message belongs to the script: neither a heartbeat nor a question between two steps."""
    return one.topic != BEAT and b"-4000-9000-" not in one.raw


def _in_order(heard: list[Heard]) -> list[str]:
    """Write the messages of one topic; what is repeated by real time stands once."""
    found: list[str] = []
    before: Heard | None = None
    for one in heard:
        repeated = one.topic == BEAT or one.topic.endswith("/command")
        if not _between(one) and not (repeated and before is not None and one.same(before)):
            properties = json.dumps(one.properties, sort_keys=True)
            found += [f"qos={one.qos} retain={one.retain} {properties}", *http.json_lines(one.raw)]
        before = one
    return found


def _between(one: Heard) -> bool:
    return b"-4000-9000-" in one.raw


def _marked(name: str, text: str) -> list[str]:
    return [f"{name}: {line}" for line in text.split("\n")] if text else []
