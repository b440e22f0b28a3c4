"""The hall of the demonstration: a controller with its own broker, and credentials for every device and user."""

from __future__ import annotations

import json
import math
import socket
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any

import httpx

from deploy.demo.processes import DemoFault, Programs, ready_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SHIPPED = "quang-ngai.toml"
PROCEDURES = "quang-ngai-procedures-illustration.csv"
"""What the kiosk lets people read: written for the demonstration, not legal text."""
START_SECONDS = 60.0
LONGEST_WINDOW_S = 3600
"""What a configuration may say at most."""
ROLES = {"admin": "administrator", "giam-sat": "supervisor", "can-bo": "officer"}
"""The accounts of the demonstration: what they are called is what they are; nobody is invented."""


def free_port() -> int:
    """Give a TCP port of the loopback interface that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def centre_text(addresses: Mapping[str, str], public_url: str, speed: float) -> str:
    """Give the shipped centre with what this run needs put in.

    That is the printers' addresses, the public address, and a rating window that is as long for a real finger as in a
    centre, however fast the day passes.
    """
    text = (resources.files("deploy") / "centres" / SHIPPED).read_text(encoding="utf-8")
    document = tomllib.loads(text)
    for device in document["device"]:
        if device["id"] in addresses:
            text = text.replace(f'"{device["address"]}"', f'"{addresses[device["id"]]}"')
    window = document["rating"]["window_s"]
    text = text.replace(f"window_s = {window}", f"window_s = {min(math.ceil(window * speed), LONGEST_WINDOW_S)}")
    return text.replace(f'"{document["centre"]["public_url"]}"', f'"{public_url}"')


@dataclass(slots=True)
class Hall:
    """What the demonstration knows of its centre once the controller is up."""

    folder: Path
    programs: Programs
    centre: dict[str, Any]
    http: str
    mqtt: str
    passwords: dict[str, str] = field(default_factory=dict)
    logins: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The slug of the centre."""
        slug: str = self.centre["centre"]["id"]
        return slug

    def devices(self, kind: str) -> list[dict[str, Any]]:
        """Give the configured devices of a kind."""
        return [device for device in self.centre["device"] if device["kind"] == kind]

    def bearer(self, user: str) -> dict[str, str]:
        """Give the header that signs a user's calls."""
        return {"Authorization": f"Bearer {self.tokens[user]}"}

    def connection(self, device: str) -> list[str]:
        """Give the options with which a device's program finds its broker; the password goes by the environment."""
        return ["--mqtt", f"mqtt://{self.mqtt}", "--centre", self.id, "--device", device]

    def secret(self, device: str) -> dict[str, str]:
        """Give the environment that carries a device's password."""
        return {"LUOT_PASSWORD": self.passwords[device]}

    async def get(self, path: str, user: str = "giam-sat") -> Any:  # noqa: ANN401 - JSON of many shapes
        """Read from the HTTP door as a user."""
        async with httpx.AsyncClient(base_url=self.http, timeout=30) as client:
            answer = await client.get(f"/api/v1{path}", headers=self.bearer(user))
            answer.raise_for_status()
            return answer.json()


async def open_hall(
    folder: Path, programs: Programs, addresses: Mapping[str, str], speed: float, port: int | None = None
) -> Hall:
    """Start the controller with the shipped centre and give every device and user its credentials."""
    http_port = port or free_port()
    data, file = folder / "data", folder / "centre.toml"
    file.write_text(centre_text(addresses, f"http://127.0.0.1:{http_port}", speed), encoding="utf-8")
    serve = await programs.luot(
        "controller", "serve", "--centre", str(file), "--data", str(data),
        "--http", f"127.0.0.1:{http_port}", "--mqtt-listen", "127.0.0.1:0", pipe=True,
    )  # fmt: skip
    try:
        said = await ready_line(serve, START_SECONDS)
    except DemoFault as fault:
        raise DemoFault(f"{fault}: {programs.last_words('controller')}") from fault
    words = dict(part.split("=", 1) for part in said.split()[1:])
    hall = Hall(folder, programs, tomllib.loads(file.read_text()), f"http://{words['http']}", words["mqtt"])
    await _procedures(hall, data)
    await _accounts(hall, data)
    await _credentials(hall)
    kept = folder / "logins.json"
    kept.touch(mode=0o600)
    kept.write_text(json.dumps(hall.logins), encoding="utf-8")
    return hall


async def _procedures(hall: Hall, data: Path) -> None:
    """Bring in what people may read about procedures, as a centre does."""
    with resources.as_file(resources.files("deploy") / "centres" / PROCEDURES) as file:
        await hall.programs.output("procedures", "centre", "procedures", "import", str(file), "--data", str(data))


async def _accounts(hall: Hall, data: Path) -> None:
    """Make the administrator by the command line, as a centre does, and the others over HTTP."""
    made = await hall.programs.output(
        "user-add", "user", "add", "admin", "--role", "administrator", "--data", str(data), "--json"
    )
    hall.logins["admin"] = json.loads(made)["password"]
    async with httpx.AsyncClient(base_url=hall.http, timeout=30) as client:
        await _sign_in(hall, client, "admin")
        for user, role in ROLES.items():
            if user in hall.logins:
                continue
            answer = await client.post("/api/v1/users", json={"user": user, "role": role}, headers=hall.bearer("admin"))
            answer.raise_for_status()
            hall.logins[user] = answer.json()["password"]
            await _sign_in(hall, client, user)


async def _sign_in(hall: Hall, client: httpx.AsyncClient, user: str) -> None:
    answer = await client.post("/api/v1/session", json={"user": user, "password": hall.logins[user]})
    answer.raise_for_status()
    hall.tokens[user] = answer.json()["token"]


async def _credentials(hall: Hall) -> None:
    """Give every configured device a password; it is valid when the call returns."""
    async with httpx.AsyncClient(base_url=hall.http, timeout=30) as client:
        for device in hall.centre["device"]:
            body = {"kind": device["kind"], "id": device["id"]}
            answer = await client.post("/api/v1/devices", json=body, headers=hall.bearer("admin"))
            if answer.status_code != 201:
                raise DemoFault(f"no password for {device['id']}: {answer.status_code} {answer.text[:200]}")
            hall.passwords[device["id"]] = answer.json()["password"]
