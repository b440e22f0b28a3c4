"""The procedures that anyone may read, page by page."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from broker.contract.payloads import ProcedurePage
from controller.http.api.routing import open_router
from controller.http.dependencies import dependencies_of
from controller.http.responses.json_responses import json_response, problem_responses

router = open_router("procedures")


@router.get("/procedures", response_model=ProcedurePage, responses=problem_responses())
async def procedures(request: Request, after: Annotated[int, Query(ge=0, le=2**31)] = 0) -> Response:
    """Show required papers, fee and time limit of the procedures from a position on; `next` goes on, null ends."""
    return json_response(await dependencies_of(request).procedures.page(None, after))
