"""Until when a clock is believed unproven: by the shipped centre's calendar, over weekends and real holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.contract.hours import Span
from broker.contract.times import parse_instant
from controller.commands.centre_file import read_centre
from controller.domain.centre.calendar import Calendar, SpecialDay, WeekHours, day_end, local_day
from controller.domain.clock_plausibility import LEAST_MS, known_since, latest_plausible
from controller.services.public_days import public_days
from tests.support.examples import examples

SHIPPED = read_centre(Path("deploy/centres/quang-ngai.toml")).calendar
ZONE = SHIPPED.timezone
DAY_MS = 24 * 3600 * 1000

TET_2026 = [date(2026, 2, 14) + timedelta(days=ahead) for ahead in range(9)]
"""As announced: Saturday 14 February to Sunday 22 February."""


def at(text: str) -> int:
    return parse_instant(f"{text}:00+07:00")


def with_days_off(*days: date) -> Calendar:
    return Calendar(ZONE, SHIPPED.week, (*SHIPPED.dates, *(SpecialDay(day) for day in days)), SHIPPED.cut_offs)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-11-23T10:00", "2026-11-27T10:00"),  # Monday: the four days
        ("2026-11-27T16:59", "2026-12-01T16:59"),  # Friday: a Saturday of land results and Monday, so the four days
        ("2026-12-04T16:59", "2026-12-09T00:00"),  # Friday: Monday and Tuesday
        ("2026-12-03T23:59", "2026-12-08T00:00"),  # Thursday: Friday and Monday
    ],
)
def test_it_ends_with_the_second_opening_day_and_is_at_least_four_days(since: str, until: str) -> None:
    assert latest_plausible(SHIPPED, at(since)) == at(until)


def test_a_start_after_a_weekend_is_believed() -> None:
    assert latest_plausible(SHIPPED, at("2026-12-04T17:00")) >= at("2026-12-07T06:30")


@pytest.mark.parametrize("start", ["2026-02-23T06:30", "2026-02-24T17:00"])
def test_a_start_after_tet_is_believed_where_tet_is_configured(start: str) -> None:
    assert latest_plausible(with_days_off(*TET_2026), at("2026-02-13T11:30")) >= at(start)


@pytest.mark.parametrize(
    ("last", "start"),
    [
        ("2025-01-24T17:00", "2025-02-03T06:30"),  # nine days, as announced
        ("2026-02-13T17:00", "2026-02-23T06:30"),
        ("2027-02-03T17:00", "2027-02-11T06:30"),
        ("2025-08-29T17:00", "2025-09-03T06:30"),  # National Day
        ("2025-04-29T17:00", "2025-05-05T06:30"),  # Reunification and Labour Day, with a swapped Friday
    ],
)
def test_a_start_after_a_public_holiday_that_nobody_configured_is_believed(last: str, start: str) -> None:
    off = {day.date for year in (2025, 2026, 2027) for day in public_days(year) if day.instead_of is None}

    assert latest_plausible(SHIPPED, at(last), off) >= at(start)


@pytest.mark.parametrize("start", ["2026-12-10T07:00", "2027-03-01T07:00", "2036-03-06T08:00"])
def test_a_clock_far_ahead_is_not_believed(start: str) -> None:
    off = {day.date for year in (2026, 2027) for day in public_days(year)}

    assert latest_plausible(SHIPPED, at("2026-12-04T17:00"), off) < at(start)


def test_a_centre_that_never_opens_has_the_four_days() -> None:
    assert latest_plausible(Calendar(ZONE), at("2026-12-04T17:00")) == at("2026-12-04T17:00") + LEAST_MS


WEEKS = st.frozensets(st.integers(0, 6), min_size=1)
INSTANTS = st.integers(at("2024-01-01T00:00"), at("2035-01-01T00:00"))


@given(week=WEEKS, since=INSTANTS, closed=st.sets(st.integers(0, 40)))
@examples()
def test_two_opening_days_lie_between_and_no_third(week: frozenset[int], since: int, closed: set[int]) -> None:
    today = local_day(since, ZONE)
    days = tuple(SpecialDay(today + timedelta(days=ahead)) for ahead in closed)
    calendar = Calendar(ZONE, (WeekHours(week, (Span(480, 900),)),), days, {"land": 0})

    found = latest_plausible(calendar, since)

    last = local_day(found - 1, ZONE)
    opened = [day for ahead in range(1, (last - today).days + 1) if calendar.on(day := today + timedelta(ahead)).open]
    assert found >= since + LEAST_MS
    assert len(opened) >= 2 or found == since + LEAST_MS
    if found > since + LEAST_MS:
        assert len(opened) == 2
        assert opened[-1] == last
        assert found == day_end(last, ZONE)


@given(since=INSTANTS, later=st.integers(0, 30 * DAY_MS))
@examples()
def test_who_was_seen_later_is_believed_at_least_as_long(since: int, later: int) -> None:
    assert latest_plausible(SHIPPED, since + later) >= latest_plausible(SHIPPED, since)


def test_the_last_fact_or_reading_counts_and_only_an_empty_journal_asks_the_configuration() -> None:
    year = int(datetime(2036, 1, 1, tzinfo=UTC).timestamp() * 1000)

    assert known_since(5, 3, year) == 5
    assert known_since(3, 5, year) == 5
    assert known_since(0, 0, 7) == 7
