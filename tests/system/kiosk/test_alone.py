"""The real kiosk with nobody around it: no broker, no controller, no printer; and with the staff in front of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.payloads import DeviceConfig, Kind
from broker.runtime.pin import hash_pin
from tests.gallery.kiosk.specimens import kiosk_data
from tests.system.kiosk.by_finger import ALWAYS_OPEN, SMALL, Finger, Hall

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = 9
"""A port where nothing listens."""
CORNER = (535, 5)
PIN = "481572"

pytestmark = [pytest.mark.screen, pytest.mark.system]


def remembered(folder: Path, **changes: Any) -> None:
    """Leave the configuration that the kiosk has had once."""
    (folder / "kiosk-1").mkdir(parents=True)
    data = kiosk_data(hours=ALWAYS_OPEN, **changes)
    (folder / "kiosk-1" / "config.json").write_text(DeviceConfig.model_validate(data).model_dump_json())


async def take_a_number(hall: Hall, finger: Finger, folder: Path) -> None:
    for words in ("Lấy số thứ tự", "Nộp hồ sơ đất đai"):
        finger.touch(*await hall.target(folder, words))


def type_pin(finger: Finger, zero: tuple[int, int], pin: str) -> None:
    """Type a PIN by where the digits lie around the zero, and have it looked at."""
    x, y = zero
    for digit in pin:
        row, column = divmod(int(digit) - 1, 3)
        finger.touch(*(zero if digit == "0" else (x + 102 * (column - 1), y - 51 * (3 - row))))
    finger.touch(x + 102, y)


async def test_without_broker_controller_and_printer_there_is_still_a_number(
    hall: Hall, finger: Finger, tmp_path: Path
) -> None:
    remembered(tmp_path, drives={"id": "printer-1"})
    await hall.run(Kind.KIOSK, "kiosk-1", tmp_path, SMALL[1], NOBODY)
    await take_a_number(hall, finger, tmp_path)
    await hall.until(lambda: list((tmp_path / "seen").glob("ticket-*-vi.png")))
    outbox = tmp_path / "kiosk-1" / "outbox"
    (kept,) = [json.loads(file.read_text()) for file in outbox.glob("Z1-*.json")]
    assert kept["number"] == "Z1-001"
    assert json.loads((outbox / "series.json").read_text())["last"] == 1
    finger.touch(*await hall.target(tmp_path, "Xong"))
    await take_a_number(hall, finger, tmp_path)
    await hall.until(lambda: len(list(outbox.glob("Z1-*.json"))) == 2)
    assert await hall.stop() == [0]


async def test_the_staff_hold_the_corner_type_the_pin_and_exit(hall: Hall, finger: Finger, tmp_path: Path) -> None:
    remembered(tmp_path, pin=hash_pin(PIN))
    process = await hall.run(Kind.KIOSK, "kiosk-1", tmp_path, SMALL[1], NOBODY)
    await hall.target(tmp_path, "Lấy số thứ tự")
    finger.hold(*CORNER)
    zero = await hall.target(tmp_path, "0")
    finger.leave()
    type_pin(finger, zero, "000111")
    tries = tmp_path / "kiosk-1" / "pin.json"
    await hall.until(lambda: tries.exists() and json.loads(tries.read_text())["wrong"] == 1)
    await hall.until((tmp_path / "seen" / "pin-warning-away-vi.png").exists)
    type_pin(finger, zero, PIN)
    finger.touch(*await hall.target(tmp_path, "Thoát chương trình"))
    finger.touch(*await hall.target(tmp_path, "Chạm lần nữa"))
    await hall.until(lambda: process.returncode is not None)
    assert process.returncode == 0
    left = (tmp_path / "kiosk-1" / "standing.jsonl").read_text()
    assert PIN not in left + (tmp_path / "record.jsonl").read_text()
