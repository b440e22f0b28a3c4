"""A report as asked for and as given; the one place that knows which reports there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from broker.contract.errors import Code, Refused
from broker.contract.times import format_instant
from controller.reports.keys import By, key_of
from controller.reports.satisfaction import satisfaction
from controller.reports.throughput import throughput
from controller.reports.waiting import waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from controller.services.history import History, RatingRow, TicketRow

    Figures = tuple[list[dict[str, Any]], dict[str, Any]]
    KeyOf = Callable[[TicketRow | RatingRow], str]

NOT_MADE = frozenset({"officers", "estimates", "fairness"})
"""Reports that the contract names and that cannot be asked for in this version."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which report, on which local days (both included), cut by what; `scores` are the levels of the present scale."""

    name: str
    first: date
    last: date
    by: By
    scores: tuple[int, ...] = ()


def _throughput(question: Question, history: History, key: KeyOf) -> Figures:
    return throughput(history.tickets(question.first, question.last), key)


def _waiting(question: Question, history: History, key: KeyOf) -> Figures:
    return waiting(history.tickets(question.first, question.last), key)


def _satisfaction(question: Question, history: History, key: KeyOf) -> Figures:
    tickets = history.tickets(question.first, question.last)
    return satisfaction(tickets, history.ratings(question.first, question.last), key, question.scores)


MAKERS: dict[str, Callable[[Question, History, KeyOf], Figures]] = {
    "throughput": _throughput,
    "satisfaction": _satisfaction,
    "waiting": _waiting,
}


def check(question: Question) -> None:
    """Refuse a question that has no answer: an unknown report, one that is not made, or days that run backwards."""
    if question.name in NOT_MADE:
        made = ", ".join(MAKERS)
        raise Refused(Code.BAD_REQUEST, f"The report {question.name} is not made by this version; it makes {made}.")
    if question.name not in MAKERS:
        raise Refused(Code.NOT_FOUND, f"There is no report {question.name}.")
    if question.first > question.last:
        raise Refused(Code.BAD_REQUEST, "The last day of a report lies before its first.")


def make(question: Question, history: History, now: int) -> dict[str, Any]:
    """Make a report as the contract's JSON; blocks while the history is read."""
    check(question)
    groups = history.groups() if question.by is By.GROUP else {}
    rows, total = MAKERS[question.name](question, history, key_of(question.by, groups))
    return {
        "name": question.name,
        "from": question.first.isoformat(),
        "to": question.last.isoformat(),
        "by": question.by.value,
        "generated_at": format_instant(now),
        "rows": rows,
        "total": total,
    }


def columns(report: dict[str, Any], nested: Sequence[str] = ("wait_s", "serve_s")) -> list[str]:
    """Give the flat column names of a report: `wait_s_median`, `level_3` and so on, in the order of its figures."""
    found = ["key"]
    for name, value in report["total"].items():
        if name in nested:
            found += [f"{name}_{part}" for part in ("median", "p90", "mean")]
        elif name == "levels":
            found += [f"level_{score}" for score in value]
        elif name != "versions":
            found.append(name)
    return found
