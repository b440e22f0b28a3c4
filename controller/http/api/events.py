"""The journal, page by page."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from broker.contract.payloads import Event
from controller.http.api.routing import router_for
from controller.http.dependencies import dependencies_of
from controller.http.responses.json_responses import json_response, problem_responses
from controller.services.accounts.accounts import Role
from controller.services.journal.events import event_of

router = router_for(Role.SUPERVISOR, "events")

MOST_AT_ONCE = 1000


class Events(BaseModel):
    """Facts in order; `next` is what to ask for with `after` to go on."""

    items: list[Event]
    next: int


@router.get("/events", response_model=Events, responses=problem_responses(401, 403))
async def events(
    request: Request,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_AT_ONCE)] = 100,
) -> Response:
    """Show at most `limit` facts of the journal, those after a sequence number."""
    deps = dependencies_of(request)
    centre = deps.centre().id
    found = [event_of(written, centre) for written in await deps.store.events(after, limit)]
    last = found[-1].seq if found else after
    return json_response({"items": [event.model_dump(mode="json") for event in found], "next": last})
