"""The supervisor's page of reports: a table, and the files behind it."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from broker.runtime.catalogue import Catalogue, catalogue
from controller.http.api.reports import csv_response, report_query, write_csv
from controller.http.dependencies import dependencies_of
from controller.http.pages.page import caller_or_response, page_of
from controller.http.pages.report_table import table_of
from controller.http.responses.clock_notice import clock_notice
from controller.reports.csv_export import label
from controller.reports.grouping import By
from controller.reports.registry import REPORTS, flat_columns, make_report
from controller.services.accounts.accounts import Role

if TYPE_CHECKING:
    from controller.http.dependencies import Dependencies
    from controller.reports.registry import FlatColumn
    from controller.reports.report import ReportQuery
    from controller.services.journal.chain import Checkpoint

router = APIRouter(prefix="/reports")


def _today(deps: Dependencies) -> date:
    return datetime.fromtimestamp(deps.clock.now() / 1000, UTC).astimezone(deps.centre().timezone).date()


def query_of(request: Request, name: str) -> ReportQuery:
    """Return which report a page asks for; what is left out is today's, by day."""
    given, today = request.query_params, _today(dependencies_of(request)).isoformat()
    by = given.get("by", By.DAY)
    cut = By(by) if by in set(By) else By.DAY
    return report_query(request, name, given.get("from") or today, given.get("to") or today, cut)


def heading(column: FlatColumn, by: By, words: Catalogue, lang: str) -> str:
    """Return the words over a column of the page, where durations are minutes and seconds."""
    shorter = f"table.{column.name}"
    return words.say(shorter, lang) if shorter in words.keys else label(column, by, words, lang)


def format_day(closing: Checkpoint) -> str:
    """Return the day that was closed as people write it."""
    return date.fromisoformat(closing.day or "").strftime("%d/%m/%Y")


def in_fours(head: str) -> list[str]:
    """Return the digits of a head in fours, as people copy them."""
    return [head[place : place + 4] for place in range(0, len(head), 4)]


@router.get("")
async def show(request: Request) -> Response:
    """Show a report."""
    caller = caller_or_response(request, Role.SUPERVISOR)
    if isinstance(caller, Response):
        return caller
    page, deps = page_of(request), dependencies_of(request)
    query = query_of(request, request.query_params.get("name", "throughput"))
    async with request.app.state.report_slots:
        report = await asyncio.to_thread(make_report, query, deps.history, deps.clock.now())
    words = catalogue("controller")
    closing = await asyncio.to_thread(deps.history.closing, query.last)
    head = [heading(column, query.by, words, page.lang) for column in flat_columns(report)]
    first, last = query.first.isoformat(), query.last.isoformat()
    return page.show(
        "reports.html", caller=caller, clock=clock_notice(deps.engine.guard, page.words, caller.role),
        links=[("/desk", page.words("office.desk"))],
        names=[(one.name, page.words(one.title)) for one in REPORTS.values()], name=query.name,
        cuts=[(by.value, page.words(f"report.by.{by}")) for by in By], by=query.by.value, first=first, last=last,
        query=urlencode({"from": first, "to": last, "by": query.by.value}),
        closed=None if closing is None else (format_day(closing), in_fours(closing.head)),
        table=table_of(report, head, deps.centre(), page.words, page.lang),
    )  # fmt: skip


@router.get("/{name}.csv")
async def download(request: Request, name: str, labels: str | None = None) -> Response:
    """Return a report as a file, for a link on the page."""
    caller = caller_or_response(request, Role.SUPERVISOR)
    if isinstance(caller, Response):
        return caller
    query = query_of(request, name)
    lang = labels if labels in catalogue("controller").languages else None
    async with request.app.state.report_slots:
        return csv_response(await asyncio.to_thread(write_csv, query, dependencies_of(request), lang), query)
