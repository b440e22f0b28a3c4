"""CSV: a plain form that programs read back to the same figures, and a form for spreadsheets of an office."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from broker.runtime.catalogue import catalogue
from controller.reports.csv_export import label, plain_csv, spreadsheet_csv
from controller.reports.grouping import By
from controller.reports.registry import REPORTS, flat_columns, make_report
from controller.reports.report import ReportQuery
from controller.services.history import RatingRow, TicketRow

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = date(2026, 11, 23)


@pytest.fixture
def report(history_of: Callable[..., Any], ticket_row: TicketRow) -> dict[str, Any]:
    other = ticket_row._replace(counter="c2", called_at=61_500, last_called_at=61_500, started_at=None, ended_at=90_000)
    return make_report(ReportQuery("throughput", DAY, DAY, By.COUNTER), history_of([ticket_row, other], []), 0)


def test_the_plain_form_is_read_back_to_the_same_figures(report: dict[str, Any]) -> None:
    raw = plain_csv(report)

    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8"), newline="")))
    assert raw.startswith(b"key,issued,called,")
    assert b"\r\n" in raw
    assert [row["key"] for row in rows] == ["c1", "c2"]
    for read, row in zip(rows, report["rows"], strict=True):
        assert int(read["issued"]) == row["issued"]
        assert float(read["wait_s_median"]) == row["wait_s"]["median"]
        assert float(read["serve_s_p90"]) == row["serve_s"]["p90"]


def test_the_office_form_has_a_mark_labels_and_a_line_of_totals(report: dict[str, Any]) -> None:
    raw = spreadsheet_csv(report, catalogue("controller"), "vi")

    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert lines[0][:3] == ["Quầy", "Đã cấp số", "Đã gọi"]
    assert lines[-1][:2] == ["Tổng cộng", "2"]
    assert "61,5" in lines[2]


def test_the_english_office_form_uses_commas_between_and_points_within(report: dict[str, Any]) -> None:
    lines = spreadsheet_csv(report, catalogue("controller"), "en").decode("utf-8-sig").splitlines()

    assert lines[0].startswith("Counter,Issued,Called")
    assert "61.5" in lines[2]


def test_a_level_that_a_row_lacks_is_zero_and_a_missing_figure_is_empty(history_of: Callable[..., Any]) -> None:
    rating = RatingRow("2026-11-23", 8, "land", "c1", "an", "kiosk", "normal", 7, 2, True)
    history = history_of([], [rating, rating._replace(day="2026-11-24", score=3)])
    report = make_report(ReportQuery("satisfaction", DAY, date(2026, 11, 24), By.DAY, (3,)), history, 0)

    rows = list(csv.DictReader(io.StringIO(plain_csv(report).decode(), newline="")))

    assert [(row["level_3"], row["level_7"]) for row in rows] == [("0", "1"), ("1", "0")]
    assert rows[0]["response_rate"] == ""


def test_no_text_is_taken_for_a_formula(history_of: Callable[..., Any], ticket_row: TicketRow) -> None:
    tricky = ticket_row._replace(officer="=cmd")
    report = make_report(ReportQuery("throughput", DAY, DAY, By.OFFICER), history_of([tricky], []), 0)

    assert plain_csv(report).splitlines()[1].startswith(b"'=cmd,")


@pytest.mark.parametrize("name", sorted(REPORTS))
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_column_and_every_cut_has_words(name: str, lang: str, history_of: Callable[..., Any]) -> None:
    for by in By:
        report = make_report(ReportQuery(name, DAY, DAY, by, (3, 2, 1)), history_of([], []), 0)
        assert all(label(column, by, catalogue("controller"), lang) for column in flat_columns(report))
