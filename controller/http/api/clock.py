"""What the clock shows, whether it is believed, and the administrator's word for it (decision 16)."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from broker.contract.errors import Code
from broker.contract.times import Instant
from controller.http.answers import json_answer, problems
from controller.http.api.session import replays_of
from controller.http.dependencies import parts_of
from controller.http.keys import key_of
from controller.http.problems import Problem
from controller.http.routes import asking, router_for
from controller.services.accounts.accounts import Role

router = router_for(Role.ADMINISTRATOR, "clock", prefix="/clock")

SEEN_MS: Final = 10 * 60 * 1000
"""How far the clock may have gone on since an administrator saw what it shows."""


class ClockState(BaseModel):
    """`now` is what the clock shows; `held` whether it is not believed, `since` the last instant at which it was."""

    now: Instant
    held: bool
    since: Instant | None


class Confirmed(BaseModel):
    """The time that the administrator saw and found right."""

    shown: Instant


def _state(request: Request) -> dict[str, Any]:
    guard = parts_of(request).engine.guard
    held = guard.held
    state = ClockState(now=guard.reading, held=held is not None, since=None if held is None else held.since)
    return state.model_dump(mode="json")


@router.get("", response_model=ClockState, responses=problems(401, 403))
async def show(request: Request) -> Response:
    """Show what the clock shows, and whether it is believed."""
    return json_answer(_state(request))


@router.post("/accept", response_model=ClockState, responses=problems(401, 403, 409))
async def accept(request: Request, body: Confirmed) -> Response:
    """Believe the clock: what it shows was seen to be right."""

    async def work() -> Response:
        engine = parts_of(request).engine
        if abs(engine.guard.reading - body.shown) > SEEN_MS:
            raise Problem(Code.BAD_STATE, "The clock shows another time by now: look again.")
        if engine.guard.held is not None:
            await engine.accept_clock()
        return json_answer(_state(request))

    return await replays_of(request).once(await key_of(request, asking(request).user), work)
