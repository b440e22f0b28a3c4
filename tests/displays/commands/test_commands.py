"""The real commands as processes, on a real broker."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from broker.address import Address
from broker.clock import SystemClock
from broker.contract.channels import CALLS, CONFIG, CONTROLLER_STATE, COUNTER_STATE, DEVICE_STATE, PRESS, REPLY
from broker.contract.payloads import (
    Call,
    ControllerState,
    CounterState,
    CounterStatus,
    DeviceConfig,
    Kind,
    Press,
    Reply,
)
from broker.mosquitto import Mosquitto
from broker.mqtt_link import MqttLink
from broker.provision import Provisioner

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from broker.link import Message

ROOT = Path(__file__).resolve().parents[3]
CENTRE = "quang-ngai"
PATIENCE_S = 20.0


async def until(holds: Callable[[], Any]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110 - other processes have no event here
            await asyncio.sleep(0.02)


def lines(path: Path, what: str) -> list[tuple[str, int]]:
    rows = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return [(row["number"], row["recall"]) for row in rows if row["what"] == what]


class Hall:
    """A controller that only says what the test wants, on a Mosquitto of its own."""

    def __init__(self, broker: Mosquitto, link: MqttLink) -> None:
        self.broker = broker
        self.link = link
        self.online: set[str] = set()
        self.presses: list[Press] = []
        self._processes: list[asyncio.subprocess.Process] = []
        self._credentials = Provisioner(link)
        link.on(DEVICE_STATE, self._hear_state)
        link.on(PRESS, self._hear_press)

    async def _hear_state(self, message: Message[Any]) -> None:
        if message.payload is not None and message.payload.online:
            self.online.add(message.segments["device"])

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
        environment = {"PATH": os.environ["PATH"], "LUOT_PASSWORD": f"secret of {name}", "HOME": str(folder)}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "luot.py", kind.value, "--mqtt", f"mqtt://{self.broker.host}:{self.broker.port}",
            "--centre", CENTRE, "--device", name, "--data", str(folder / name), *options,
            cwd=ROOT, env=environment, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self._processes.append(process)
        await until(lambda: name in self.online)
        await self.link.publish(
            CONTROLLER_STATE, ControllerState(online=True, session=str(uuid.uuid4()), at=SystemClock().now())
        )
        return process

    async def close(self) -> None:
        for process in self._processes:
            if process.returncode is None:
                process.kill()
            await process.wait()


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with Mosquitto(tmp_path / "broker", CENTRE) as broker:
        link = MqttLink(Address(broker.host, broker.port), CENTRE, "controller", broker.password, SystemClock())
        made = Hall(broker, link)
        running = asyncio.create_task(link.run())
        try:
            await until(lambda: link.connected)
            yield made
        finally:
            await made.close()
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running


def call(number: str, recall: int = 0) -> Call:
    return Call(
        id=str(uuid.uuid5(uuid.NAMESPACE_OID, number)), number=number, counter="c1", label={"vi": "Quầy 1"},
        zone="hall", recall=recall, at=SystemClock().now(),
    )  # fmt: skip


@pytest.mark.system
async def test_sign_and_board_without_a_window_record_what_they_showed_and_said(hall: Hall, tmp_path: Path) -> None:
    records, wav = tmp_path / "records", tmp_path / "wav"
    sign = await hall.start(
        Kind.SIGN, "sign-1", tmp_path, "--no-window", "--record", str(records / "sign-1"), counter="c1"
    )
    board = await hall.start(
        Kind.BOARD, "board-1", tmp_path, "--no-window", "--record", str(records / "board-1"),
        "--voice", "espeak", "--wav-dir", str(wav), zone="hall",
    )  # fmt: skip

    for one in (call("A001"), call("A002"), call("A002", recall=1), call("A002", recall=1)):
        await hall.link.publish(CALLS, one)

    expected = [("A001", 0), ("A002", 0), ("A002", 1)]
    await until(lambda: lines(records / "board-1", "spoken") == expected)
    assert lines(records / "board-1", "shown") == expected
    assert lines(records / "sign-1", "shown") == expected
    assert len(list(wav.glob("*.wav"))) == 3
    for process in (sign, board):
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0
    assert json.loads((tmp_path / "sign-1" / "config.json").read_text())["counter"] == "c1"


@pytest.mark.system
async def test_a_keypad_in_a_terminal_presses_and_shows_the_answer(hall: Hall, tmp_path: Path) -> None:
    state = CounterState(
        counter="c1", label={"vi": "Quầy 1"}, status=CounterStatus.OPEN, since=SystemClock().now(), waiting=3
    )
    await hall.link.publish(COUNTER_STATE, state, counter="c1")
    keypad = await hall.start(Kind.KEYPAD, "keypad-1", tmp_path, counter="c1")
    seen: list[str] = []

    async def read() -> None:
        async for raw in keypad.stdout:
            seen.append(raw.decode().strip())  # noqa: PERF401 - looked at while it grows

    reading = asyncio.create_task(read())
    await until(lambda: any(line.startswith("[Sẵn sàng | Chờ: 3]") for line in seen))
    keypad.stdin.write(b"next\n")
    keypad.stdin.close()
    await until(lambda: hall.presses)

    press = hall.presses[0]
    assert (press.button, press.for_, press.has_for) == ("next", None, True)
    calling = state.model_copy(update={"status": CounterStatus.CALLING, "number": "A007", "waiting": 2})
    reply = Reply(id=press.id or "", ok=True, result=calling.model_dump(mode="json"))
    await hall.link.publish(REPLY, reply, device="keypad-1")
    await until(lambda: any(line.startswith("[A007 Đang gọi | Chờ: 2]") for line in seen))
    assert await asyncio.wait_for(keypad.wait(), PATIENCE_S) == 0
    await reading
