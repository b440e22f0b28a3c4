"""The real command fetches procedures from a real broker; a synthetic finger reads one and takes a number for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.payloads import Kind
from tests.gallery.kiosk.specimens import kiosk_data, procedures_data, ticket_data
from tests.system.kiosk.by_finger import ALWAYS_OPEN, SMALL, Finger, Hall

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.screen, pytest.mark.system]

PAGE = 20


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Answer as a controller with a list of procedures does."""
    if request["op"] != "procedures":
        return {"ticket": ticket_data(service="land-change")}
    found, after = procedures_data(), request["after"]
    items = [one.model_dump() for one in found[after : after + PAGE]]
    return {"revision": "r1", "items": items, "next": after + PAGE if after + PAGE < len(found) else None}


async def test_a_finger_reads_a_procedure_and_takes_a_number_for_it(hall: Hall, finger: Finger, tmp_path: Path) -> None:
    hall.answer = answer
    told = {"revision": "r1", "count": len(procedures_data())}
    data = kiosk_data(printer=None, hours=ALWAYS_OPEN, procedures=told)
    await hall.start(Kind.KIOSK, "kiosk-1", tmp_path, SMALL[1], data)
    await hall.until(lambda: len([one for one in hall.requests if one["op"] == "procedures"]) >= 3)

    await hall.touch(finger, tmp_path, "Tra cứu thủ tục", "Đất đai – Đo đạc", "1.000001.")
    await hall.touch(finger, tmp_path, "Lấy số cho thủ tục này", "Đồng ý, lấy số")

    await hall.until(lambda: any(one["op"] == "issue" for one in hall.requests))
    asked = next(one for one in hall.requests if one["op"] == "issue")
    assert (asked["service"], asked["lang"]) == ("land-change", "vi")
    assert await hall.stop() == [0]
