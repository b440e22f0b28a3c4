"""A report as a table for people: names, not ids; minutes, not seconds; per cent, not shares; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from broker.contract.texts import pick
from controller.reports.grouping import NOBODY, By
from controller.reports.registry import flat_columns
from controller.reports.report import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.domain.centre.centre import Centre

    Words = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Table:
    """Texts by row; `total` is the last."""

    head: list[str]
    rows: list[list[str]]
    total: list[str]


def duration(seconds: float) -> str:
    """Write seconds as `12:05` or, from an hour on, `1:02:05`."""
    whole = round(seconds)
    hours, rest = divmod(abs(whole), 3600)
    sign = "−" if whole < 0 else ""
    return sign + (f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}")


def number(value: int, lang: str) -> str:
    """Write a count with the language's sign between thousands."""
    return f"{value:,}".replace(",", "." if lang == "vi" else ",")


def share(value: float, lang: str) -> str:
    """Write a share as per cent with one decimal."""
    return f"{value * 100:.1f} %".replace(".", "," if lang == "vi" else ".")


def name_of(key: str, by: By, centre: Centre, words: Words, lang: str) -> str:
    """Return the words for the key of a row; what is no longer configured keeps its id."""
    if key == NOBODY:
        return words("report.nobody")
    if by is By.CHANNEL:
        return words(f"channel.{key}")
    named = {
        By.SERVICE: {one.id: one.name for one in centre.service},
        By.GROUP: {one.id: one.name for one in centre.group},
        By.COUNTER: {one.id: one.label for one in centre.counter},
        By.PRIORITY: {one.id: one.name for one in centre.priorities.values()},
    }.get(by, {})
    if key in named:
        return pick(named[key], lang)
    return f"{key}:00–{key}:59" if by is By.HOUR else key


def _cell(value: Any, kind: Kind | None, lang: str) -> str:  # noqa: ANN401 - an int, a float or None
    if value is None:
        return "–"
    if kind in (Kind.DURATION, Kind.SPREAD):
        return duration(value)
    return share(value, lang) if kind is Kind.SHARE else number(int(value), lang)


def table_of(report: dict[str, Any], head: list[str], centre: Centre, words: Words, lang: str) -> Table:
    """Make the table of a report; `head` are the words over its columns."""
    by, figures = By(report["by"]), flat_columns(report)[1:]

    def cells(row: dict[str, Any]) -> list[str]:
        return [_cell(one.value(row), one.kind, lang) for one in figures]

    rows = [[name_of(row["key"], by, centre, words, lang), *cells(row)] for row in report["rows"]]
    return Table(head, rows, [words("report.total"), *cells(report["total"])])
