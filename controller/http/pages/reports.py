"""The supervisor's page of reports: a table, and the files behind it."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from broker.runtime.catalogue import Catalogue, catalogue
from controller.http.api.reports import csv_answer, read_day, write_csv
from controller.http.dependencies import dependencies_of
from controller.http.pages.page import caller_or_response, page_of
from controller.http.pages.report_table import table_of
from controller.http.responses.clock_notice import clock_notice
from controller.reports.keys import By
from controller.reports.report import Question, check, columns, make
from controller.reports.spreadsheet import label
from controller.services.accounts.accounts import Role

if TYPE_CHECKING:
    from controller.http.dependencies import Dependencies
    from controller.services.journal.chain import Checkpoint

router = APIRouter(prefix="/reports")

NAMES: Final = {
    "throughput": "report.throughput",
    "satisfaction": "report.satisfaction",
    "waiting": "report.waiting.name",
    "officers": "report.officers",
    "estimates": "report.estimates",
    "fairness": "report.fairness",
}
"""The words for each report; a test holds them against those that are made."""


def _today(deps: Dependencies) -> date:
    return datetime.fromtimestamp(deps.clock.now() / 1000, UTC).astimezone(deps.centre().timezone).date()


def question_of(request: Request, name: str) -> Question:
    """Read which report a page asks for; what is left out is today's, by day."""
    asked, deps = request.query_params, dependencies_of(request)
    today = _today(deps).isoformat()
    by = asked.get("by", By.DAY)
    question = Question(
        name=name,
        first=read_day("from", asked.get("from") or today),
        last=read_day("to", asked.get("to") or today),
        by=By(by) if by in set(By) else By.DAY,
        scores=tuple(level.score for level in deps.centre().rating.levels),
    )
    check(question)
    return question


def heading(column: str, by: By, words: Catalogue, lang: str) -> str:
    """Give the words over a column of the page, where durations are told as minutes and seconds."""
    shorter = f"table.{column}"
    return words.say(shorter, lang) if shorter in words.keys else label(column, by, words, lang)


def format_day(closing: Checkpoint) -> str:
    """Give the day that was closed as people write it."""
    return date.fromisoformat(closing.day or "").strftime("%d/%m/%Y")


def in_fours(head: str) -> list[str]:
    """Give the digits of a head in fours, as people copy them."""
    return [head[place : place + 4] for place in range(0, len(head), 4)]


@router.get("")
async def show(request: Request) -> Response:
    """Show a report."""
    caller = caller_or_response(request, Role.SUPERVISOR)
    if isinstance(caller, Response):
        return caller
    page, deps = page_of(request), dependencies_of(request)
    question = question_of(request, request.query_params.get("name", "throughput"))
    async with request.app.state.report_slots:
        report = await asyncio.to_thread(make, question, deps.history, deps.clock.now())
    words = catalogue("controller")
    closing = await asyncio.to_thread(deps.history.closing, question.last)
    head = [heading(column, question.by, words, page.lang) for column in columns(report)]
    first, last = question.first.isoformat(), question.last.isoformat()
    return page.show(
        "reports.html", caller=caller, clock=clock_notice(deps.engine.guard, page.words, caller.role),
        links=[("/desk", page.words("office.desk"))],
        names=[(name, page.words(key)) for name, key in NAMES.items()], name=question.name,
        cuts=[(by.value, page.words(f"report.by.{by}")) for by in By], by=question.by.value, first=first, last=last,
        query=urlencode({"from": first, "to": last, "by": question.by.value}),
        closed=None if closing is None else (format_day(closing), in_fours(closing.head)),
        table=table_of(report, head, deps.centre(), page.words, page.lang),
    )  # fmt: skip


@router.get("/{name}.csv")
async def download(request: Request, name: str, labels: str | None = None) -> Response:
    """Give a report as a file, for a link on the page."""
    caller = caller_or_response(request, Role.SUPERVISOR)
    if isinstance(caller, Response):
        return caller
    question = question_of(request, name)
    lang = labels if labels in catalogue("controller").languages else None
    async with request.app.state.report_slots:
        return csv_answer(await asyncio.to_thread(write_csv, question, dependencies_of(request), lang), question)
