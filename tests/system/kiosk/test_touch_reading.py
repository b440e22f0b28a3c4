"""The real command fetches procedures from a real broker; a synthetic finger reads one and takes a number for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.payloads import Kind
from kiosk.specimens import kiosk_data, procedures_data, ticket_data
from tests.system.kiosk.by_finger import ALWAYS_OPEN, PATIENCE_S, SMALL, Finger, Hall, place

if TYPE_CHECKING:
    from collections.abc import Callable
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


async def touch_until(finger: Finger, where: tuple[int, int], stands: Callable[[], bool]) -> None:
    """Touch again until the next screen stands: the list may come a moment after the first screen."""
    async with asyncio.timeout(PATIENCE_S):
        while not stands():
            finger.touch(*where)
            await asyncio.sleep(0.5)


async def test_a_finger_reads_a_procedure_and_takes_a_number_for_it(
    hall: Hall, finger: Finger, drawn: Any, tmp_path: Path
) -> None:
    way = [place(drawn, SMALL, "welcome", "Tra cứu thủ tục"), place(drawn, SMALL, "read-groups", "Đất đai – Đo đạc")]
    way += [place(drawn, SMALL, "read-list", "1.000001."), place(drawn, SMALL, "read", "Lấy số cho thủ tục này")]
    hall.answer = answer
    told = {"revision": "r1", "count": len(procedures_data())}
    data = kiosk_data(printer=None, hours=ALWAYS_OPEN, procedures=told)
    await hall.start(Kind.KIOSK, "kiosk-1", tmp_path, SMALL[1], data)
    await hall.until(lambda: len([one for one in hall.requests if one["op"] == "procedures"]) >= 3)

    for where, screen in zip(way[:3], ("groups", "titles", "read"), strict=True):
        await touch_until(finger, where, (tmp_path / "seen" / f"{screen}-vi.png").exists)
    await touch_until(finger, way[3], (tmp_path / "seen" / "confirm-vi.png").exists)
    finger.touch(*place(drawn, SMALL, "read-confirm", "Đồng ý, lấy số"))

    await hall.until(lambda: any(one["op"] == "issue" for one in hall.requests))
    asked = next(one for one in hall.requests if one["op"] == "issue")
    assert (asked["service"], asked["lang"]) == ("land-change", "vi")
    assert await hall.stop() == [0]
