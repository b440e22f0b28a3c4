"""`estimates` and `fairness` against a second, naive computation from the same rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.reports.grouping import By
from controller.reports.registry import flat_columns, make_report
from controller.reports.report import ReportQuery
from controller.services.history import CallRow, TicketRow
from tests.support.examples import examples

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = date(2026, 11, 23)
NOW = 1_795_000_000_000
slow = examples(20, one_fixture=True)
CALL = CallRow("2026-11-23", 8, "land", "c1", "an", "kiosk", "normal", "score", 0, None)


def key(row: Any, by: By, groups: dict[str, str]) -> str:
    if by is By.GROUP:
        return groups.get(row.service, "")
    return f"{row.hour:02d}" if by is By.HOUR else getattr(row, by.value) or ""


def naive_estimates(rows: list[Any]) -> dict[str, Any]:
    told = [row for row in rows if row.called_at is not None and row.told_low_s is not None]
    if not told:
        return {"tickets": 0, "coverage": None, "rmse_s": None, "bias_s": None}
    waits = [(row.called_at - row.issued_at) / 1000 for row in told]
    errors = [(row.told_low_s + row.told_high_s) / 2 - wait for row, wait in zip(told, waits, strict=True)]
    kept = [row.told_low_s <= wait <= row.told_high_s for row, wait in zip(told, waits, strict=True)]
    return {
        "tickets": len(told), "coverage": sum(kept) / len(kept),
        "rmse_s": (sum(error**2 for error in errors) / len(errors)) ** 0.5, "bias_s": sum(errors) / len(errors),
    }  # fmt: skip


def naive_fairness(tickets: list[Any], calls: list[CallRow]) -> dict[str, Any]:
    waits = [row.called_at - row.issued_at for row in tickets if row.called_at is not None]
    return {
        "called": len(waits), "overtaken": sum(call.overtook for call in calls),
        "manual": len([call for call in calls if call.rule == "manual"]),
        "longest_wait_s": max(waits) / 1000 if waits else None,
    }  # fmt: skip


def approx(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: pytest.approx(value) if isinstance(value, float) else value for name, value in figures.items()}


@slow
@given(data=st.data(), by=st.sampled_from(list(By)))
def test_estimates_are_what_a_naive_computation_gives(
    histories: Any, days: tuple[date, date], data: Any, by: By
) -> None:
    history = data.draw(histories)
    rows = list(history.tickets(*days))

    report = make_report(ReportQuery("estimates", *days, by), history, NOW)

    assert report["total"] == approx(naive_estimates(rows))
    assert sum(row["tickets"] for row in report["rows"]) == report["total"]["tickets"]
    for row in report["rows"]:
        mine = [one for one in rows if key(one, by, history.groups()) == row["key"]]
        assert {name: row[name] for name in report["total"]} == approx(naive_estimates(mine))


@slow
@given(data=st.data(), by=st.sampled_from(list(By)))
def test_fairness_is_what_a_naive_computation_gives(histories: Any, days: tuple[date, date], data: Any, by: By) -> None:
    history = data.draw(histories)
    tickets, calls = list(history.tickets(*days)), list(history.calls(*days))

    report = make_report(ReportQuery("fairness", *days, by), history, NOW)

    assert approx(naive_fairness(tickets, calls)).items() <= report["total"].items()
    for name in ("called", "overtaken", "manual"):
        assert sum(row[name] for row in report["rows"]) == report["total"][name]
    for row in [*report["rows"], report["total"]]:
        assert sum(row["rules"].values()) == row["overtaken"]
        assert sum(row["reasons"].values()) == row["manual"]
    for row in report["rows"]:
        mine = [[one for one in rows if key(one, by, history.groups()) == row["key"]] for rows in (tickets, calls)]
        assert approx(naive_fairness(*mine)).items() <= row.items()


def test_a_wait_longer_than_told_is_a_bias_below_zero(history_of: Callable[..., Any], ticket_row: TicketRow) -> None:
    short = ticket_row._replace(told_low_s=0, told_high_s=300)
    right = ticket_row._replace(told_low_s=600, told_high_s=900)

    total = make_report(ReportQuery("estimates", DAY, DAY, By.DAY), history_of([short, right, ticket_row], []), NOW)[
        "total"
    ]

    assert total == {
        "tickets": 2, "coverage": 0.5, "rmse_s": pytest.approx((450**2 / 2 + 150**2 / 2) ** 0.5), "bias_s": -150.0,
    }  # fmt: skip


def test_fairness_tells_rules_and_the_codes_of_manual_calls(
    history_of: Callable[..., Any], ticket_row: TicketRow
) -> None:
    calls = [CALL, CALL._replace(rule="target", overtook=3), CALL._replace(rule="manual", overtook=2, reason="ill")]

    report = make_report(ReportQuery("fairness", DAY, DAY, By.SERVICE), history_of([ticket_row], [], calls), NOW)

    assert report["rows"][0] == {"key": "land", **report["total"]}
    assert (report["total"]["called"], report["total"]["overtaken"], report["total"]["manual"]) == (1, 5, 1)
    assert {rule: count for rule, count in report["total"]["rules"].items() if count} == {"target": 3, "manual": 2}
    assert report["total"]["reasons"] == {"ill": 1}
    assert report["total"]["longest_wait_s"] == 600.0
    assert [one.name for one in flat_columns(report)][-3:] == ["manual", "reason_ill", "longest_wait_s"]
