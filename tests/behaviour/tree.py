"""A tree whose behaviour is recorded: its `luot`, started as users start it, and a Mosquitto beside it."""

from __future__ import annotations

import json
import os
import selectors
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.support.ports import lasting_port

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Sequence
    from pathlib import Path

START_S = 60.0
STOP_S = 30.0
FROZEN = "1e-9"
"""A speed at which a driven clock stands still: every instant of a process is that of its start."""


def until(look: Callable[[], object], what: str, seconds: float = 20.0) -> None:
    """Wait until something is so; running out of time is a TimeoutError that says what was missing."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not look():
        if time.monotonic() > deadline:
            raise TimeoutError(f"within {seconds:g} s there was no {what}")
        pause.wait(0.005)


@dataclass
class Tree:
    """What starts a tree's `luot`, and where; a working folder for what it keeps; the instant its programs live in."""

    command: tuple[str, ...]
    root: Path
    folder: Path
    clock: str = "2026-11-23T06:50:00+07:00"
    speed: str = FROZEN
    anchor: str = ""
    http_port: int = field(default_factory=lasting_port)
    mqtt_port: int = field(default_factory=lasting_port)

    @classmethod
    def of(cls, luot: Path, folder: Path) -> Tree:
        """Give the tree of a `luot` that lies in the tree's own virtual environment, `.venv/bin` or another."""
        return cls((str(luot),), luot.parents[2], folder)

    def environment(self, more: dict[str, str] | None = None) -> dict[str, str]:
        """Give an environment that is the same on every machine, but for the search path."""
        fixed = {
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "dumb",
            "NO_COLOR": "1",
            "COLUMNS": "100",
            "PYTHONHASHSEED": "0",
        }
        own = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LUOT_CLOCK": f"{self.clock}*{self.speed}"}
        anchor = {"LUOT_CLOCK_ANCHOR": self.anchor} if self.anchor else {}
        return {**fixed, **own, **anchor, **(more or {})}

    def run(self, words: list[str], stdin: str = "", more: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Run a command to its end; gives exit status, standard output and error output."""
        done = subprocess.run(
            [*self.command, *words],
            input=stdin, capture_output=True, text=True, check=False, timeout=120, cwd=self.root,
            env=self.environment(more),
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr


class Server:
    """A running `luot serve`."""

    def __init__(self, tree: Tree, words: list[str], log: Path, more: dict[str, str] | None = None) -> None:
        with log.open("a") as said:
            self.process = subprocess.Popen(
                [*tree.command, "serve", *words],
                stdout=subprocess.PIPE, stderr=said, text=True, cwd=tree.root, env=tree.environment(more),
            )  # fmt: skip
        self.ready = self._line(log)

    def _line(self, log: Path) -> str:
        out = self.process.stdout
        if out is None:
            raise RuntimeError("a server was started without its output")
        with selectors.DefaultSelector() as selector:
            selector.register(out, selectors.EVENT_READ)
            if not selector.select(START_S):
                self.process.kill()
                raise TimeoutError(f"luot serve was not ready within {START_S:g} s; see {log}")
        line = out.readline().strip()
        if not line.startswith("ready "):
            raise RuntimeError(f"luot serve ended at its start; see {log}: {log.read_text()[-2000:]}")
        return line

    def end(self, with_signal: signal.Signals) -> int:
        """End it by a signal; gives its exit status."""
        self.process.send_signal(with_signal)
        status = self.process.wait(STOP_S)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return status


class Broker:
    """A Mosquitto with the files of `luot broker-files`, and a second door at which nobody is asked who they are.

    The controller takes every user away that it does not know, so the listener of a recording cannot be one.
    """

    LISTENER = "recorder"

    def __init__(self, tree: Tree, folder: Path, source: Sequence[str] = ("--centre", "thu-nghiem")) -> None:
        listen = ("--listen", f"127.0.0.1:{tree.mqtt_port}")
        made = tree.run(["broker-files", str(folder), *source, *listen, "--user", "root", "--json"])
        if made[0]:
            raise RuntimeError(f"luot broker-files failed: {made[2]}")
        told = json.loads(made[1])
        self.password: str = told["password"]
        self.made = {path.name: path.read_text() for path in sorted(folder.iterdir()) if path.is_file()}
        self.open_port = lasting_port()
        config = folder / "mosquitto.conf"
        config.write_text(two_doors(config.read_text(), self.open_port))
        self._log = (folder.parent / "mosquitto.log").open("a")
        self._process = subprocess.Popen(["mosquitto", "-c", str(config)], stderr=self._log)
        until(lambda: listens(tree.mqtt_port) and listens(self.open_port), "listening Mosquitto")

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(STOP_S)
        self._log.close()


def two_doors(config: str, port: int) -> str:
    """Bind the rights of a configuration to its listener, and add a listener of this machine without any."""
    guarded = ("plugin", "allow_anonymous")
    lines = [line for line in config.splitlines() if not line.startswith("per_listener_settings")]
    rights = [line for line in lines if line.startswith(guarded)]
    rest = [line for line in lines if not line.startswith(guarded)]
    more = [f"listener {port} 127.0.0.1", "allow_anonymous true", ""]
    return "\n".join(["per_listener_settings true", *rest, *rights, *more])


def listens(port: int) -> bool:
    """Tell whether anybody listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
