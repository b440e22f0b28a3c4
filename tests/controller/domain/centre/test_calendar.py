from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from broker.contract.errors import Code
from broker.contract.hours import Span, parse_spans
from broker.contract.times import parse_instant
from controller.domain.centre.calendar import Calendar, SpecialDay, WeekHours, day_end, day_start, local_day

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")
WEEK = WeekHours(frozenset(range(5)), parse_spans(["07:00-11:30", "13:30-17:00"]))


def at(text: str) -> int:
    return parse_instant(f"{text}+07:00")


def calendar(*dates: SpecialDay, week: tuple[WeekHours, ...] = (WEEK,)) -> Calendar:
    return Calendar(ZONE, week, dates, {"land": 15, "result": 0, "advice": 0})


def test_the_day_turns_at_the_centres_midnight_and_not_at_utc() -> None:
    assert local_day(at("2026-11-23T00:00:00"), ZONE) == date(2026, 11, 23)
    assert local_day(at("2026-11-23T00:00:00") - 1, ZONE) == date(2026, 11, 22)
    assert day_start(date(2026, 11, 23), ZONE) == at("2026-11-23T00:00:00")
    assert day_end(date(2026, 11, 23), ZONE) == at("2026-11-24T00:00:00")


def test_a_day_of_a_changing_clock_has_23_hours() -> None:
    spring = date(2026, 3, 29)

    assert day_end(spring, BERLIN) - day_start(spring, BERLIN) == 23 * 3_600_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [("07:00-11:30", Span(420, 690)), ("0:00-24:00", Span(0, 1440)), (" 13:30 - 17:00 ", Span(810, 1020))],
)
def test_a_span_is_read(text: str, expected: object) -> None:
    assert parse_spans([text]) == (expected,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "07:00",
        "07:00-07:00",
        "08:00-07:00",
        "25:00-26:00",
        "07:60-08:00",
        "24:01-24:02",
        "a:b-c:d",
        "07:0-08:00",
    ],
)
def test_a_wrong_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a|ends before"):
        parse_spans([text])


def test_overlapping_spans_are_refused() -> None:
    with pytest.raises(ValueError, match="11:00-12:00 overlaps 07:00-11:30"):
        parse_spans(["11:00-12:00", "07:00-11:30"])


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T06:59:59.999", False),
        ("2026-11-23T07:00:00", True),
        ("2026-11-23T11:29:59.999", True),
        ("2026-11-23T11:30:00", False),
        ("2026-11-23T13:30:00", True),
        ("2026-11-23T17:00:00", False),
        ("2026-11-28T08:00:00", False),
    ],
)
def test_the_week_has_a_break_and_ends_on_friday(moment: str, expected: object) -> None:
    assert calendar().is_open(at(moment)) is expected
    assert calendar().is_open(at(moment), "land") is expected


def test_a_day_may_end_at_24_00() -> None:
    always = calendar(week=(WeekHours(frozenset(range(7)), parse_spans(["00:00-24:00"])),))

    assert always.is_open(at("2026-11-28T23:59:59.999"), "result")
    assert always.closes_at(at("2026-11-28T12:00:00"), "result") == at("2026-11-29T00:00:00")


def test_a_saturday_for_one_service_leaves_the_others_closed() -> None:
    saturday = calendar(SpecialDay(date(2026, 11, 28), parse_spans(["07:30-11:00"]), frozenset({"result"})))
    moment = at("2026-11-28T08:00:00")

    assert saturday.accepts(moment, "result") is None
    assert saturday.accepts(moment, "land") is Code.SERVICE_CLOSED
    assert saturday.accepts(at("2026-11-28T07:00:00"), "land") is Code.CENTRE_CLOSED


def test_a_working_day_opened_for_one_service_is_closed_for_the_others() -> None:
    only = calendar(SpecialDay(date(2026, 11, 23), parse_spans(["08:00-10:00"]), frozenset({"result"})))

    assert only.accepts(at("2026-11-23T09:00:00"), "result") is None
    assert only.accepts(at("2026-11-23T09:00:00"), "land") is Code.SERVICE_CLOSED
    assert only.accepts(at("2026-11-23T10:30:00"), "result") is Code.CENTRE_CLOSED


def test_a_closing_of_one_service_leaves_the_week_to_the_others() -> None:
    training = calendar(SpecialDay(date(2026, 11, 23), (), frozenset({"land"})))

    assert training.accepts(at("2026-11-23T09:00:00"), "land") is Code.SERVICE_CLOSED
    assert training.accepts(at("2026-11-23T09:00:00"), "result") is None


def test_a_holiday_closes_all_but_the_services_named_for_it() -> None:
    day = date(2026, 11, 23)
    holiday = calendar(SpecialDay(day), SpecialDay(day, parse_spans(["08:00-09:00"]), frozenset({"advice"})))

    assert holiday.accepts(at("2026-11-23T08:30:00"), "advice") is None
    assert holiday.accepts(at("2026-11-23T08:30:00"), "land") is Code.SERVICE_CLOSED
    assert holiday.accepts(at("2026-11-23T10:00:00"), "advice") is Code.CENTRE_CLOSED


def test_a_swapped_working_day_has_the_hours_of_another_day() -> None:
    swapped = calendar(SpecialDay(date(2026, 11, 28), like=0))

    assert swapped.accepts(at("2026-11-28T16:00:00"), "result") is None
    assert swapped.accepts(at("2026-11-28T12:00:00"), "result") is Code.CENTRE_CLOSED


def test_hours_that_name_a_service_replace_the_hours_of_all_for_it() -> None:
    evenings = WeekHours(frozenset({0}), parse_spans(["17:00-19:00"]), frozenset({"result"}))
    both = calendar(week=(WEEK, evenings))

    assert both.accepts(at("2026-11-23T18:00:00"), "result") is None
    assert both.accepts(at("2026-11-23T18:00:00"), "land") is Code.SERVICE_CLOSED
    assert both.accepts(at("2026-11-23T08:00:00"), "result") is Code.SERVICE_CLOSED
    assert both.accepts(at("2026-11-24T08:00:00"), "result") is None


def test_the_cut_off_counts_back_from_the_end_of_the_day_and_not_from_the_break() -> None:
    week = calendar()

    assert week.accepts(at("2026-11-23T11:29:00"), "land") is None
    assert week.accepts(at("2026-11-23T16:44:59.999"), "land") is None
    assert week.accepts(at("2026-11-23T16:45:00"), "land") is Code.SERVICE_CLOSED
    assert week.accepts(at("2026-11-23T16:59:59.999"), "result") is None


def test_closing_is_told_through_the_break_and_not_after_the_end() -> None:
    week = calendar()

    assert week.closes_at(at("2026-11-23T12:00:00")) == at("2026-11-23T17:00:00")
    assert week.closes_at(at("2026-11-23T17:00:00")) is None
    assert week.closes_at(at("2026-11-28T09:00:00")) is None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T06:00:00", "2026-11-23T07:00:00"),
        ("2026-11-23T08:00:00", "2026-11-23T13:30:00"),
        ("2026-11-27T17:00:00", "2026-11-30T07:00:00"),
    ],
)
def test_the_next_opening_is_found_over_breaks_and_weekends(moment: str, expected: str) -> None:
    assert calendar().next_opening(at(moment), "land") == at(expected)


def test_a_centre_that_never_opens_has_no_next_opening() -> None:
    assert calendar(week=()).next_opening(at("2026-11-23T06:00:00"), "land") is None


def test_the_kept_days_do_not_grow_without_end() -> None:
    week = calendar()
    start = at("2026-01-01T12:00:00")
    for day in range(1000):
        week.is_open(start + day * 86_400_000)

    assert len(week._days) <= 64 * 4 + 1
