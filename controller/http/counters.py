"""The counters and their actions (contract 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Body, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from broker.contract.errors import Code
from broker.contract.payloads import CounterState
from controller.domain.commands import UNSAID, Act, Action, Rank
from controller.domain.views import counter_state
from controller.http.answers import Items, items, json_answer, payload_answer, problems
from controller.http.keys import key_of
from controller.http.parts import parts_of
from controller.http.problems import Problem
from controller.http.routes import asking, router_for
from controller.services.accounts import Role

if TYPE_CHECKING:
    from broker.contract.payloads import Payload
    from controller.domain.hall import Hall
    from controller.services.accounts import Caller

router = router_for(Role.OFFICER, "counters", prefix="/counters")


class ActionBody(BaseModel):
    """What an action needs; `for` is the number in hand as the sender saw it, null for none, left out for unchecked."""

    for_: Annotated[str | None, Field(alias="for", max_length=32)] = None
    number: str | None = Field(default=None, max_length=32)
    reason: str | None = Field(default=None, max_length=500)
    service: str | None = Field(default=None, max_length=64)
    counter: str | None = Field(default=None, max_length=64)
    officer: str | None = Field(default=None, max_length=64)
    note: str | None = Field(default=None, max_length=500)
    minutes: int | None = Field(default=None, ge=1, le=24 * 60)
    outcome: str | None = Field(default=None, max_length=64)
    quantity: int | None = Field(default=None, ge=1, le=1000)


def rank_of(caller: Caller) -> Rank:
    """Give the authority of a caller at any counter."""
    return Rank.SUPERVISOR if caller.role.covers(Role.SUPERVISOR) else Rank.OFFICER


def act_of(action: str, counter: str, body: ActionBody, caller: Caller) -> Act:
    """Give the command of an action; one that is not in the contract is `not_found`."""
    if action not in set(Action):
        raise Problem(Code.NOT_FOUND, f"There is no action {action[:32]!r}.")
    return Act(
        action=Action(action), counter=counter, rank=rank_of(caller), officer=caller.user,
        seen=body.for_ if "for_" in body.model_fields_set else UNSAID,
        number=body.number, reason=body.reason, service=body.service, to_counter=body.counter,
        to_officer=body.officer, note=body.note, minutes=body.minutes, outcome=body.outcome, quantity=body.quantity,
    )  # fmt: skip


@router.get("", response_model=Items[CounterState], responses=problems(401, 403))
async def counters(request: Request) -> Response:
    """Show every counter."""

    def every(hall: Hall, now: int) -> list[Payload]:
        return [counter_state(hall, counter, now) for counter in hall.centre.counters]

    return items(await parts_of(request).engine.ask(every))


@router.get("/{counter}", response_model=CounterState, responses=problems(401, 403, 404))
async def one_counter(request: Request, counter: str) -> Response:
    """Show one counter."""

    def one(hall: Hall, now: int) -> Payload:
        if counter not in hall.centre.counters:
            raise Problem(Code.NOT_FOUND, f"There is no counter {counter[:32]!r}.")
        return counter_state(hall, counter, now)

    return payload_answer(await parts_of(request).engine.ask(one))


@router.post("/{counter}/{action}", response_model=CounterState, responses=problems(401, 403, 404, 409))
async def act(
    request: Request,
    counter: str,
    action: str,
    body: Annotated[ActionBody | None, Body()] = None,
) -> Response:
    """Do an action at a counter; gives the counter's state after it."""
    command = act_of(action, counter, body or ActionBody(), asking(request))
    return json_answer(await parts_of(request).engine.do(command, key=await key_of(request, asking(request).user)))
