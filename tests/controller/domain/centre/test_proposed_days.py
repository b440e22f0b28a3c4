from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from controller.domain.centre.calendar import accepts
from controller.domain.centre.centre import parse_centre
from controller.domain.centre.proposed_days import PublicDay, proposed_days
from controller.services.public_days import public_days

OFF = PublicDay(date(2026, 8, 31), {"vi": "Ngày nghỉ"})
WORKED = PublicDay(date(2026, 8, 22), {"vi": "Ngày làm bù"}, instead_of=date(2026, 8, 31))
SUNDAY = PublicDay(date(2026, 4, 26), {"vi": "Giỗ Tổ"})


def test_a_day_off_closes_and_a_worked_day_has_the_hours_of_the_day_it_replaces(make_stage: Any) -> None:
    centre = make_stage().centre

    assert proposed_days(centre, [OFF, WORKED]) == [
        {"date": "2026-08-22", "like": "mon", "name": {"vi": "Ngày làm bù"}},
        {"date": "2026-08-31", "open": [], "name": {"vi": "Ngày nghỉ"}},
    ]


def test_what_changes_nothing_or_is_configured_already_is_not_proposed(make_stage: Any) -> None:
    configured = {"day": [{"date": date(2026, 8, 31), "open": ["08:00-10:00"]}]}

    assert proposed_days(make_stage().centre, [SUNDAY]) == []
    assert proposed_days(make_stage(configured).centre, [OFF]) == []


def test_nothing_closes_until_the_entries_are_in_the_configuration(make_stage: Any) -> None:
    stage = make_stage()
    entries = proposed_days(stage.centre, [OFF, WORKED])
    monday = stage.centre.calendar.on(OFF.date).start + 9 * 3_600_000
    saturday = stage.centre.calendar.on(WORKED.date).start + 9 * 3_600_000
    reviewed = parse_centre(stage.document() | {"day": entries})

    assert accepts(stage.centre, monday, "land") is None
    assert accepts(stage.centre, saturday, "land") is not None
    assert accepts(reviewed, monday, "land") is not None
    assert accepts(reviewed, saturday, "land") is None


@pytest.mark.parametrize(
    ("day", "word"),
    [
        (date(2026, 1, 1), "Tết Dương lịch"),
        (date(2026, 2, 17), "Tết Nguyên Đán"),
        (date(2027, 2, 6), "Tết Nguyên Đán"),
        (date(2026, 4, 26), "Giỗ Tổ"),
        (date(2025, 4, 7), "Giỗ Tổ"),
        (date(2026, 4, 30), "Chiến thắng"),
        (date(2026, 5, 1), "Lao động"),
        (date(2026, 9, 2), "Quốc khánh"),
    ],
)
def test_solar_and_lunar_holidays_are_known_by_name(day: date, word: str) -> None:
    found = {one.date: one for one in public_days(day.year) if one.instead_of is None}

    assert word in found[day].name["vi"]
    assert found[day].name["en"]


def test_swapped_working_days_are_known() -> None:
    worked = [one for one in public_days(2026) if one.instead_of is not None]

    assert [(one.date, one.instead_of) for one in worked] == [(date(2026, 8, 22), date(2026, 8, 31))]
