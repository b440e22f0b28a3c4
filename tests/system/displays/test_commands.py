"""The real commands as processes, on a real broker."""

from __future__ import annotations

import asyncio
import json
import signal
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.channels import CALLS, COUNTER_STATE, REPLY
from broker.contract.payloads import CounterState, CounterStatus, Kind, Reply
from broker.runtime.clock import SystemClock

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 20.0


def lines(path: Path, what: str) -> list[tuple[str, int]]:
    rows = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return [(row["number"], row["recall"]) for row in rows if row["what"] == what]


@pytest.mark.system
async def test_sign_and_board_without_a_window_record_what_they_showed_and_said(hall: Any, tmp_path: Path) -> None:
    records, wav = tmp_path / "records", tmp_path / "wav"
    sign = await hall.start(
        Kind.SIGN, "sign-1", tmp_path, "--no-window", "--record", str(records / "sign-1"), counter="c1"
    )
    board = await hall.start(
        Kind.BOARD, "board-1", tmp_path, "--no-window", "--record", str(records / "board-1"),
        "--voice", "espeak", "--wav-dir", str(wav), zone="hall",
    )  # fmt: skip

    for one in (hall.call("A001"), hall.call("A002"), *[hall.call("A002", recall=1)] * 2):
        await hall.link.publish(CALLS, one)

    expected = [("A001", 0), ("A002", 0), ("A002", 1)]
    await hall.until(lambda: lines(records / "board-1", "spoken") == expected)
    assert lines(records / "board-1", "shown") == expected
    assert lines(records / "sign-1", "shown") == expected
    assert len(list(wav.glob("*.wav"))) == 3
    for process in (sign, board):
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0
    assert json.loads((tmp_path / "sign-1" / "config.json").read_text())["counter"] == "c1"


@pytest.mark.system
async def test_a_keypad_in_a_terminal_presses_and_shows_the_answer(hall: Any, tmp_path: Path) -> None:
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
    await hall.until(lambda: any(line.startswith("[Sẵn sàng | Chờ: 3]") for line in seen))
    keypad.stdin.write(b"next\n")
    keypad.stdin.close()
    await hall.until(lambda: hall.presses)

    press = hall.presses[0]
    assert (press.button, press.for_, press.has_for) == ("next", None, True)
    calling = state.model_copy(update={"status": CounterStatus.CALLING, "number": "A007", "waiting": 2})
    reply = Reply(id=press.id or "", ok=True, result=calling.model_dump(mode="json"))
    await hall.link.publish(REPLY, reply, device="keypad-1")
    await hall.until(lambda: any(line.startswith("[A007 Đang gọi | Chờ: 2]") for line in seen))
    assert await asyncio.wait_for(keypad.wait(), PATIENCE_S) == 0
    await reading
