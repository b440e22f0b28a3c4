"""The real command in a real window on a real broker, and a synthetic X pointer to touch it with."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from broker.contract.channels import CONFIG, CONTROLLER_STATE, DEVICE_STATE, REPLY, REQUEST
from broker.contract.payloads import ControllerState, DeviceConfig, Kind, Reply, Request
from broker.runtime.clock import SystemClock
from broker.server.provision import Provisioner

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.link.link import Message
    from broker.link.mqtt_link import MqttLink
    from broker.server.mosquitto import Mosquitto

ROOT = Path(__file__).resolve().parents[3]
CENTRE = "quang-ngai"
PATIENCE_S = 30.0
SMALL = ("kiosk", "540x960")
PAD = ("rater", "1280x800")
ALWAYS_OPEN = [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "open": ["00:00-24:00"]}]


class Finger:
    """A synthetic pointer: it reaches the program only through the X server."""

    def __init__(self, display: str) -> None:
        self._display = Display(display)

    def touch(self, x: int, y: int) -> None:
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        xtest.fake_input(self._display, X.ButtonPress, 1)
        self._display.sync()
        xtest.fake_input(self._display, X.ButtonRelease, 1)
        self._display.sync()

    def hold(self, x: int, y: int) -> None:
        """Put the finger down and leave it there."""
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        xtest.fake_input(self._display, X.ButtonPress, 1)
        self._display.sync()

    def leave(self) -> None:
        """Take the finger away."""
        xtest.fake_input(self._display, X.ButtonRelease, 1)
        self._display.sync()

    def close(self) -> None:
        self._display.close()


class Hall:
    """A controller that answers what the test says, and the commands of devices."""

    def __init__(self, broker: Mosquitto, link: MqttLink, display: str) -> None:
        self.link = link
        self.requests: list[dict[str, Any]] = []
        self.online: set[str] = set()
        self.answer: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda _: None
        self._broker, self._display = broker, display
        self._processes: list[asyncio.subprocess.Process] = []
        link.on(REQUEST, self._hear)
        link.on(DEVICE_STATE, self._state)

    async def _hear(self, message: Message[Request]) -> None:
        request = message.payload.model_dump() if message.payload else {}
        self.requests.append(request)
        result = self.answer(request)
        if result is not None:
            await self.link.publish(REPLY, Reply(id=request["id"], ok=True, result=result), device=message.segments["device"])  # fmt: skip  # noqa: E501 - one reply

    async def _state(self, message: Message[Any]) -> None:
        if message.payload is not None and message.payload.online:
            self.online.add(message.segments["device"])

    async def keep_beating(self) -> None:
        """Say every second that the controller lives."""
        while True:
            await asyncio.sleep(1)
            if self.link.connected:
                state = ControllerState(online=True, session=self.link.session, at=SystemClock().now())
                await self.link.publish(CONTROLLER_STATE, state)

    async def start(self, kind: Kind, name: str, folder: Path, size: str, data: dict[str, Any]) -> None:
        """Start a device's command with a window at the corner of the screen, and wait until it is there."""
        assert await Provisioner(self.link).grant(name, kind, "a password")
        await self.link.publish(CONFIG, DeviceConfig.model_validate(data), device=name)
        process = await self.run(kind, name, folder, size)
        await self.until(lambda: name in self.online or process.returncode is not None)
        assert process.returncode is None

    async def run(
        self, kind: Kind, name: str, folder: Path, size: str, port: int | None = None
    ) -> asyncio.subprocess.Process:
        """Start the command of a device that has its password and its configuration; at `port`, if not the broker's."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "DISPLAY": self._display, "LUOT_PASSWORD": "a password"}  # fmt: skip  # noqa: E501 - one environment
        process = await asyncio.create_subprocess_exec(
            sys.executable, "luot.py", kind.value, "--mqtt", f"mqtt://{self._broker.host}:{port or self._broker.port}",
            "--centre", CENTRE, "--device", name, "--data", str(folder / name), "--size", size, "--position", "0,0",
            "--screenshots", str(folder / "seen"), "--record", str(folder / "record.jsonl"), cwd=ROOT, env=environment,
        )  # fmt: skip
        self._processes.append(process)
        return process

    async def target(self, folder: Path, words: str) -> tuple[int, int]:
        """Wait until something with some words can be touched on the screen that came of the last touch; give where.

        What has just these words on it goes before what has more.
        """
        found: tuple[int, int] | None = None

        def look() -> bool:
            nonlocal found
            lines = recorded(folder)
            since = max((at for at, line in enumerate(lines) if line["what"] == "touched"), default=-1)
            shown: dict[str, Any] = next(
                (line["targets"] for line in reversed(lines[since + 1 :]) if line["what"] == "screen"), {}
            )
            places = [shown[words]] if words in shown else [place for text, place in shown.items() if words in text]
            found = (places[0][0], places[0][1]) if places else None
            return found is not None

        await self.until(look)
        assert found is not None
        return found

    async def touch(self, finger: Finger, folder: Path, *words: str) -> None:
        """Touch targets one after another, each on the screen that came of the touch before."""
        for one in words:
            x, y = await self.target(folder, one)
            heard = touches(folder) + 1
            finger.touch(x, y)
            await self.until(partial(heard_all, folder, heard))

    async def kill(self) -> None:
        """Kill the last process that was started, as a crash would."""
        process = self._processes.pop()
        process.kill()
        await process.wait()

    async def until(self, holds: Callable[[], Any]) -> None:
        """Wait until something holds, with a deadline."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():  # noqa: ASYNC110 - another process has no event here
                await asyncio.sleep(0.02)

    async def stop(self) -> list[int]:
        """Ask every process to end; gives how each did."""
        for process in self._processes:
            if process.returncode is None:
                process.terminate()
        return [await asyncio.wait_for(process.wait(), PATIENCE_S) for process in self._processes]

    async def close(self) -> None:
        for process in self._processes:
            if process.returncode is None:
                process.kill()
                await process.wait()


def recorded(folder: Path) -> list[dict[str, Any]]:
    """Give what a window has told of itself."""
    file = folder / "record.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def touches(folder: Path) -> int:
    """Give how many touches a window has heard."""
    return sum(line["what"] == "touched" for line in recorded(folder))


def heard_all(folder: Path, count: int) -> bool:
    """Tell whether a window has heard so many touches."""
    return touches(folder) >= count


def place(drawn: Any, sheet: tuple[str, str], face: str, words: str) -> tuple[int, int]:
    """Give the middle of the target with some words on it, as another window of the same size draws it."""
    row = next(row for row in drawn(*sheet) if row.get("name") == face and row["lang"] == "vi")
    x, y = next(where for text, where in row["targets"].items() if words in text)
    return int(x), int(y)


async def take_a_number(hall: Hall, finger: Finger, drawn: Any, tmp_path: Path) -> None:
    """Touch the way from the first screen to a service."""
    seen, asked = tmp_path / "seen", len(hall.requests)
    await hall.until((seen / "welcome-vi.png").exists)
    finger.touch(*place(drawn, SMALL, "welcome", "Lấy số thứ tự"))
    await hall.until((seen / "groups-vi.png").exists)
    finger.touch(*place(drawn, SMALL, "groups", "Đất đai – Đo đạc"))
    await hall.until((seen / "services-vi.png").exists)
    finger.touch(*place(drawn, SMALL, "services", "Nộp hồ sơ đất đai"))
    await hall.until(lambda: len(hall.requests) > asked)
