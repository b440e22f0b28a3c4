"""The administrator's page for a clock that is not believed."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from broker.contract.times import format_instant
from controller.http.dependencies import dependencies_of
from controller.http.pages.page import caller_or_response, page_of
from controller.http.responses.clock_notice import clock_notice, format_moment
from controller.services.accounts.accounts import Role

router = APIRouter(prefix="/clock")


@router.get("")
async def show(request: Request) -> Response:
    """Show what the clock shows, and let an administrator say that it is right."""
    caller = caller_or_response(request, Role.ADMINISTRATOR)
    if isinstance(caller, Response):
        return caller
    page, deps = page_of(request), dependencies_of(request)
    clock = deps.engine.guard
    reading = clock.reading
    return page.show(
        "clock.html", caller=caller, links=[("/desk", page.words("office.desk"))],
        said=clock_notice(clock, page.words, caller.role), held=clock.held is not None, shown=format_instant(reading),
        moment=format_moment(reading, deps.centre().timezone),
    )  # fmt: skip
