"""A running controller for system tests: started by its command, spoken to from outside."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
from paho.mqtt.enums import MQTTProtocolVersion

from tests.system.client import Peer

if TYPE_CHECKING:
    from pathlib import Path

OPENING = "2026-11-23T08:00:00+07:00"
"""A Monday morning: the clock of the controller under test stands there, whatever the time is outside."""

CENTRE = """
[centre]
id = "thu-nghiem"
name = { vi = "Trung tâm thử nghiệm", en = "Test centre" }
timezone = "Asia/Ho_Chi_Minh"
languages = ["vi", "en"]
public_url = "http://127.0.0.1:8000"

[[hours]]
days = ["mon", "tue", "wed", "thu", "fri"]
open = ["07:00-17:00"]

[[group]]
id = "land"
name = { vi = "Đất đai", en = "Land" }

[[service]]
id = "land"
group = "land"
series = "A"
width = 3
name = { vi = "Nộp hồ sơ đất đai", en = "Submit a land file" }
mean_service_min = 12
target_wait_min = 30

[[service]]
id = "result"
group = "land"
series = "T"
width = 3
name = { vi = "Trả kết quả", en = "Collect a result" }
mean_service_min = 3
target_wait_min = 15

[[counter]]
id = "c1"
label = { vi = "Quầy 1", en = "Counter 1" }
zone = "hall"
services = ["land", "result"]
prefer = "all"

[[counter]]
id = "c2"
label = { vi = "Quầy 2", en = "Counter 2" }
zone = "hall"
services = ["land"]
prefer = "all"

[[priority]]
id = "elderly"
name = { vi = "Người từ đủ 75 tuổi", en = "75 years or older" }
weight = 3.0
target_wait_min = 10
grant = "kiosk"

[calling]
most_priority_in_a_row = 2

[rating]
version = 1
window_s = 30
levels = [
  { score = 3, name = { vi = "Rất hài lòng", en = "Very satisfied" }, satisfied = true },
  { score = 2, name = { vi = "Hài lòng", en = "Satisfied" }, satisfied = true },
  { score = 1, name = { vi = "Không hài lòng", en = "Not satisfied" }, satisfied = false, reason = "required" },
]
reasons = [ { code = "slow", name = { vi = "Chờ lâu", en = "Long wait" } } ]
criteria = []

[[device]]
id = "kiosk-1"
kind = "kiosk"
printer = "printer-1"
offline = "Z1"
[[device]]
id = "kiosk-2"
kind = "kiosk"
offline = "Z2"
[[device]]
id = "printer-1"
kind = "printer"
address = "tcp://127.0.0.1:9100"
width_mm = 80
[[device]]
id = "keypad-1"
kind = "keypad"
counter = "c1"
[[device]]
id = "keypad-2"
kind = "keypad"
counter = "c2"
[[device]]
id = "rater-1"
kind = "rater"
counter = "c1"
[[device]]
id = "sign-1"
kind = "sign"
counter = "c1"
[[device]]
id = "board-1"
kind = "board"
zone = "hall"
"""


@dataclass
class Centre:
    """A running controller, and what it gave out."""

    folder: Path
    broker: str
    process: subprocess.Popen[str] | None = None
    http: str = ""
    mqtt_port: int = 0
    passwords: dict[str, str] = field(default_factory=dict)
    peers: list[Peer] = field(default_factory=list)
    clients: list[httpx.Client] = field(default_factory=list)
    given: tuple[str, str] | None = None
    speed: float = 1.0
    opening: str = OPENING
    descriptors: int | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def environment(self) -> dict[str, str]:
        given = {"LUOT_MQTT_PASSWORD": self.given[1]} if self.given else {}
        return {**os.environ, "LUOT_CLOCK": f"{self.opening}*{self.speed:g}", **given}

    def start(self) -> None:
        broker = ["--mqtt", self.given[0]] if self.given else ["--mqtt-listen", "127.0.0.1:0"]
        file = self.folder / "centre.toml"
        if not file.exists():
            file.write_text(CENTRE)
        with (self.folder / "serve.log").open("a") as said:
            limited = ["sh", "-c", f'ulimit -n {self.descriptors}; exec "$@"', "sh"] if self.descriptors else []
            self.process = subprocess.Popen(
                [*limited, sys.executable, "-m", "luot", "serve", "--centre", str(file), "--data", str(self.data),
                 "--http", "127.0.0.1:0", *broker],
                stdout=subprocess.PIPE, stderr=said, text=True, env=self.environment(),
            )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("ready "), (line, (self.folder / "serve.log").read_text()[-2000:])
        words = dict(part.split("=", 1) for part in line.split()[1:])
        self.http, self.mqtt_port = f"http://{words['http']}", int(words["mqtt"].rsplit(":", 1)[1])

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def stop(self) -> None:
        for peer in self.peers:
            peer.close()
        for client in self.clients:
            client.close()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(15)
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()

    def luot(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "luot", *arguments],
            capture_output=True, text=True, check=False, env=self.environment(), timeout=60,
        )  # fmt: skip

    def password(self, device: str, kind: str) -> str:
        if device not in self.passwords:
            made = self.luot("device", "add", kind, device, "--data", str(self.data), "--json")
            assert made.returncode == 0, made.stderr
            self.passwords[device] = json.loads(made.stdout)["password"]
        return self.passwords[device]

    def peer(self, device: str, *, old: bool = False) -> Peer:
        """Sign a configured device in, over MQTT 5 or 3.1.1."""
        version = MQTTProtocolVersion.MQTTv311 if old else MQTTProtocolVersion.MQTTv5
        peer = Peer(self.mqtt_port, device, self.password(device, device.split("-", maxsplit=1)[0]), version=version)
        assert peer.refused is None, peer.refused
        self.peers.append(peer)
        return peer

    def user(self, name: str, role: str) -> httpx.Client:
        """Make a user and give a client that is signed in as it."""
        made = self.luot("user", "add", name, "--role", role, "--data", str(self.data), "--json")
        assert made.returncode == 0, made.stderr
        password = json.loads(made.stdout)["password"]
        client = httpx.Client(base_url=f"{self.http}/api/v1", timeout=10)
        token = client.post("/session", json={"user": name, "password": password}).json()["token"]
        client.cookies.clear()
        client.headers["Authorization"] = f"Bearer {token}"
        self.clients.append(client)
        return client


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
