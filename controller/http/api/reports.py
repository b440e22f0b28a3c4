"""Reports as JSON and CSV."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
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
from controller.reports.keys import By
from controller.reports.report import Question, check, make
from controller.reports.spreadsheet import office_csv, plain_csv
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
    """Read an ISO date of four, two and two digits; anything else is `bad_request`."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise ProblemError(Code.BAD_REQUEST, f"{name} must be a date, as 2026-11-23.") from error


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
    scores = tuple(level.score for level in deps.centre().rating.levels)
    question = Question(name, read_day("from", first), read_day("to", last), by, scores)
    check(question)
    async with request.app.state.report_slots:
        if form == JSON:
            return json_response(await asyncio.to_thread(make, question, deps.history, deps.clock.now()))
        return csv_answer(await asyncio.to_thread(write_csv, question, deps, labels), question)


def write_csv(question: Question, deps: Dependencies, labels: str | None) -> bytes:
    """Make a report as CSV: for programs, or with labels in a language; blocks."""
    made = make(question, deps.history, deps.clock.now())
    return office_csv(made, catalogue("controller"), labels) if labels else plain_csv(made)


def csv_answer(content: bytes, question: Question) -> Response:
    """Answer with a CSV file, named by what it holds."""
    file = f"{question.name}-{question.first.isoformat()}-{question.last.isoformat()}-{question.by.value}.csv"
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{file}"'}
    return Response(content, headers=headers, media_type="text/csv")
