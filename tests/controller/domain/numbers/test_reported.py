"""Reports of devices after a restore: what they raise, and what is not believed."""

from __future__ import annotations

from typing import Any

import pytest

from controller.domain.numbers.high_water import Restored
from controller.domain.numbers.reported import HighestNumbersReport, parse_highest_numbers, raise_high_water

DAY, NEXT = "2026-11-23", "2026-11-24"
RESTORED = Restored(2, DAY, DAY, {"A": 99, "T": 99})


@pytest.mark.parametrize(
    ("numbers", "floors"),
    [
        (("A354",), {"A": 399, "T": 99}),
        (("A354", "T012", "A1003"), {"A": 1099, "T": 99}),
        (("B999", "A", "Axx", "A999999999999"), {"A": 99, "T": 99}),
        ((), {"A": 99, "T": 99}),
    ],
)
def test_a_report_raises_each_series_above_what_was_seen(numbers: tuple[str, ...], floors: dict[str, int]) -> None:
    known = raise_high_water(RESTORED, HighestNumbersReport(DAY, numbers), ["A", "T"])

    assert known == Restored(2, DAY, DAY, floors)


def test_a_report_of_a_later_day_lets_the_floors_hold_until_then() -> None:
    assert raise_high_water(RESTORED, HighestNumbersReport(NEXT, ("A001",)), ["A"]) == Restored(
        2, DAY, NEXT, {"A": 99, "T": 99}
    )


def test_a_report_of_a_day_before_the_backup_changes_nothing() -> None:
    assert raise_high_water(RESTORED, HighestNumbersReport("2026-11-20", ("A900",)), ["A"]) == RESTORED


@pytest.mark.parametrize(
    "report", [HighestNumbersReport(DAY, ("A1100",)), HighestNumbersReport("2027-03-01", ("A001",))]
)
def test_a_report_far_above_what_was_known_is_not_believed(report: HighestNumbersReport) -> None:
    assert raise_high_water(RESTORED, report, ["A"]) is None


@pytest.mark.parametrize(
    "detail", [{}, {"highest": None}, {"highest": {"day": DAY}}, {"highest": {"day": "today", "numbers": []}}]
)
def test_a_state_that_reports_nothing_readable_reports_nothing(detail: dict[str, Any]) -> None:
    assert parse_highest_numbers(detail) is None


def test_a_report_is_read_from_a_state() -> None:
    assert parse_highest_numbers({"highest": {"day": DAY, "numbers": ["A354", 7]}}) == HighestNumbersReport(
        DAY, ("A354",)
    )
