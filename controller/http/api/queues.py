"""The queues that anyone may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Request
from starlette.responses import Response

from broker.contract.payloads import ServiceState
from controller.domain.queue.views import service_state, shut
from controller.http.api.routing import open_router
from controller.http.dependencies import dependencies_of
from controller.http.responses.json_responses import Items, items_response, problem_responses

if TYPE_CHECKING:
    from broker.contract.payloads import Payload
    from controller.domain.queue.hall import Hall

router = open_router("queues")


@router.get("/queues", response_model=Items[ServiceState], responses=problem_responses())
async def queues(request: Request) -> Response:
    """Show how many wait for each service, and for how long."""

    def every(hall: Hall, now: int) -> list[Payload]:
        states = (service_state(hall, service, now) for service in hall.centre.services)
        return [shut(state) if held else state for state in states]

    held = dependencies_of(request).engine.guard.held is not None
    return items_response(await dependencies_of(request).engine.ask(every))
