"""`press-to-sign`: an officer's press on a keypad until the text of the real `luot sign` window has changed.

The sign runs under Xvfb and writes down each call right after its window has taken the new text; the record is a pipe,
so the benchmark hears of it at once.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broker.contract.channels import PRESS, REPLY, REQUEST
from deploy.bench.raw_mqtt import RawDevice, raw_device
from deploy.demo.processes import Programs
from deploy.demo.screen import start_xvfb
from deploy.driver.figure import BenchFault, Figure, percentile
from deploy.driver.local_centre import CENTRE, SERVICE, Served, served

if TYPE_CHECKING:
    from collections.abc import Iterator

PRESSES = 150
WARM = 10
PAUSE_S = 0.05
MEDIAN_MS, P99_MS = 15.0, 50.0
SHOW_SECONDS = 5.0
WINDOW_SECONDS = 30.0


def figures() -> Iterator[dict[str, Any]]:
    """Measure, and give the figures."""
    with tempfile.TemporaryDirectory(prefix="luot-bench-") as folder:
        times = asyncio.run(_measure(Path(folder)))
    median, slow = percentile(times, 0.5), percentile(times, 0.99)
    yield Figure(
        "press-to-sign",
        median,
        "ms",
        budget=f"median <= {MEDIAN_MS:.0f} ms, p99 <= {P99_MS:.0f} ms",
        met=median <= MEDIAN_MS and slow <= P99_MS,
        detail={
            "p90": round(percentile(times, 0.9), 2), "p99": round(slow, 2), "presses": len(times),
            "until": "the text of a real sign's window under Xvfb",
        },
    ).line()  # fmt: skip


class Shown:
    """What the sign writes into the pipe: each call that it shows."""

    def __init__(self, pipe: Path) -> None:
        os.mkfifo(pipe)
        self._file = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        self._rest = b""
        self.calls: asyncio.Queue[tuple[float, dict[str, Any]]] = asyncio.Queue()
        asyncio.get_running_loop().add_reader(self._file, self._read)

    def _read(self) -> None:
        now = time.perf_counter()
        try:
            written = os.read(self._file, 65536)
        except BlockingIOError:  # woken, though there was nothing
            return
        *lines, self._rest = (self._rest + written).split(b"\n")
        for line in lines:
            self.calls.put_nowait((now, json.loads(line)))

    async def next(self, seconds: float) -> float:
        """Give the moment of the next call that is shown."""
        try:
            async with asyncio.timeout(seconds):
                moment, call = await self.calls.get()
        except TimeoutError as error:
            raise BenchFault(f"the sign showed nothing within {seconds:.0f} s of a press") from error
        if call["what"] != "shown":
            raise BenchFault(f"the sign did not show the call of {call['number']}: {call['what']}")
        return moment

    def close(self) -> None:
        """Stop listening."""
        asyncio.get_running_loop().remove_reader(self._file)
        os.close(self._file)


class Officer:
    """The keypad of the counter, and a kiosk that keeps the line filled."""

    def __init__(self) -> None:
        self._replies: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._keypad: RawDevice
        self._kiosk: RawDevice

    async def sign_in(self, centre: Served) -> None:
        """Connect both devices."""
        self._keypad, self._kiosk = [
            await raw_device(
                *centre.broker, name, centre.passwords[name], REPLY.topic(CENTRE, device=name), self._heard
            )
            for name in ("keypad-1", "kiosk-1")
        ]

    def _heard(self, _topic: str, raw: bytes) -> None:
        self._replies.put_nowait(json.loads(raw))

    async def issue(self) -> None:
        """Put one more into the line."""
        self._kiosk.publish(REQUEST.topic(CENTRE, device="kiosk-1"), _message(op="issue", service=SERVICE))
        await self._answered()

    async def press(self, button: str) -> float:
        """Press, wait for the answer, and give the moment of the press."""
        begin = time.perf_counter()
        self._keypad.publish(PRESS.topic(CENTRE, device="keypad-1"), _message(button=button))
        await self._answered()
        return begin

    async def _answered(self) -> None:
        async with asyncio.timeout(SHOW_SECONDS):
            reply = await self._replies.get()
        if not reply["ok"]:
            raise BenchFault(f"the controller refused: {reply['error']['code']}")

    def close(self) -> None:
        """Leave."""
        self._keypad.close()
        self._kiosk.close()


def _message(**fields: str) -> bytes:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    return json.dumps({"id": str(uuid.uuid4()), "at": at, **fields}).encode()


async def _measure(folder: Path) -> list[float]:
    programs = Programs(folder / "logs", {})
    xvfb, display = await start_xvfb(800, 480)
    programs.running["xvfb"] = xvfb
    try:
        centre = await served(folder, programs)
        shown, officer = Shown(folder / "shown"), Officer()
        await officer.sign_in(centre)
        try:
            await _start_sign(centre, display, folder / "shown")
            await officer.press("open")
            await _settle(officer, shown)
            return [await _press(officer, shown) for _ in range(WARM + PRESSES)][WARM:]
        finally:
            officer.close()
            shown.close()
    finally:
        await programs.stop_all()


async def _start_sign(centre: Served, display: str, record: Path) -> None:
    await centre.programs.luot(
        "sign", "sign", "--mqtt", f"mqtt://{centre.mqtt}", "--centre", CENTRE, "--device", "sign-1",
        "--record", str(record), "--data", str(centre.folder / "sign"), "--size", "800x480",
        extra={"LUOT_PASSWORD": centre.passwords["sign-1"], "DISPLAY": display},
    )  # fmt: skip


async def _settle(officer: Officer, shown: Shown) -> None:
    """Call until the sign is up and shows it."""
    deadline = time.monotonic() + WINDOW_SECONDS
    while time.monotonic() < deadline:
        await officer.issue()
        await officer.press("next")
        try:
            await shown.next(0.5)
        except BenchFault:
            continue
        return
    raise BenchFault(f"the sign did not show any call within {WINDOW_SECONDS:.0f} s")


async def _press(officer: Officer, shown: Shown) -> float:
    await officer.issue()
    await asyncio.sleep(PAUSE_S)
    begin = await officer.press("next")
    took = (await shown.next(SHOW_SECONDS) - begin) * 1000
    await asyncio.sleep(PAUSE_S)
    return took
