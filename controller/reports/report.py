"""A report as asked for and as given; the one place that knows which reports there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from broker.contract.errors import Code, Refused
from broker.contract.times import format_instant
from controller.reports.attendance import attendance
from controller.reports.estimates import estimates
from controller.reports.fairness import fairness
from controller.reports.keys import By, key_of
from controller.reports.officers import officers
from controller.reports.satisfaction import satisfaction
from controller.reports.throughput import throughput
from controller.reports.waiting import waiting

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from controller.reports.keys import Row
    from controller.services.history import History

    Figures = tuple[list[dict[str, Any]], dict[str, Any]]
    KeyOf = Callable[[Row], str]
    Maker = Callable[["Question", History, KeyOf, int], Figures]

SPREADS = ("wait_s", "serve_s")
"""Figures that are a median, a 90th percentile and a mean, or None."""

COUNTS = {"levels": "level", "rules": "rule", "reasons": "reason"}
"""Figures that are counts by name, and what their flat columns begin with; a row may lack names of the total."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which report, on which local days (both included), cut by what; `scores` are the levels of the present scale."""

    name: str
    first: date
    last: date
    by: By
    scores: tuple[int, ...] = ()


def _throughput(question: Question, history: History, key: KeyOf, _: int) -> Figures:
    return throughput(history.tickets(question.first, question.last), key)


def _waiting(question: Question, history: History, key: KeyOf, _: int) -> Figures:
    return waiting(history.tickets(question.first, question.last), key)


def _satisfaction(question: Question, history: History, key: KeyOf, _: int) -> Figures:
    tickets = history.tickets(question.first, question.last)
    return satisfaction(tickets, history.ratings(question.first, question.last), key, question.scores)


def _estimates(question: Question, history: History, key: KeyOf, _: int) -> Figures:
    return estimates(history.tickets(question.first, question.last), key)


def _fairness(question: Question, history: History, key: KeyOf, _: int) -> Figures:
    calls = history.calls(question.first, question.last)
    return fairness(history.tickets(question.first, question.last), calls, key)


def _officers(question: Question, history: History, key: KeyOf, now: int) -> Figures:
    first, last, timezone = question.first, question.last, history.timezone()
    stretches = attendance(history.moves(first, last), history.in_hand(first, last), now, timezone)
    return officers(history.tickets(first, last), stretches, key, question.by, timezone)


MAKERS: dict[str, Maker] = {
    "throughput": _throughput,
    "satisfaction": _satisfaction,
    "waiting": _waiting,
    "officers": _officers,
    "estimates": _estimates,
    "fairness": _fairness,
}


def check(question: Question) -> None:
    """Refuse a question that has no answer: an unknown report, or days that run backwards."""
    if question.name not in MAKERS:
        raise Refused(Code.NOT_FOUND, f"There is no report {question.name}.")
    if question.first > question.last:
        raise Refused(Code.BAD_REQUEST, "The last day of a report lies before its first.")


def make(question: Question, history: History, now: int) -> dict[str, Any]:
    """Make a report as the contract's JSON; blocks while the history is read."""
    check(question)
    groups = history.groups() if question.by is By.GROUP else {}
    rows, total = MAKERS[question.name](question, history, key_of(question.by, groups), now)
    return {
        "name": question.name,
        "from": question.first.isoformat(),
        "to": question.last.isoformat(),
        "by": question.by.value,
        "generated_at": format_instant(now),
        "rows": rows,
        "total": total,
    }


def columns(report: dict[str, Any]) -> list[str]:
    """Give the flat column names of a report: `wait_s_median`, `level_3` and so on, in the order of its figures."""
    found = ["key"]
    for name, value in report["total"].items():
        if name in SPREADS:
            found += [f"{name}_{part}" for part in ("median", "p90", "mean")]
        elif name in COUNTS:
            found += [f"{COUNTS[name]}_{one}" for one in value]
        elif name != "versions":
            found.append(name)
    return found
