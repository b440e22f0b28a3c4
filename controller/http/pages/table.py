"""A report as a table for people: names, not ids; minutes, not seconds; per cent, not shares; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from broker.contract.texts import pick
from controller.reports.keys import NOBODY, By

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.domain.centre import Centre

    Words = Callable[..., str]

SHARES: Final = frozenset({"rate", "low", "high", "response_rate", "within_target"})
SPREADS: Final = ("median", "p90", "mean")


@dataclass(frozen=True, slots=True)
class Table:
    """Texts by row; `total` is the last."""

    head: list[str]
    rows: list[list[str]]
    total: list[str]


def duration(seconds: float) -> str:
    """Write seconds as `12:05` or, from an hour on, `1:02:05`."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def number(value: int, lang: str) -> str:
    """Write a count with the language's sign between thousands."""
    return f"{value:,}".replace(",", "." if lang == "vi" else ",")


def share(value: float, lang: str) -> str:
    """Write a share as per cent with one decimal."""
    return f"{value * 100:.1f} %".replace(".", "," if lang == "vi" else ".")


def name_of(key: str, by: By, centre: Centre, words: Words, lang: str) -> str:
    """Give the words for the key of a row; what is no longer configured keeps its id."""
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


def cells(figures: dict[str, Any], lang: str) -> list[str]:
    """Write the figures of one row, in the order of their names."""
    found: list[str] = []
    for figure, value in figures.items():
        if figure in ("key", "versions"):
            continue
        if figure == "levels":
            found += [number(count, lang) for count in value.values()]
        elif figure.endswith("_s"):
            found += [duration(value[part]) if value else "–" for part in SPREADS]
        elif value is None:
            found.append("–")
        else:
            found.append(share(value, lang) if figure in SHARES else number(value, lang))
    return found


def table_of(report: dict[str, Any], head: list[str], centre: Centre, words: Words, lang: str) -> Table:
    """Make the table of a report; `head` are the words over its columns."""
    by = By(report["by"])
    scores = report["total"].get("levels", {})
    rows = []
    for row in report["rows"]:
        even = {**row, "levels": {score: row["levels"].get(score, 0) for score in scores}} if scores else row
        rows.append([name_of(row["key"], by, centre, words, lang), *cells(even, lang)])
    return Table(head, rows, [words("report.total"), *cells(report["total"], lang)])
