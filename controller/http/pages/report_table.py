"""A report as a table for people: names, not ids; minutes, not seconds; per cent, not shares; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from broker.contract.texts import pick
from controller.reports.keys import NOBODY, By
from controller.reports.report import COUNTS, SPREADS

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.domain.centre.centre import Centre

    Words = Callable[..., str]

SHARES: Final = frozenset({"rate", "low", "high", "response_rate", "within_target", "coverage"})
PARTS: Final = ("median", "p90", "mean")


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


def cells(figures: dict[str, Any], total: dict[str, Any], lang: str) -> list[str]:
    """Write the figures of one row, in the order of those of the total; a count that the row lacks is 0."""
    found: list[str] = []
    for figure, whole in total.items():
        value = figures[figure]
        if figure in COUNTS:
            found += [number(value.get(one, 0), lang) for one in whole]
        elif figure in SPREADS:
            found += [duration(value[part]) if value else "–" for part in PARTS]
        elif figure != "versions":
            found.append("–" if value is None else _cell(figure, value, lang))
    return found


def _cell(figure: str, value: float, lang: str) -> str:
    if figure.endswith("_s"):
        return duration(value)
    return share(value, lang) if figure in SHARES else number(int(value), lang)


def table_of(report: dict[str, Any], head: list[str], centre: Centre, words: Words, lang: str) -> Table:
    """Make the table of a report; `head` are the words over its columns."""
    by, total = By(report["by"]), report["total"]
    rows = [[name_of(row["key"], by, centre, words, lang), *cells(row, total, lang)] for row in report["rows"]]
    return Table(head, rows, [words("report.total"), *cells(total, total, lang)])
