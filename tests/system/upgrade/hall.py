"""A whole hall by the `luot` of any tree: broker, controller, devices with their windows, paper, a finger."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy.demo.printer_sink import PrinterSink
from deploy.demo.processes import Programs, die_with_parent
from deploy.demo.screen import start_xvfb
from deploy.driver.hand import Hand
from deploy.driver.watcher import Watcher
from tests.behaviour import http
from tests.behaviour.mqtt import ROOT, Connection, Heard, Json
from tests.behaviour.tree import Broker, Server, Tree

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

CENTRE_ID = "thu-nghiem"
PAPERS = ("paper-1", "paper-2")
ATTACHED = "printer-1"
SIZE = (540, 960)
SCREEN = (1280, 960)
PATIENCE_S = 60.0
WITHOUT_WINDOW = {"sign": ("--no-window",), "board": ("--no-window", "--voice", "off")}
WITH_WINDOW = {"sign": ("--size", "640x360"), "board": ("--size", "1280x720", "--voice", "off")}


async def until(look: Callable[[], object], what: str, seconds: float = PATIENCE_S) -> None:
    """Wait until something is so; running out of time is a TimeoutError that says what was missing."""
    deadline = time.monotonic() + seconds
    while not look():
        if time.monotonic() > deadline:
            raise TimeoutError(f"within {seconds:g} s there was no {what}")
        await asyncio.sleep(0.02)


@dataclass
class Hall:
    """Everything in one folder: `data` of the controller, `devices/NAME` of each device, logs and records."""

    tree: Tree
    programs: Programs
    papers: dict[str, PrinterSink]
    passwords: dict[str, str] = field(default_factory=dict)
    display: str = ""
    broker: Broker | None = None
    server: Server | None = None
    ear: Connection | None = None
    token: str = ""

    @property
    def folder(self) -> Path:
        """Where everything lies."""
        return self.tree.folder

    @property
    def data(self) -> Path:
        """The data directory of the controller."""
        return self.folder / "data"

    # ---- controller and broker ----

    async def luot(self, *words: str, stdin: str = "") -> str:
        """Run a command on the data directory; gives its output, and fails as it does."""
        status, out, err = await asyncio.to_thread(self.tree.run, [*words, "--data", str(self.data)], stdin)
        assert status == 0, (words, status, out, err)
        return out

    async def connect(self, *source: str) -> None:
        """Start the broker, with the users of a store where there is one, and hear everything on it."""
        words = source or ("--centre", CENTRE_ID)
        self.broker = await asyncio.to_thread(Broker, self.tree, self.folder / "broker", words)
        self.ear = Connection(self.broker.open_port, "listener", "")
        self.ear.subscribe(f"{ROOT}/#")

    async def serve(self, *words: str) -> None:
        """Start the controller."""
        assert self.broker is not None
        given = [
            "--data", str(self.data), "--http", f"127.0.0.1:{self.tree.http_port}",
            "--mqtt", f"mqtt://127.0.0.1:{self.tree.mqtt_port}",
        ]  # fmt: skip
        more = {"LUOT_MQTT_PASSWORD": self.broker.password}
        log = self.folder / "logs" / "serve.log"
        log.parent.mkdir(exist_ok=True)
        self.server = await asyncio.to_thread(Server, self.tree, [*given, *words], log, more)

    def end_controller(self, with_signal: signal.Signals = signal.SIGTERM) -> None:
        """End the controller."""
        if self.server is not None:
            self.server.end(with_signal)
            self.server = None

    def cut(self) -> None:
        """End controller and broker at once, as a hall without power."""
        self.end_controller(signal.SIGKILL)
        if self.ear is not None:
            self.ear.close()
        if self.broker is not None:
            self.broker.stop()
        self.ear = self.broker = None

    # ---- over HTTP ----

    def call(self, method: str, path: str, body: object = None, key: str = "") -> http.Answer:
        """Make a call as the administrator."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        if key:
            headers["Idempotency-Key"] = key
        raw = None if body is None else json.dumps(body).encode()
        return http.call(self.tree.http_port, method, f"/api/v1{path}", raw, headers)

    def sign_in(self, user: str, password: str) -> None:
        """Sign the administrator in."""
        answer = self.call("POST", "/session", {"user": user, "password": password})
        assert answer.status == 200, answer
        self.token = answer.json["token"]

    def journal(self) -> list[Json]:
        """Give every event of the journal."""
        return list(self.call("GET", "/events?limit=1000").json["items"])

    async def settled(self) -> None:
        """Wait until every command to a device that hears it has its result in the journal."""
        await until(lambda: not self._open(), "results of all commands")

    def _open(self) -> set[str]:
        assert self.ear is not None
        sent = {one.payload["id"] for one in self.ear.heard if one.topic.endswith("/command")}
        return sent - {one.payload["id"] for one in self.ear.heard if one.topic.endswith("/result")}

    def numbers(self) -> list[str]:
        """Give the numbers that the journal says were given, in order."""
        return [event["data"]["number"] for event in self.journal() if event["type"] in ("issued", "renumbered")]

    # ---- devices ----

    def place(self, name: str) -> Path:
        """The data folder of a device."""
        return self.folder / "devices" / name

    def record(self, name: str) -> Path:
        """Where a device writes what it did."""
        return self.folder / "records" / f"{name}.jsonl"

    def rows(self, name: str, what: str) -> list[Json]:
        """Give what a device wrote about things of a kind."""
        file = self.record(name)
        lines = file.read_text().splitlines() if file.exists() else []
        return [row for row in map(json.loads, lines) if row["what"] == what]

    async def run(self, name: str, *options: str) -> None:
        """Start the program of a device, whatever it will do; a keypad gets a pipe for its buttons."""
        kind = name.partition("-")[0]
        kept = ("--record", str(self.record(name))) if kind != "printer" else ()
        own = {"LUOT_PASSWORD": self.passwords[name], "DISPLAY": self.display}
        if kind == "kiosk":
            own["LUOT_PRINTER_PASSWORD"] = self.passwords[ATTACHED]
        self.programs.logs.mkdir(exist_ok=True)
        with (self.programs.logs / f"{name}.log").open("ab") as log:
            self.programs.running[name] = await asyncio.create_subprocess_exec(
                *self.tree.command, kind, "--mqtt", f"mqtt://127.0.0.1:{self.tree.mqtt_port}", "--centre", CENTRE_ID,
                "--device", name, "--data", str(self.place(name)), *kept, *options,
                cwd=self.tree.root, env=self.tree.environment(own), stdin=asyncio.subprocess.PIPE, stdout=log,
                stderr=log, preexec_fn=die_with_parent,
            )  # fmt: skip

    async def press(self, name: str, button: str) -> None:
        """Press a button of a keypad."""
        pad = self.programs.running[name].stdin
        assert pad is not None
        pad.write(f"{button}\n".encode())
        await pad.drain()

    async def run_kiosk(self) -> Watcher:
        """Start the kiosk in its window; gives what watches it."""
        self.record("kiosk-1").unlink(missing_ok=True)
        pictures = str(self.folder / "pictures")
        size = f"{SIZE[0]}x{SIZE[1]}"
        await self.run("kiosk-1", "--size", size, "--position", "0,0", "--screenshots", pictures)
        return Watcher(self.record("kiosk-1"))

    async def kill(self, name: str) -> None:
        """End a device as a crash would."""
        process = self.programs.running.pop(name)
        process.kill()
        await process.wait()

    def said(self, topic: str) -> list[Heard]:
        """Give what went over a topic, in order."""
        assert self.ear is not None
        return [one for one in self.ear.heard if one.topic == f"{ROOT}/{topic}"]

    async def there(self, *names: str) -> None:
        """Wait until devices have said that they are there."""
        for name in names:
            topic = f"device/{name}/state"
            await until(
                lambda topic=topic: any(one.payload.get("online") for one in self.said(topic)),  # type: ignore[misc]
                f"birth of {name}: {self.programs.last_words(name)}",
            )

    def close(self) -> None:
        """End what is not a program of a device."""
        self.cut()


@asynccontextmanager
async def hall(tree: Tree, clock: str) -> AsyncIterator[Hall]:
    """Set up a screen and paper for a tree, with nothing running yet; its clock begins here, and all ends here."""
    tree.clock, tree.speed, tree.anchor = clock, "1", f"{time.monotonic()}"
    folder = tree.folder
    programs = Programs(folder / "logs", {})
    papers = {name: PrinterSink(folder=folder / name) for name in PAPERS}
    made = Hall(tree, programs, papers)
    try:
        for paper in papers.values():
            await paper.start()
        xvfb, made.display = await start_xvfb(*SCREEN)
        programs.running["xvfb"] = xvfb
        yield made
    finally:
        await programs.stop_all()
        made.close()
        for paper in papers.values():
            await paper.stop()


@asynccontextmanager
async def finger(made: Hall) -> AsyncIterator[Hand]:
    """A finger on the kiosk's glass."""
    hand = Hand(made.display)
    try:
        yield hand
    finally:
        hand.close()
