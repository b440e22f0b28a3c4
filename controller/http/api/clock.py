"""What the clock shows, whether it is believed, and the administrator's word for it (decision 16)."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from broker.contract.errors import Code
from broker.contract.times import Instant
from controller.http.api.idempotency import idempotency_key
from controller.http.api.routing import current_caller, router_for
from controller.http.api.session import secret_responses
from controller.http.dependencies import dependencies_of
from controller.http.responses.json_responses import json_response, problem_responses
from controller.http.responses.problems import ProblemError
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
    guard = dependencies_of(request).engine.guard
    held = guard.held
    state = ClockState(now=guard.reading, held=held is not None, since=None if held is None else held.since)
    return state.model_dump(mode="json")


@router.get("", response_model=ClockState, responses=problem_responses(401, 403))
async def show(request: Request) -> Response:
    """Show what the clock shows, and whether it is believed."""
    return json_response(_state(request))


@router.post("/accept", response_model=ClockState, responses=problem_responses(401, 403, 409))
async def accept(request: Request, body: Confirmed) -> Response:
    """Believe the clock: what it shows was seen to be right."""

    async def work() -> Response:
        engine = dependencies_of(request).engine
        if abs(engine.guard.reading - body.shown) > SEEN_MS:
            raise ProblemError(Code.BAD_STATE, "The clock shows another time by now: look again.")
        if engine.guard.held is not None:
            await engine.accept_clock()
        return json_response(_state(request))

    return await secret_responses(request).once(await idempotency_key(request, current_caller(request).user), work)
