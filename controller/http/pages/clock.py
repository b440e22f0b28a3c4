"""The administrator's page for a clock that is not believed, and the banner that tells everybody of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from broker.contract.times import format_instant
from controller.http.pages.page import guard, page_of
from controller.http.parts import parts_of
from controller.services.accounts import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from controller.services.clock_guard import ClockGuard

router = APIRouter(prefix="/clock")


def moment(instant: int, timezone: ZoneInfo) -> str:
    """Return an instant in ms since 1970 UTC as people write it."""
    return datetime.fromtimestamp(instant / 1000, timezone).strftime("%H:%M %d/%m/%Y")


def banner(clock: ClockGuard, say: Callable[..., str]) -> str:
    """Return the sentence for staff while the clock is held or the journal is ahead of it; empty when all is well."""
    if (held := clock.held) is not None:
        return say("clock.held", shown=moment(held.shown, held.timezone), since=moment(held.since, held.timezone))
    if (ahead := clock.ahead) is not None:
        return say("clock.ahead", shown=moment(ahead.shown, ahead.timezone), last=moment(ahead.last, ahead.timezone))
    return ""


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
        said=banner(clock, page.words), held=clock.held is not None, shown=format_instant(reading),
        moment=moment(reading, parts.centre().timezone),
    )  # fmt: skip
