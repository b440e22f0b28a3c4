from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from broker.runtime.clock import clock_from
from deploy.demo.stage import FULL, DayClock, last_weekday, spans, windows_on

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-11-23", "2026-11-23"),
        ("2026-11-27", "2026-11-27"),
        ("2026-11-28", "2026-11-27"),
        ("2026-11-29", "2026-11-27"),
    ],
)
def test_the_day_is_never_a_weekend(today: str, expected: str) -> None:
    assert last_weekday(date.fromisoformat(today)) == date.fromisoformat(expected)


def test_every_program_reads_the_opening_after_the_lead() -> None:
    clock = DayClock(date(2026, 11, 23), SAIGON, speed=240, lead=0, anchor=0.0)

    read = clock_from(clock.environment())

    assert read.speed == 240
    before, shown, after = read.monotonic(), read.now() - clock.instant("07:00"), read.monotonic()
    assert before * 240_000 - 1 <= shown <= after * 240_000 + 1


def test_opening_hours_become_instants_of_the_day() -> None:
    clock = DayClock(date(2026, 11, 23), SAIGON, speed=1, lead=0)

    (morning,) = spans(["07:00-11:30"], clock)

    assert morning == (1_795_392_000_000, 1_795_392_000_000 + 270 * 60_000)


def test_windows_keep_their_proportions_on_a_small_screen() -> None:
    places = windows_on(1500, 960)

    assert (places["kiosk-1"].width, places["kiosk-1"].height) == (540, 960)
    assert places["board-1"].x == places["kiosk-1"].width
    assert windows_on(FULL.width * 2, FULL.height * 2) == windows_on(FULL.width, FULL.height)
