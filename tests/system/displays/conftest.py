"""The real commands as processes, on a real broker, with a controller that says what the test wants."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.channels import COMMAND, CONFIG, CONTROLLER_STATE, DEVICE_STATE, PRESS
from broker.contract.payloads import (
    Call,
    Command,
    ControllerState,
    DeviceConfig,
    Kind,
    Press,
)
from broker.link.address import Address
from broker.link.mqtt_link import MqttLink
from broker.runtime.clock import SystemClock
from broker.server.mosquitto import Mosquitto
from broker.server.provision import Provisioner
from tests.support.virtual_screen import virtual_screen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from broker.link.link import Message

ROOT = Path(__file__).resolve().parents[3]
CENTRE = "quang-ngai"
PATIENCE_S = 20.0


class Hall:
    """A controller that only says what the test wants, on a Mosquitto of its own."""

    def __init__(self, broker: Mosquitto, link: MqttLink) -> None:
        self.broker = broker
        self.link = link
        self.sessions: dict[str, str] = {}
        """By device that is online: the session that its last birth or heartbeat named."""
        self.presses: list[Press] = []
        self.extra: dict[str, str] = {}
        self._processes: list[asyncio.subprocess.Process] = []
        self._credentials = Provisioner(link)
        link.on(DEVICE_STATE, self._hear_state)
        link.on(PRESS, self._hear_press)

    async def _hear_state(self, message: Message[Any]) -> None:
        if message.payload is not None and message.payload.online:
            self.sessions[message.segments["device"]] = message.payload.session

    async def _hear_press(self, message: Message[Press]) -> None:
        if message.payload is not None:
            self.presses.append(message.payload)

    async def start(self, kind: Kind, name: str, folder: Path, *options: str, **config: Any) -> Any:
        """Start a device's command and wait until it is there."""
        card = {
            "id": CENTRE, "name": {"vi": "Trung tâm"}, "timezone": "Asia/Ho_Chi_Minh",
            "languages": ["vi"], "public_url": "http://127.0.0.1",
        }  # fmt: skip
        told = DeviceConfig.model_validate({"revision": 1, "kind": kind.value, "centre": card, **config})
        await self.link.publish(CONFIG, told, device=name)
        assert await self._credentials.grant(name, kind, f"secret of {name}")
        environment = {
            "PATH": os.environ["PATH"],
            "LUOT_PASSWORD": f"secret of {name}",
            "HOME": str(folder),
            **self.extra,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "luot.py", kind.value, "--mqtt", f"mqtt://{self.broker.host}:{self.broker.port}",
            "--centre", CENTRE, "--device", name, "--data", str(folder / name), *options,
            cwd=ROOT, env=environment | self.extra, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self._processes.append(process)
        await self.until(lambda: name in self.sessions)
        await self.link.publish(
            CONTROLLER_STATE, ControllerState(online=True, session=str(uuid.uuid4()), at=SystemClock().now())
        )
        return process

    async def order(self, op: str, device: str) -> None:
        """Send a device a command."""
        await self.link.publish(COMMAND, Command(id=str(uuid.uuid4()), op=op, ttl_s=30), device=device)

    async def until(self, holds: Callable[[], Any]) -> None:
        """Wait until something holds, with a deadline."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():  # noqa: ASYNC110 - other processes have no event here
                await asyncio.sleep(0.02)

    def call(self, number: str, recall: int = 0) -> Call:
        """Build a call of this moment to counter c1."""
        return Call(
            id=str(uuid.uuid5(uuid.NAMESPACE_OID, number)), number=number, counter="c1", label={"vi": "Quầy 1"},
            zone="hall", recall=recall, at=SystemClock().now(),
        )  # fmt: skip

    async def close(self) -> None:
        for process in self._processes:
            if process.returncode is None:
                process.kill()
            await process.wait()


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A virtual screen of its own; gives the name for DISPLAY."""
    with virtual_screen("1920x1200") as name:
        yield name


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with Mosquitto(tmp_path / "broker", CENTRE) as broker:
        link = MqttLink(Address(broker.host, broker.port), CENTRE, "controller", broker.password, SystemClock())
        made = Hall(broker, link)
        running = asyncio.create_task(link.run())
        try:
            await made.until(lambda: link.connected)
            yield made
        finally:
            await made.close()
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
