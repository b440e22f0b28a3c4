"""The procedures that anyone may read, page by page."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from broker.contract.payloads import ProcedurePage
from controller.http.answers import json_answer, problems
from controller.http.dependencies import parts_of
from controller.http.routes import open_router

router = open_router("procedures")


@router.get("/procedures", response_model=ProcedurePage, responses=problems())
async def procedures(request: Request, after: Annotated[int, Query(ge=0, le=2**31)] = 0) -> Response:
    """Show required papers, fee and time limit of the procedures from a position on; `next` goes on, null ends."""
    return json_answer(await parts_of(request).procedures.page(None, after))
