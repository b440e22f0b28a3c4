from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.channels import BOARD, CALLS, DEVICE_STATE
from broker.contract.payloads import Kind
from broker.runtime.catalogue import catalogue
from devices.speech.cache import SentenceCache
from devices.speech.engine import CachedEngine, EspeakEngine
from devices.speech.player import SilentPlayer
from displays.base.record import Record
from displays.board.app import BoardApp
from displays.board.voice.phrases import Wording
from displays.board.voice.speaker import CallRecordings, Speaker, Spoken

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from broker.contract.payloads import Board, Call, DeviceState, ServiceState
    from broker.link.link import Message

WORDS = catalogue("displays")


@dataclass
class Slow:
    """A voice that ends each call when the test says so."""

    status: str = "ok"
    audible: bool = True
    begun: list[str] = field(default_factory=list)
    most_at_once: int = 0
    speaking: int = 0
    go_on: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    async def say(self, call: Call) -> Spoken | None:
        self.begun.append(call.number)
        self.speaking += 1
        self.most_at_once = max(self.most_at_once, self.speaking)
        await self.go_on.acquire()
        self.speaking -= 1
        return Spoken(f"said {call.number}", 1.0, None)


async def start(hall: Any, folder: Path, speaker: Any = None) -> BoardApp:
    device = await hall.device("board-1", Kind.BOARD)
    await hall.configure(device, zone="hall")
    live = BoardApp(device, WORDS, folder / "board-1", speaker, Record(folder / "board-1.jsonl"))
    await hall.run(device.run(), live.run())
    await hall.until(lambda: live.flow.zone == "hall" and device.link.connected)
    await hall.beat()
    await hall.until(lambda: device.controller.alive)
    return live


def recorded(path: Path, what: str) -> list[tuple[str, int]]:
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return [(line["number"], line["recall"]) for line in lines if line["what"] == what]


async def test_a_board_shows_its_zone(
    hall: Any,
    tmp_path: Path,
    make_board: Callable[..., Board],
    make_call: Callable[..., Call],
    queue: ServiceState,
) -> None:
    live = await start(hall, tmp_path)
    await hall.controller.publish(BOARD, make_board(make_call("B001", "c2"), queues=[queue]), zone="hall")
    await hall.controller.publish(CALLS, make_call())
    await hall.until(lambda: live.flow.heard)

    look = live.look()
    assert [card.number for card in look.stage] == ["A007"]
    assert [card.number for card in look.earlier] == ["B001"]
    assert [(row.name.first, row.waiting) for row in look.queues] == [("Đất đai", "4")]
    assert recorded(tmp_path / "board-1.jsonl", "shown") == [("A007", 0)]


async def test_calls_of_a_rush_are_spoken_one_after_another_and_recorded_when_said(
    hall: Any,
    tmp_path: Path,
    make_call: Callable[..., Call],
) -> None:
    voice = Slow()
    live = await start(hall, tmp_path, voice)
    for order in range(5):
        await hall.controller.publish(CALLS, make_call(f"A{order:03d}", f"c{order}"))
        await hall.controller.publish(CALLS, make_call(f"A{order:03d}", f"c{order}"))
    await hall.until(lambda: len(live.flow.to_say) == 4)
    assert len(live.look().stage) == 5
    assert recorded(tmp_path / "board-1.jsonl", "spoken") == []

    # The voice is slower than the calls: what waits in its own queue never gets too old.
    hall.clock.seconds += 120
    for _ in range(5):
        voice.go_on.release()
    await hall.until(lambda: len(recorded(tmp_path / "board-1.jsonl", "spoken")) == 5)

    assert voice.begun == [f"A00{order}" for order in range(5)]
    assert voice.most_at_once == 1


async def test_the_voice_tells_the_controller_how_it_is(
    hall: Any,
    tmp_path: Path,
    make_call: Callable[..., Call],
) -> None:
    told: list[Any] = []

    async def hear(message: Message[DeviceState]) -> None:
        if message.payload is not None:
            told.append(message.payload.detail)

    hall.controller.on(DEVICE_STATE, hear, device="board-1")
    wording = Wording(catalogue("displays.board.voice"))
    speaker = Speaker(wording, EspeakEngine(), SilentPlayer(), hall.clock, tmp_path)
    live = await start(hall, tmp_path, speaker)
    await hall.until(lambda: any("no sound device" in str(detail.get("voice")) for detail in told))

    await hall.controller.publish(CALLS, make_call())
    await hall.until(lambda: live.flow.heard and not live.flow.to_say and live.flow.saying is None)
    assert recorded(tmp_path / "board-1.jsonl", "spoken") == []
    assert live.look().notice.first.startswith("Không có âm thanh")


async def test_every_call_is_left_as_a_wav_that_the_records_agree_on(
    hall: Any,
    tmp_path: Path,
    make_call: Callable[..., Call],
) -> None:
    engine = CachedEngine(EspeakEngine(), SentenceCache(tmp_path / "cache"))
    kept = CallRecordings.open(tmp_path / "wav")
    wording = Wording(catalogue("displays.board.voice"))
    await start(hall, tmp_path, Speaker(wording, engine, SilentPlayer(), hall.clock, tmp_path, kept))

    for order in range(3):
        await hall.controller.publish(CALLS, make_call(f"B{order:03d}", f"c{order}", lang="en" if order else "vi"))
    await hall.until(lambda: len(recorded(tmp_path / "board-1.jsonl", "spoken")) == 3)

    expected = [("B000", 0), ("B001", 0), ("B002", 0)]
    assert recorded(tmp_path / "wav" / "voice.jsonl", "spoken") == expected
    assert recorded(tmp_path / "board-1.jsonl", "spoken") == expected
    assert len(list((tmp_path / "wav").glob("*.wav"))) == 3


async def test_a_board_starts_with_what_it_last_knew_and_says_that_it_is_old(
    hall: Any,
    tmp_path: Path,
    make_board: Callable[..., Board],
    make_call: Callable[..., Call],
) -> None:
    live = await start(hall, tmp_path)
    await hall.controller.publish(BOARD, make_board(make_call("B001", "c2")), zone="hall")
    await hall.until(lambda: live.flow.board and (tmp_path / "board-1" / "board.json").exists())
    await hall.close()

    hall.broker.cut("board-1")
    device = await hall.device("board-1", Kind.BOARD)
    again = BoardApp(device, WORDS, tmp_path / "board-1")
    await hall.run(device.run(), again.run())
    await hall.until(lambda: again.flow.board is not None)

    look = again.look()
    assert look.lost.first == "Mất kết nối"
    assert [card.number for card in look.earlier] == ["B001"]
    assert look.stage == ()


@pytest.mark.parametrize("raw", [b"", b"{", b'{"zone": 3}', b"\xff\xfe"])
async def test_a_last_state_that_cannot_be_read_is_left_out(hall: Any, tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "board-1").mkdir()
    (tmp_path / "board-1" / "board.json").write_bytes(raw)

    live = await start(hall, tmp_path)

    assert live.flow.board is None
