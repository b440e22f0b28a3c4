"""The centre that benchmarks run against: `luot serve` with its own broker in a folder of its own, always open."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from deploy.demo.processes import DemoFault, Programs, ready_line
from deploy.driver.figure import BenchFault

if TYPE_CHECKING:
    from collections.abc import Sequence

CENTRE = "bench"
SERVICE = "one"
START_SECONDS = 60.0
ADMIN = "admin"
HEAD = f"""
[centre]
id = "{CENTRE}"
name = {{ vi = "Trung tâm", en = "Centre" }}
timezone = "Asia/Ho_Chi_Minh"
languages = ["vi"]
public_url = "http://127.0.0.1:8000"
[[hours]]
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
open = ["00:00-24:00"]
[[group]]
id = "all"
name = {{ vi = "Tất cả", en = "All" }}
[[service]]
id = "{SERVICE}"
group = "all"
series = "A"
name = {{ vi = "Dịch vụ", en = "Service" }}
mean_service_min = 8
target_wait_min = 30
"""


def centre_text(kiosks: int, counters: int) -> str:
    """Give a centre with one service, so many kiosks, and a keypad and a sign at each counter."""
    parts = [HEAD]
    parts += [
        f'[[counter]]\nid = "c{n}"\nlabel = {{ vi = "Quầy {n}" }}\nzone = "hall"\nservices = ["{SERVICE}"]\n'
        f'[[device]]\nid = "keypad-{n}"\nkind = "keypad"\ncounter = "c{n}"\n'
        f'[[device]]\nid = "sign-{n}"\nkind = "sign"\ncounter = "c{n}"\n'
        for n in range(1, counters + 1)
    ]
    parts += [f'[[device]]\nid = "kiosk-{n}"\nkind = "kiosk"\noffline = "Z{n}"\n' for n in range(1, kiosks + 1)]
    return "".join(parts)


@dataclass(slots=True)
class Served:
    """A running controller. `http` and `mqtt` are HOST:PORT, `token` signs the administrator's calls.

    Its broker listens on `listen`.
    """

    folder: Path
    programs: Programs
    http: str = ""
    mqtt: str = ""
    token: str = ""
    passwords: dict[str, str] = field(default_factory=dict)
    listen: str = "127.0.0.1"

    @property
    def bearer(self) -> dict[str, str]:
        """Give the header that signs the administrator's calls."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def broker(self) -> tuple[str, int]:
        """Give the broker's host and port."""
        return host_and_port(self.mqtt)

    def write(self, text: str) -> None:
        """Lay down the configuration."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "centre.toml").write_text(text, encoding="utf-8")

    async def start(self) -> None:
        """Start the controller, for the first time or again, and return when it is ready."""
        serve = await self.programs.luot(
            "controller", "serve", "--centre", str(self.folder / "centre.toml"), "--data", str(self.folder / "data"),
            "--http", "127.0.0.1:0", "--mqtt-listen", f"{self.listen}:0", pipe=True,
        )  # fmt: skip
        try:
            line = await ready_line(serve, START_SECONDS)
        except DemoFault as fault:
            raise BenchFault(f"{fault}: {self.programs.last_words('controller')}") from fault
        said = dict(part.split("=", 1) for part in line.split()[1:])
        self.http, self.mqtt = said["http"], said["mqtt"]

    async def sign_in(self, devices: Sequence[str]) -> None:
        """Make the administrator, and passwords for devices."""
        made = await self.programs.output(
            "user-add", "user", "add", ADMIN, "--role", "administrator", "--data", str(self.folder / "data"), "--json"
        )
        body = {"user": ADMIN, "password": json.loads(made)["password"]}
        async with httpx.AsyncClient(base_url=f"http://{self.http}/api/v1", timeout=30) as client:
            self.token = (await client.post("/session", json=body)).raise_for_status().json()["token"]
            for device in devices:
                kind = device.partition("-")[0]
                answer = await client.post("/devices", json={"kind": kind, "id": device}, headers=self.bearer)
                if answer.status_code != 201:
                    raise BenchFault(f"no password for {device}: {answer.status_code} {answer.text[:200]}")
                self.passwords[device] = answer.json()["password"]

    async def get(self, path: str) -> Any:  # noqa: ANN401 - JSON of many shapes
        """Read from the HTTP door as the administrator."""
        async with httpx.AsyncClient(base_url=f"http://{self.http}/api/v1", timeout=30) as client:
            return (await client.get(path, headers=self.bearer)).raise_for_status().json()


async def served(folder: Path, programs: Programs, *, kiosks: int = 1, counters: int = 1) -> Served:
    """Start a centre in a folder, with passwords for all of its devices."""
    centre = Served(folder, programs)
    centre.write(centre_text(kiosks, counters))
    await centre.start()
    of_counters = [f"{kind}-{n}" for n in range(1, counters + 1) for kind in ("keypad", "sign")]
    await centre.sign_in([*(f"kiosk-{n}" for n in range(1, kiosks + 1)), *of_counters])
    return centre


def bare_peer(name: str) -> list[str]:
    """Give the command of a bare peer; they lie beside the tests, where any library may be used."""
    path = Path(__file__).parents[2] / "tests" / "bench" / f"{name}.py"
    if not path.exists():
        raise BenchFault(
            f"{path.name} to compare with is not here; run the benchmark from a checkout, it lies in tests/bench"
        )
    return [sys.executable, str(path)]


def host_and_port(address: str) -> tuple[str, int]:
    """Take HOST:PORT apart."""
    host, _, port = address.rpartition(":")
    return host, int(port)
