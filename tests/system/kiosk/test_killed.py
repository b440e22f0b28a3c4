"""The real kiosk, killed in the middle: the same screen stands again, and nobody gets two numbers.

How soon it stands is measured by `luot bench kiosk-restart`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.payloads import Kind
from tests.gallery.kiosk.specimens import kiosk_data, ticket_data
from tests.system.kiosk.by_finger import ALWAYS_OPEN, SMALL, Finger, Hall, place, take_a_number

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.screen, pytest.mark.system]


async def back_with(hall: Hall, folder: Path, picture: str) -> None:
    """Kill the kiosk, start it again and wait until it has drawn a screen."""
    seen = folder / "seen"
    await hall.kill()
    for old in seen.glob("*.png"):
        old.unlink()
    await hall.run(Kind.KIOSK, "kiosk-1", folder, SMALL[1])
    await hall.until((seen / picture).exists)


async def start(hall: Hall, tmp_path: Path, **changes: Any) -> None:
    """Start the kiosk and wait for its first screen."""
    data = kiosk_data(printer=None, hours=ALWAYS_OPEN, **changes)
    await hall.start(Kind.KIOSK, "kiosk-1", tmp_path, SMALL[1], data)
    await hall.until((tmp_path / "seen" / "welcome-vi.png").exists)


async def test_a_menu_stands_again_and_goes_on(hall: Hall, finger: Finger, drawn: Any, tmp_path: Path) -> None:
    hall.answer = lambda _: {"ticket": ticket_data()}
    await start(hall, tmp_path)
    seen = tmp_path / "seen"
    await hall.until((seen / "welcome-vi.png").exists)
    finger.touch(*place(drawn, SMALL, "welcome", "Lấy số thứ tự"))
    await hall.until((seen / "groups-vi.png").exists)
    finger.touch(*place(drawn, SMALL, "groups", "Đất đai – Đo đạc"))
    await hall.until((seen / "services-vi.png").exists)
    await back_with(hall, tmp_path, "services-vi.png")
    assert not (seen / "groups-vi.png").exists()
    finger.touch(*place(drawn, SMALL, "services", "Nộp hồ sơ đất đai"))
    await hall.until((seen / "ticket-qr-vi.png").exists)
    assert await hall.stop() == [0]


async def test_an_unanswered_request_is_asked_again_with_its_id_and_the_number_comes_once(
    hall: Hall, finger: Finger, drawn: Any, tmp_path: Path
) -> None:
    await start(hall, tmp_path, offline=None)
    await take_a_number(hall, finger, drawn, tmp_path)
    asked = len(hall.requests)
    await back_with(hall, tmp_path, "busy-vi.png")
    await hall.until(lambda: len(hall.requests) > asked)
    hall.answer = lambda _: {"ticket": ticket_data()}
    await hall.until((tmp_path / "seen" / "ticket-qr-vi.png").exists)
    told = {(request["id"], request["op"], request["service"], request["lang"]) for request in hall.requests}
    assert len(told) == 1
    assert await hall.stop() == [0]


async def test_an_own_number_stands_again_and_is_handed_in_once(
    hall: Hall, finger: Finger, drawn: Any, tmp_path: Path
) -> None:
    await start(hall, tmp_path)
    await take_a_number(hall, finger, drawn, tmp_path)
    await hall.until(lambda: any("offline" in request for request in hall.requests))
    await hall.until((tmp_path / "seen" / "ticket-qr-vi.png").exists)
    await back_with(hall, tmp_path, "ticket-qr-vi.png")
    handed = len(hall.requests)
    await hall.until(lambda: len(hall.requests) > handed)
    numbers = {(request["id"], request["offline"]["number"]) for request in hall.requests if "offline" in request}
    assert {number for _, number in numbers} == {"Z1-001"}
    assert len(numbers) == 1
    assert await hall.stop() == [0]


async def test_a_ticket_stands_again_for_the_rest_of_its_time_and_then_nothing_of_it_is_on_disk(
    hall: Hall, finger: Finger, drawn: Any, tmp_path: Path
) -> None:
    hall.answer = lambda _: {"ticket": ticket_data()}
    await start(hall, tmp_path)
    await take_a_number(hall, finger, drawn, tmp_path)
    await hall.until((tmp_path / "seen" / "ticket-qr-vi.png").exists)
    file = tmp_path / "kiosk-1" / "standing.jsonl"
    assert ticket_data()["token"] in await asyncio.to_thread(file.read_text)
    await back_with(hall, tmp_path, "ticket-qr-vi.png")
    asked = len(hall.requests)
    finger.touch(*place(drawn, SMALL, "ticket-no-printer", "Xong"))
    await hall.until((tmp_path / "seen" / "welcome-vi.png").exists)
    assert file.stat().st_size == 0
    assert len(hall.requests) == asked
    assert await hall.stop() == [0]
