"""The real command in a real window on a real broker, touched by a synthetic X pointer."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.channels import COUNTER_STATE
from broker.contract.payloads import CounterState, Kind
from broker.contract.times import format_instant
from broker.runtime.clock import SystemClock
from tests.gallery.kiosk.specimens import kiosk_data, rater_data, ticket_data
from tests.system.kiosk.by_finger import ALWAYS_OPEN, PAD, SMALL, Finger, Hall, place, take_a_number

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.screen, pytest.mark.system]


async def test_a_finger_takes_a_number(hall: Hall, finger: Finger, drawn: Any, tmp_path: Path) -> None:
    hall.answer = lambda _: {"ticket": ticket_data()}
    await hall.start(Kind.KIOSK, "kiosk-1", tmp_path, SMALL[1], kiosk_data(printer=None, hours=ALWAYS_OPEN))
    await take_a_number(hall, finger, drawn, tmp_path)
    asked = hall.requests[0]
    assert (asked["op"], asked["service"], asked["lang"]) == ("issue", "land", "vi")
    await hall.until((tmp_path / "seen" / "ticket-qr-vi.png").exists)
    assert await hall.stop() == [0]


async def test_a_finger_takes_a_number_of_the_kiosks_own_while_nobody_answers(
    hall: Hall, finger: Finger, drawn: Any, tmp_path: Path
) -> None:
    await hall.start(Kind.KIOSK, "kiosk-1", tmp_path, SMALL[1], kiosk_data(printer=None, hours=ALWAYS_OPEN))
    await take_a_number(hall, finger, drawn, tmp_path)
    await hall.until((tmp_path / "seen" / "ticket-qr-vi.png").exists)
    await hall.until(lambda: any("offline" in request for request in hall.requests))
    handed = next(request for request in hall.requests if "offline" in request)
    assert handed["offline"]["number"] == "Z1-001"
    assert handed["offline"]["replaces"] == hall.requests[0]["id"]
    assert await hall.stop() == [0]


async def test_a_finger_rates_the_visit_that_has_just_ended(
    hall: Hall, finger: Finger, drawn: Any, tmp_path: Path
) -> None:
    face = place(drawn, PAD, "asking", "Rất hài lòng")
    hall.answer = lambda _: {"rating": str(uuid.uuid4())}
    await hall.start(Kind.RATER, "rater-3", tmp_path, PAD[1], rater_data())
    await hall.until((tmp_path / "seen" / "message-vi.png").exists)
    at = format_instant(SystemClock().now())
    told = {"counter": "c3", "label": {"vi": "Quầy 3"}, "status": "open", "since": at}
    ended = {"visit": str(uuid.uuid4()), "number": "A007", "at": at}
    state = CounterState.model_validate({**told, "ended": ended})
    await hall.link.publish(COUNTER_STATE, state, counter="c3")
    await hall.until((tmp_path / "seen" / "rate-vi.png").exists)
    finger.touch(*face)
    await hall.until(lambda: hall.requests)
    sent = hall.requests[0]
    assert (sent["op"], sent["visit"], sent["score"], sent["version"]) == ("rate", ended["visit"], 3, 3)
    assert await hall.stop() == [0]
