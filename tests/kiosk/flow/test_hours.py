"""Opening hours as the kiosk shows them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from broker.contract.hours import Span, parse_spans
from kiosk.flow.hours import Opening, is_open, local, next_opening, spans
from tests.gallery.kiosk.specimens import MONDAY_MORNING, a_kiosk

SATURDAY = date(2026, 11, 28)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_an_instant_is_read_in_the_centres_time() -> None:
    assert local(MONDAY_MORNING, "Asia/Ho_Chi_Minh").strftime("%F %H:%M") == "2026-11-23 08:15"


def test_the_hours_of_a_day_of_the_week() -> None:
    assert [span.words for span in spans(a_kiosk(), date(2026, 11, 23))] == ["07:00–11:30", "13:30–17:00"]
    assert spans(a_kiosk(), SATURDAY) == ()


def test_a_date_that_differs_goes_before_the_week() -> None:
    config = a_kiosk(days=[{"date": "2026-11-28", "open": ["07:30-11:00"], "services": ["land-result"]}])
    assert spans(config, SATURDAY) == (Span(450, 660),)


def test_a_swapped_working_day_has_the_hours_of_another() -> None:
    assert len(spans(a_kiosk(days=[{"date": "2026-11-28", "like": "mon"}]), SATURDAY)) == 2


def test_hours_of_some_services_only_do_not_open_the_centre() -> None:
    some = [{"days": ["sat"], "open": ["07:00-11:00"], "services": ["land"]}]
    assert spans(a_kiosk(hours=some), SATURDAY) == ()


def test_the_doors_are_open_from_the_first_minute_to_before_the_last() -> None:
    asked = [at(23, 6, 59), at(23, 7, 0), at(23, 11, 29), at(23, 11, 30)]
    assert [is_open(a_kiosk(), moment) for moment in asked] == [False, True, True, False]


def test_a_centre_that_tells_no_hours_is_always_open() -> None:
    assert is_open(a_kiosk(hours=[]), at(28, 3))


@pytest.mark.parametrize("text", ["07:00 - 11:30", " 7:00-11:30 ", "07:00 -11:30"])
def test_hours_are_read_as_the_controller_reads_them_with_blanks_around_their_times(text: str) -> None:
    (expected,) = parse_spans([text])
    (read,) = spans(a_kiosk(hours=[{"days": ["mon"], "open": [text]}]), date(2026, 11, 23))
    assert (read.start, read.end) == (expected.start, expected.end) == (420, 690)


def test_midnight_may_end_a_day() -> None:
    config = a_kiosk(hours=[{"days": ["mon"], "open": ["18:00-24:00"]}])
    assert is_open(config, at(23, 23, 59))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(23, 6), Opening(date(2026, 11, 23), 420)),
        (at(23, 12), Opening(date(2026, 11, 23), 810)),
        (at(27, 18), Opening(date(2026, 11, 30), 420)),
    ],
)
def test_the_next_opening_is_later_today_or_on_the_next_working_day(moment: datetime, expected: Opening) -> None:
    assert next_opening(a_kiosk(), moment) == expected


def test_a_centre_that_does_not_open_within_a_month_tells_no_opening() -> None:
    assert next_opening(a_kiosk(hours=[{"days": [], "open": ["07:00-11:00"]}]), at(23, 8)) is None
