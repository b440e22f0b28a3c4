"""A synthetic finger before the real kiosk searches a service and confirms it; and gives its number back at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.payloads import Kind
from tests.gallery.kiosk.specimens import kiosk_data, many_languages_data, ticket_data
from tests.system.kiosk.by_finger import ALWAYS_OPEN, SMALL, Finger, Hall

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.screen, pytest.mark.system]


def answer(request: dict[str, Any]) -> dict[str, Any]:
    if request["op"] == "cancel":
        return {"ticket": ticket_data(status="cancelled", position=None, wait=None)}
    return {"ticket": ticket_data(service=request.get("service", "land"))}


async def start(hall: Hall, folder: Path, **changes: Any) -> None:
    hall.answer = answer
    await hall.start(Kind.KIOSK, "kiosk-1", folder, SMALL[1], kiosk_data(printer=None, hours=ALWAYS_OPEN, **changes))
    await hall.until((folder / "seen" / "welcome-vi.png").exists)  # what stands while nobody answers is gone


async def asked(hall: Hall, op: str) -> dict[str, Any]:
    """Wait until something was asked; give the request."""
    await hall.until(lambda: any(request["op"] == op for request in hall.requests))
    return next(request for request in hall.requests if request["op"] == op)


async def test_a_finger_searches_a_service_confirms_it_and_has_a_number(
    hall: Hall, finger: Finger, tmp_path: Path
) -> None:
    await start(hall, tmp_path)
    await hall.touch(finger, tmp_path, "Lấy số thứ tự", "Tìm dịch vụ", "N", "O", "P", "Nộp hồ sơ đất đai")
    yes = await hall.target(tmp_path, "Đồng ý, lấy số")
    assert [request for request in hall.requests if request["op"] == "issue"] == []
    finger.touch(*yes)
    request = await asked(hall, "issue")
    assert (request["service"], request["lang"]) == ("land", "vi")
    await hall.until((tmp_path / "seen" / "ticket-qr-vi.png").exists)
    assert await hall.stop() == [0]


async def test_a_finger_gives_a_number_back_that_it_has_just_taken(hall: Hall, finger: Finger, tmp_path: Path) -> None:
    await start(hall, tmp_path)
    await hall.touch(finger, tmp_path, "Lấy số thứ tự", "Đất đai – Đo đạc", "Nộp hồ sơ đất đai", "Hủy số này")
    yes = await hall.target(tmp_path, "Có, hủy số A007")
    assert [request for request in hall.requests if request["op"] == "cancel"] == []
    finger.touch(*yes)
    assert (await asked(hall, "cancel"))["token"] == ticket_data()["token"]
    await hall.until((tmp_path / "seen" / "message-vi.png").exists)
    await hall.touch(finger, tmp_path, "Về trang đầu")
    await hall.target(tmp_path, "Lấy số thứ tự")
    assert await hall.stop() == [0]


async def test_a_finger_chooses_among_many_languages_and_takes_its_number_in_one(
    hall: Hall, finger: Finger, tmp_path: Path
) -> None:
    await start(hall, tmp_path, **many_languages_data())
    await hall.touch(finger, tmp_path, "Ngôn ngữ / Language", "English", "Take a number", "Land, surveying")
    await hall.touch(finger, tmp_path, "Submit a land file")
    assert (await asked(hall, "issue"))["lang"] == "en"
    assert await hall.stop() == [0]
