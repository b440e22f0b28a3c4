"""`officers`: time at counters against a second, naive computation that walks through it second by second."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.reports.grouping import By
from controller.reports.registry import make_report
from controller.reports.report import ReportQuery
from controller.services.history import InHandRow, MoveRow, TicketRow
from tests.support.examples import examples

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = date(2026, 11, 23)
MORNING = int(datetime(2026, 11, 23, 0, 30, tzinfo=UTC).timestamp()) * 1000
"""07:30 at the centre."""
LENGTH = 240
STEP_MS = 60_000
LATER = MORNING + LENGTH * STEP_MS
TIMES = ("open_s", "paused_s", "idle_s")
NEXT = {"closed": ["opened"], "open": ["closed", "paused", "opened"], "paused": ["resumed", "closed"]}
LEADS = {"opened": "open", "closed": "closed", "paused": "paused", "resumed": "open"}


@st.composite
def lived(draw: st.DrawFn) -> tuple[list[MoveRow], list[InHandRow]]:
    moves, visits = [], []
    for counter in ("c1", "c2"):
        status, officer, minutes = "closed", None, sorted(draw(st.sets(st.integers(0, LENGTH - 1), max_size=12)))
        for minute in minutes:
            what = draw(st.sampled_from(NEXT[status]))
            officer = draw(st.sampled_from(["an", "binh", None])) if what == "opened" else officer
            status = LEADS[what]
            moves.append(MoveRow("2026-11-23", counter, officer, f"counter_{what}", MORNING + minute * STEP_MS))
        ends = sorted(draw(st.sets(st.integers(0, LENGTH), max_size=8)))
        for begin, end in zip(ends[::2], ends[1::2], strict=False):
            over = None if end == LENGTH else MORNING + end * STEP_MS
            visits.append(InHandRow("2026-11-23", counter, MORNING + begin * STEP_MS, over))
    return moves, visits


def naive(moves: list[MoveRow], visits: list[InHandRow], by: By) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for counter in ("c1", "c2"):
        status, officer = "closed", None
        for minute in range(LENGTH):
            now = MORNING + minute * STEP_MS
            for move in moves:
                if move.counter == counter and move.at == now:
                    status = LEADS[move.type.removeprefix("counter_")]
                    officer = move.officer if status == "open" and move.type == "counter_opened" else officer
            busy = any(one.counter == counter and one.called_at <= now < (one.ended_at or LATER) for one in visits)
            if status != "closed":
                hour = f"{(7 * 60 + 30 + minute) // 60:02d}"
                key = {By.OFFICER: officer or "", By.COUNTER: counter, By.DAY: "2026-11-23", By.HOUR: hour}[by]
                row = found.setdefault(key, [0, 0, 0])
                row[0] += 60
                row[1] += 60 * (status == "paused")
                row[2] += 60 * (status == "open" and not busy)
    return found


@examples(20, one_fixture=True)
@given(told=lived(), by=st.sampled_from([By.OFFICER, By.COUNTER, By.DAY, By.HOUR]))
def test_time_at_counters_is_what_a_walk_through_every_minute_gives(
    history_of: Callable[..., Any], told: tuple[list[MoveRow], list[InHandRow]], by: By
) -> None:
    moves, visits = told

    report = make_report(ReportQuery("officers", DAY, DAY, by), history_of([], [], [], *told), LATER)

    assert {row["key"]: [row[name] for name in TIMES] for row in report["rows"]} == naive(moves, visits, by)
    for name in TIMES:
        assert sum(row[name] for row in report["rows"]) == report["total"][name]


def test_served_and_serve_times_are_those_of_throughput(history_of: Callable[..., Any], ticket_row: TicketRow) -> None:
    rows = [ticket_row, ticket_row._replace(officer="binh", started_at=None), ticket_row._replace(status="no_show")]
    history = history_of(rows, [])

    officers = make_report(ReportQuery("officers", DAY, DAY, By.OFFICER), history, LATER)
    throughput = make_report(ReportQuery("throughput", DAY, DAY, By.OFFICER), history, LATER)

    shared = [(row["key"], row["served"], row["serve_s"]) for row in officers["rows"]]
    assert shared == [(row["key"], row["served"], row["serve_s"]) for row in throughput["rows"]]
    assert (officers["total"]["served"], officers["total"]["open_s"]) == (2, 0.0)


@pytest.mark.parametrize("by", [By.SERVICE, By.GROUP, By.CHANNEL, By.PRIORITY])
def test_where_time_belongs_to_no_row_only_the_total_has_it(
    by: By, history_of: Callable[..., Any], ticket_row: TicketRow
) -> None:
    opened = MoveRow("2026-11-23", "c1", "an", "counter_opened", MORNING)

    report = make_report(ReportQuery("officers", DAY, DAY, by), history_of([ticket_row], [], [], [opened]), LATER)

    assert [row[name] for row in report["rows"] for name in TIMES] == [None, None, None]
    assert report["total"]["open_s"] == report["total"]["idle_s"] == LENGTH * 60


def test_a_counter_that_nobody_closed_counts_no_longer_than_its_day(history_of: Callable[..., Any]) -> None:
    opened = MoveRow("2026-11-23", "c1", "an", "counter_opened", MORNING)
    called = InHandRow("2026-11-23", "c1", MORNING + STEP_MS, None)
    history = history_of([], [], [], [opened], [called])

    total = make_report(ReportQuery("officers", DAY, DAY, By.DAY), history, LATER + 10 * 24 * 3_600_000)["total"]

    assert (total["open_s"], total["idle_s"]) == (16.5 * 3600, 60.0)
