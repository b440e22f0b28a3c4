"""Reports as JSON and CSV."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from broker.contract.errors import Code
from broker.runtime.catalogue import catalogue
from controller.http.api.negotiation import best
from controller.http.api.routing import router_for
from controller.http.dependencies import Dependencies, dependencies_of
from controller.http.responses.headers import NO_STORE
from controller.http.responses.json_responses import json_response, problem_responses
from controller.http.responses.problems import ProblemError
from controller.reports.csv_export import plain_csv, spreadsheet_csv
from controller.reports.grouping import By
from controller.reports.registry import check_query, make_report, parse_day
from controller.reports.report import ReportQuery
from controller.services.accounts.accounts import Role

router = router_for(Role.SUPERVISOR, "reports", prefix="/reports")

JSON, CSV = "application/json", "text/csv"
FORMS = (JSON, CSV)
AT_ONCE = 2
"""Reports made at one time; more wait, so that they never take all worker threads."""


class Report(BaseModel):
    """Figures of some local days, both included; what stands in `rows` and `total` depends on the report."""

    name: str
    from_: Annotated[date, Field(alias="from")]
    to: date
    by: By
    generated_at: str
    rows: list[dict[str, Any]]
    total: dict[str, Any]


def read_day(name: str, text: str) -> date:
    """Return the date of a parameter; anything but `2026-11-23` is `bad_request`."""
    try:
        return parse_day(text)
    except ValueError as error:
        raise ProblemError(Code.BAD_REQUEST, f"{name} must be a date, as 2026-11-23.") from error


def report_query(request: Request, name: str, first: str, last: str, by: By) -> ReportQuery:
    """Return the query of a call; one that has no answer is refused."""
    scores = tuple(level.score for level in dependencies_of(request).centre().rating.levels)
    query = ReportQuery(name, read_day("from", first), read_day("to", last), by, scores)
    check_query(query)
    return query


def _form(request: Request) -> str:
    form = best(request.headers.get("accept", ""), FORMS)
    if form is None:
        raise ProblemError(Code.BAD_REQUEST, f"Reports are made as {' and '.join(FORMS)}.", status=406)
    return form


Words = Annotated[str | None, Query(description="For CSV: the language of the form for spreadsheets, `vi` or `en`.")]


@router.get("/{name}", response_model=Report, responses=problem_responses(401, 403, 404, 406))
async def report(
    request: Request,
    name: str,
    first: Annotated[str, Query(alias="from")],
    last: Annotated[str, Query(alias="to")],
    by: By = By.DAY,
    labels: Words = None,
) -> Response:
    """Make a report; `Accept: text/csv` gives the rows as CSV, plain for programs or with labels for spreadsheets."""
    form = _form(request)
    if labels is not None and labels not in catalogue("controller").languages:
        raise ProblemError(Code.BAD_REQUEST, f"There are no labels in {labels[:16]!r}.")
    deps = dependencies_of(request)
    query = report_query(request, name, first, last, by)
    async with request.app.state.report_slots:
        if form == JSON:
            return json_response(await asyncio.to_thread(make_report, query, deps.history, deps.clock.now()))
        return csv_response(await asyncio.to_thread(write_csv, query, deps, labels), query)


def write_csv(query: ReportQuery, deps: Dependencies, labels: str | None) -> bytes:
    """Make a report as CSV: for programs, or with labels in a language; blocks."""
    made = make_report(query, deps.history, deps.clock.now())
    return spreadsheet_csv(made, catalogue("controller"), labels) if labels else plain_csv(made)


def csv_response(content: bytes, query: ReportQuery) -> Response:
    """Respond with a CSV file, named by what it holds."""
    file = f"{query.name}-{query.first.isoformat()}-{query.last.isoformat()}-{query.by.value}.csv"
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{file}"'}
    return Response(content, headers=headers, media_type="text/csv")
