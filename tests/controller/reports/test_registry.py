"""Reports against a second, naive computation from the same raw rows, and against the contract's shapes."""

from __future__ import annotations

import re
import statistics
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.contract.errors import Code, RefusedError
from controller.reports.grouping import By
from controller.reports.registry import REPORTS, flat_columns, make_report
from controller.reports.report import ReportQuery
from controller.services.history import RatingRow, TicketRow
from tests.support.examples import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.reports.report import Report

COUNTS = ("issued", "called", "served", "no_show", "cancelled", "expired", "waiting", "in_hand", "unconfirmed")
NOW = 1_795_000_000_000
slow = examples(20, one_fixture=True)


def naive_key(row: Any, by: By, groups: dict[str, str]) -> str:
    if by is By.GROUP:
        return groups.get(row.service, "")
    if by is By.HOUR:
        return str(row.hour).zfill(2)
    return getattr(row, by.value) or ""


def naive_throughput(rows: list[Any]) -> dict[str, Any]:
    served = [row for row in rows if row.status == "done"]
    waits = [(row.called_at - row.issued_at) / 1000 for row in rows if row.called_at is not None]
    serves = [(row.ended_at - (row.started_at or row.last_called_at)) / 1000 for row in served]

    def three(values: list[float]) -> dict[str, float] | None:
        if not values:
            return None
        doubled = values * 2 if len(values) == 1 else values
        p90 = statistics.quantiles(doubled, n=10, method="inclusive")[8]
        return {"median": statistics.median(values), "p90": p90, "mean": statistics.fmean(values)}

    def count(*statuses: str) -> int:
        return sum(row.status in statuses for row in rows)

    return {
        "issued": len(rows), "called": sum(row.called_at is not None for row in rows), "served": len(served),
        "no_show": count("no_show"), "cancelled": count("cancelled"), "expired": count("expired"),
        "waiting": count("waiting", "parked"), "in_hand": count("called", "serving"),
        "unconfirmed": sum(row.started_at is None for row in served), "wait_s": three(waits), "serve_s": three(serves),
    }  # fmt: skip


def same(found: Any, expected: Any) -> bool:
    if isinstance(expected, dict):
        return set(expected) <= set(found) and all(same(found[name], value) for name, value in expected.items())
    return bool(found == (pytest.approx(expected) if isinstance(expected, float) else expected))


@slow
@given(data=st.data(), by=st.sampled_from(list(By)))
def test_throughput_is_what_a_naive_count_of_the_raw_rows_gives(
    histories: Any, days: tuple[date, date], data: Any, by: By
) -> None:
    history = data.draw(histories)
    rows = list(history.tickets(*days))

    report = make_report(ReportQuery("throughput", *days, by), history, NOW)

    keys = sorted({naive_key(row, by, history.groups()) for row in rows})
    assert [row["key"] for row in report["rows"]] == keys
    for row in report["rows"]:
        mine = [one for one in rows if naive_key(one, by, history.groups()) == row["key"]]
        assert same(row, naive_throughput(mine)), row["key"]
    assert same(report["total"], naive_throughput(rows))


@slow
@given(data=st.data(), by=st.sampled_from(list(By)))
def test_the_rows_of_every_cut_add_up_to_the_total(histories: Any, days: tuple[date, date], data: Any, by: By) -> None:
    history = data.draw(histories)

    throughput = make_report(ReportQuery("throughput", *days, by), history, NOW)
    satisfaction = make_report(ReportQuery("satisfaction", *days, by, (3, 2, 1)), history, NOW)

    for name in COUNTS:
        assert sum(row[name] for row in throughput["rows"]) == throughput["total"][name], name
    total = throughput["total"]
    assert total["issued"] == sum(total[name] for name in COUNTS[2:8])
    for name in ("completed", "ratings", "satisfied"):
        assert sum(row[name] for row in satisfaction["rows"]) == satisfaction["total"][name], name
    for score in "321":
        assert sum(row["levels"][score] for row in satisfaction["rows"]) == satisfaction["total"]["levels"][score]


@slow
@given(data=st.data())
def test_satisfaction_counts_every_rating_once_and_never_mixes_scales(
    histories: Any, days: tuple[date, date], data: Any
) -> None:
    history = data.draw(histories)
    ratings = list(history.ratings(*days))

    total = make_report(ReportQuery("satisfaction", *days, By.DAY, (3, 2, 1)), history, NOW)["total"]

    assert total["ratings"] == len(ratings)
    assert sum(total["levels"].values()) == len(ratings)
    assert sum(count for levels in total["versions"].values() for count in levels.values()) == len(ratings)
    for version in {row.version for row in ratings}:
        assert sum(total["versions"][str(version)].values()) == sum(row.version == version for row in ratings)
    if ratings:
        assert total["rate"] == pytest.approx(sum(row.satisfied for row in ratings) / len(ratings))
        assert 0 <= total["low"] <= total["rate"] <= total["high"] <= 1
    else:
        assert (total["rate"], total["low"], total["high"]) == (None, None, None)


def test_one_served_ticket_gives_the_contracts_figures(history_of: Callable[..., Any], ticket_row: TicketRow) -> None:
    day = date(2026, 11, 23)

    report = make_report(ReportQuery("throughput", day, day, By.HOUR), history_of([ticket_row], []), NOW)

    assert report["rows"] == [
        {
            "key": "08", "issued": 1, "called": 1, "served": 1, "no_show": 0, "cancelled": 0, "expired": 0,
            "waiting": 0, "in_hand": 0, "unconfirmed": 0,
            "wait_s": {"median": 600.0, "p90": 600.0, "mean": 600.0},
            "serve_s": {"median": 300.0, "p90": 300.0, "mean": 300.0},
        }
    ]  # fmt: skip
    assert report["generated_at"] == "2026-11-18T11:06:40.000+00:00"
    assert (report["from"], report["to"], report["by"]) == ("2026-11-23", "2026-11-23", "hour")


def test_without_a_start_it_counts_from_the_last_call(history_of: Callable[..., Any], ticket_row: TicketRow) -> None:
    day = date(2026, 11, 23)
    unstarted = ticket_row._replace(started_at=None, last_called_at=730_000)

    total = make_report(ReportQuery("throughput", day, day, By.DAY), history_of([unstarted], []), NOW)["total"]

    assert total["unconfirmed"] == 1
    assert total["serve_s"]["mean"] == 200.0
    assert total["wait_s"]["mean"] == 600.0


def test_the_response_rate_is_ratings_per_completed(history_of: Callable[..., Any], ticket_row: TicketRow) -> None:
    day = date(2026, 11, 23)
    rating = RatingRow("2026-11-23", 8, "land", "c1", "an", "kiosk", "normal", 3, 1, True)
    open_one = ticket_row._replace(status="serving", ended_at=None)
    history = history_of([ticket_row, ticket_row, open_one], [rating])

    total = make_report(ReportQuery("satisfaction", day, day, By.DAY, (3, 2, 1)), history, NOW)["total"]

    assert (total["completed"], total["ratings"], total["response_rate"]) == (2, 1, 0.5)
    assert total["levels"] == {"3": 1, "2": 0, "1": 0}


def test_waiting_tells_the_share_within_the_target(history_of: Callable[..., Any], ticket_row: TicketRow) -> None:
    day = date(2026, 11, 23)
    late = ticket_row._replace(target_s=599)
    aimless = ticket_row._replace(target_s=None)

    total = make_report(ReportQuery("waiting", day, day, By.DAY), history_of([ticket_row, late, aimless], []), NOW)[
        "total"
    ]

    assert total["called"] == 3
    assert total["within_target"] == 0.5


def test_an_unknown_report_and_days_that_run_backwards_are_refused(history_of: Callable[..., Any]) -> None:
    day = date(2026, 11, 23)

    with pytest.raises(RefusedError) as unknown:
        make_report(ReportQuery("weather", day, day, By.DAY), history_of([], []), NOW)
    with pytest.raises(RefusedError) as backwards:
        make_report(ReportQuery("throughput", day, date(2026, 11, 22), By.DAY), history_of([], []), NOW)

    assert (unknown.value.code, backwards.value.code) == (Code.NOT_FOUND, Code.BAD_REQUEST)


def test_columns_are_flat_and_in_the_order_of_the_figures(history_of: Callable[..., Any]) -> None:
    day = date(2026, 11, 23)
    report = make_report(ReportQuery("satisfaction", day, day, By.DAY, (3, 2, 1)), history_of([], []), NOW)

    assert [one.name for one in flat_columns(report)] == [
        "key", "completed", "ratings", "response_rate", "level_3", "level_2", "level_1", "satisfied", "rate", "low",
        "high",
    ]  # fmt: skip


@pytest.mark.parametrize("report", REPORTS.values(), ids=list(REPORTS))
def test_the_figures_of_every_report_are_its_columns(report: Report, history_of: Callable[..., Any]) -> None:
    day = date(2026, 11, 23)
    made = make_report(ReportQuery(report.name, day, day, By.DAY), history_of([], []), NOW)

    assert list(made["total"]) == [column.name for column in report.columns]


def test_every_report_is_documented() -> None:
    docs = (Path(__file__).parents[3] / "docs" / "http.md").read_text()

    assert set(REPORTS) <= set(re.findall(r"^\| `(\w+)` \|", docs.partition("## Reports")[2], re.MULTILINE))
