"""The table of reports: HTTP, the command line, the page, CSV and the tests of words and docs read it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from broker.contract.errors import Code, RefusedError
from broker.contract.times import format_instant
from controller.reports import estimates, fairness, officers, satisfaction, throughput, waiting
from controller.reports.report import Kind, Report, ReportQuery, Source

if TYPE_CHECKING:
    from controller.services.history import History

REPORTS: Final[dict[str, Report]] = {
    module.REPORT.name: module.REPORT for module in (throughput, satisfaction, waiting, officers, estimates, fairness)
}

SPREAD: Final = ("median", "p90", "mean")


def parse_day(text: str) -> date:
    """Return the date of `2026-11-23`; anything else is a ValueError."""
    return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a local date has no time zone


def check_query(query: ReportQuery) -> None:
    """Refuse a query that has no answer: an unknown report, or days that run backwards."""
    if query.name not in REPORTS:
        raise RefusedError(Code.NOT_FOUND, f"There is no report {query.name}.")
    if query.first > query.last:
        raise RefusedError(Code.BAD_REQUEST, "The last day of a report lies before its first.")


def make_report(query: ReportQuery, history: History, now: int) -> dict[str, Any]:
    """Make a report as the contract's JSON; blocks while the history is read."""
    check_query(query)
    rows, total = REPORTS[query.name].count(Source(query, history, now)).figures()
    return {
        "name": query.name,
        "from": query.first.isoformat(),
        "to": query.last.isoformat(),
        "by": query.by.value,
        "generated_at": format_instant(now),
        "rows": rows,
        "total": total,
    }


class FlatColumn(NamedTuple):
    """A column of a table: one figure, or one `part` of it, such as `wait_s_median` and `level_3`."""

    name: str
    figure: str
    kind: Kind | None = None
    """None for the key of the row."""
    part: str = ""
    prefix: str = ""

    def value(self, row: dict[str, Any]) -> Any:  # noqa: ANN401 - an int, a float, a text or None
        """Return the value of a row; a count that it lacks is 0."""
        figure = row[self.figure]
        if self.kind is Kind.COUNTS:
            return figure.get(self.part, 0)
        return figure[self.part] if self.part and figure is not None else figure


def flat_columns(report: dict[str, Any]) -> list[FlatColumn]:
    """Return the columns of a made report as a table, in the order of its figures."""
    found = [FlatColumn("key", "key")]
    for name, kind, prefix in ((one.name, one.kind, one.prefix) for one in REPORTS[report["name"]].columns):
        if kind is Kind.SPREAD:
            found += [FlatColumn(f"{name}_{part}", name, kind, part) for part in SPREAD]
        elif kind is Kind.COUNTS:
            found += [FlatColumn(f"{prefix}_{one}", name, kind, one, prefix) for one in report["total"][name]]
        elif kind is not Kind.DETAIL:
            found.append(FlatColumn(name, name, kind))
    return found
