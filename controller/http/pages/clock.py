"""The administrator's page for a clock that is not believed."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from broker.contract.times import format_instant
from controller.http.dependencies import parts_of
from controller.http.held_clock import banner, moment
from controller.http.pages.page import guard, page_of
from controller.services.accounts.accounts import Role

router = APIRouter(prefix="/clock")


@router.get("")
async def show(request: Request) -> Response:
    """Show what the clock shows, and let an administrator say that it is right."""
    caller = guard(request, Role.ADMINISTRATOR)
    if isinstance(caller, Response):
        return caller
    page, parts = page_of(request), parts_of(request)
    clock = parts.engine.guard
    reading = clock.reading
    return page.show(
        "clock.html", caller=caller, links=[("/desk", page.words("office.desk"))],
        said=banner(clock, page.words, caller.role), held=clock.held is not None, shown=format_instant(reading),
        moment=moment(reading, parts.centre().timezone),
    )  # fmt: skip
