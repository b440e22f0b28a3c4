"""The people who wait, are parked or did not come, for officers; and another priority for one who waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from broker.contract.errors import Code
from broker.contract.payloads import Status, Ticket
from controller.domain.queue.views import ticket_view
from controller.http.api.idempotency import idempotency_key
from controller.http.api.routing import current_caller, router_for
from controller.http.dependencies import dependencies_of
from controller.http.responses.json_responses import Items, items_response, json_response, problem_responses
from controller.http.responses.problems import ProblemError
from controller.services.accounts.accounts import Role
from controller.services.requests.reprioritise import reprioritise_of

if TYPE_CHECKING:
    from broker.contract.payloads import Payload
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.ticket import Ticket as TicketOfToday

router = router_for(Role.OFFICER, "waiting", prefix="/waiting")


class NewPriority(BaseModel):
    """Another priority class, and why."""

    priority: str = Field(max_length=64)
    reason: str = Field(min_length=1, max_length=500)


ORDER = {Status.WAITING: 0, Status.PARKED: 1, Status.NO_SHOW: 2}
"""Which tickets of the day an officer may still call, in the order in which they are shown."""


def still_here(hall: Hall, service: str | None = None) -> list[TicketOfToday]:
    """Return the waiting, then the parked, then the no-show tickets of today, each in order of issue."""
    found = [one for one in hall.tickets.values() if one.status in ORDER and service in (None, one.service)]
    return sorted(found, key=lambda one: (ORDER[one.status], one.issued_at, one.seq))


@router.get("", response_model=Items[Ticket], responses=problem_responses(401, 403, 404))
async def waiting(request: Request, service: str | None = Query(None, max_length=64)) -> Response:
    """Show the waiting, parked and no-show tickets of today, without their tokens."""

    def every(hall: Hall, now: int) -> list[Payload]:
        if service is not None and service not in hall.centre.services:
            raise ProblemError(Code.UNKNOWN_SERVICE, f"There is no service {service[:32]!r}.")
        return [ticket_view(hall, ticket, now, token=False) for ticket in still_here(hall, service)]

    return items_response(await dependencies_of(request).engine.ask(every), without={"token"})


@router.post("/{number}/priority", response_model=Ticket, responses=problem_responses(401, 403, 404, 409))
async def reprioritise(request: Request, number: str, body: NewPriority) -> Response:
    """Give a waiting ticket another priority class."""
    command = reprioritise_of(number, body.priority, body.reason, current_caller(request).user)
    result = await dependencies_of(request).engine.do(
        command, key=await idempotency_key(request, current_caller(request).user)
    )
    return json_response({name: value for name, value in result["ticket"].items() if name != "token"})
