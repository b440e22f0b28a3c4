"""Slip, receipt and card before the real kiosk, typed by a synthetic reader; of a card nothing is left."""

from __future__ import annotations

import asyncio
import base64
import hmac
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from broker.contract.payloads import Kind
from tests.gallery.kiosk.every_screen import DOSSIER_PATTERN
from tests.gallery.kiosk.specimens import kiosk_data, ticket_data
from tests.system.kiosk.by_finger import ALWAYS_OPEN, PATIENCE_S, SMALL, place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.system.kiosk.by_finger import Finger, Hall
    from tests.system.kiosk.by_keys import Keys

TOKEN = "s" * 5 + "Q" * 17
DOSSIER = "000.00.53.H48-220921-0099"
ID = "051180" + "000001"
FIELDS = ("123456789", "HO TEN MAU", "01011980", "Nam", "Noi cu tru mau", "01012021")
KEY = b"k" * 32
AGAIN_S = 3.0

pytestmark = [pytest.mark.screen, pytest.mark.system]


def answer(request: dict[str, Any]) -> dict[str, Any]:
    if request["op"] == "time":
        day = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date().isoformat()
        return {"identity": {"day": day, "key": base64.urlsafe_b64encode(KEY).decode()}}
    if request["op"] == "lookup":
        return {"ticket": ticket_data(status="called", counter="c1", position=None, wait=None)}
    return {"ticket": ticket_data(service=request.get("service", "land"))}


async def touch(hall: Hall, finger: Finger, where: tuple[int, int], holds: Callable[[], Any]) -> None:
    """Touch until something follows, as a person does whose touch was missed."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            finger.touch(*where)
            with suppress(TimeoutError):
                await asyncio.wait_for(hall.until(holds), AGAIN_S)


async def start(hall: Hall, folder: Path) -> None:
    """Start a kiosk that reads receipts and cards, on a computer with the Vietnamese layout."""
    hall.answer = answer
    receipt = {"pattern": DOSSIER_PATTERN, "services": ["results"]}
    data = kiosk_data(hours=ALWAYS_OPEN, printer=None, receipt=receipt, card_services=["land"])
    await hall.start(Kind.KIOSK, "kiosk-1", folder, SMALL[1], data)
    await hall.until(lambda: any(request["op"] == "time" for request in hall.requests))
    await hall.until((folder / "seen" / "welcome-vi.png").exists)


async def test_a_slip_is_found_and_a_receipt_leads_to_a_number(
    hall: Hall, finger: Finger, keys: Keys, drawn: Any, tmp_path: Path
) -> None:
    results = place(drawn, SMALL, "receipt-one", "Trả kết quả")
    await start(hall, tmp_path)
    seen = tmp_path / "seen"
    keys.layout("vn")
    keys.scan(f"http://127.0.0.1:8000/t/{TOKEN}")
    await hall.until((seen / "found-vi.png").exists)
    assert hall.requests[-1]["token"] == TOKEN
    keys.scan("no known code")
    await hall.until((seen / "message-vi.png").exists)
    keys.scan(f"https://tracuu.example/?ma={DOSSIER}")
    await hall.until((seen / "receipt-vi.png").exists)
    await touch(hall, finger, results, (seen / "ticket-qr-vi.png").exists)
    issued = next(request for request in hall.requests if request["op"] == "issue")
    assert (issued["service"], issued["dossier"]) == ("results", DOSSIER)


async def test_a_card_gives_a_mark_and_nothing_else_of_it_is_left_anywhere(
    hall: Hall, finger: Finger, keys: Keys, drawn: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    way = {
        "groups": place(drawn, SMALL, "welcome", "Lấy số thứ tự"),
        "services": place(drawn, SMALL, "groups", "Đất đai – Đo đạc"),
        "card": place(drawn, SMALL, "services", "Nộp hồ sơ đất đai"),
    }
    await start(hall, tmp_path)
    seen = tmp_path / "seen"
    for follows, where in way.items():
        await touch(hall, finger, where, (seen / f"{follows}-vi.png").exists)
    keys.scan("|".join((ID, *FIELDS)))
    await hall.until(lambda: hall.requests[-1]["op"] == "issue")
    digest = hmac.digest(KEY, f"{ID}|land".encode(), "sha256")
    assert hall.requests[-1]["person"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    await hall.until((seen / "ticket-qr-vi.png").exists)
    assert await hall.stop() == [0]

    left = str(hall.requests).encode() + "".join(capfd.readouterr()).encode()
    left += b"".join(file.read_bytes() for file in (tmp_path / "kiosk-1").rglob("*") if file.is_file())
    for part in (ID, *FIELDS[:3], *FIELDS[4:]):
        assert part.encode() not in left
