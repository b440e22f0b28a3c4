"""The counters and their actions (contract 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Body, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from broker.contract.errors import Code
from broker.contract.payloads import CounterState
from broker.contract.texts import FALLBACK
from controller.domain.centre.model import NORMAL
from controller.domain.commands import UNSAID, Action, CounterCommand, Rank
from controller.domain.queue.calling import Rule
from controller.domain.queue.views import counter_state
from controller.http.api.idempotency import idempotency_key
from controller.http.api.routing import current_caller, router_for
from controller.http.dependencies import dependencies_of
from controller.http.responses.call_explanation import explained_reason
from controller.http.responses.json_responses import (
    Items,
    items_response,
    json_response,
    payload_response,
    problem_responses,
)
from controller.http.responses.problems import ProblemError
from controller.services.accounts.accounts import Role

if TYPE_CHECKING:
    from broker.contract.payloads import Payload
    from controller.domain.queue.hall import Hall
    from controller.services.accounts.accounts import Caller

router = router_for(Role.OFFICER, "counters", prefix="/counters")


VisitOfToday = Annotated[str | None, Query(max_length=64, description="A visit of today; else the one in hand.")]


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
    quantity: int | None = Field(default=None, ge=1, le=999)
    priority: str | None = Field(default=None, max_length=64)
    lang: str | None = Field(default=None, max_length=16)


class Why(BaseModel):
    """Why a visit was called: the rule, its score in weighted ms, the number that came second, whom it passed over."""

    visit: str
    number: str
    rule: Rule
    score: float | None
    second: str | None
    overtook: int
    manual: bool
    reason: str | None
    text: dict[str, str]


def rank_of(caller: Caller) -> Rank:
    """Return the authority of a caller at any counter."""
    return Rank.SUPERVISOR if caller.role.covers(Role.SUPERVISOR) else Rank.OFFICER


def act_of(action: str, counter: str, body: ActionBody, caller: Caller) -> CounterCommand:
    """Return the command of an action; one that is not in the contract is `not_found`."""
    if action not in set(Action):
        raise ProblemError(Code.NOT_FOUND, f"There is no action {action[:32]!r}.")
    return CounterCommand(
        action=Action(action), counter=counter, rank=rank_of(caller), officer=caller.user,
        seen=body.for_ if "for_" in body.model_fields_set else UNSAID,
        number=body.number, reason=body.reason, service=body.service, to_counter=body.counter,
        to_officer=body.officer, note=body.note, minutes=body.minutes, outcome=body.outcome, quantity=body.quantity,
        priority=body.priority or NORMAL, lang=body.lang or FALLBACK,
    )  # fmt: skip


@router.get("", response_model=Items[CounterState], responses=problem_responses(401, 403))
async def counters(request: Request) -> Response:
    """Show every counter."""

    def every(hall: Hall, now: int) -> list[Payload]:
        return [counter_state(hall, counter, now) for counter in hall.centre.counters]

    return items_response(await dependencies_of(request).engine.ask(every))


@router.get("/{counter}", response_model=CounterState, responses=problem_responses(401, 403, 404))
async def one_counter(request: Request, counter: str) -> Response:
    """Show one counter."""

    def one(hall: Hall, now: int) -> Payload:
        if counter not in hall.centre.counters:
            raise ProblemError(Code.NOT_FOUND, f"There is no counter {counter[:32]!r}.")
        return counter_state(hall, counter, now)

    return payload_response(await dependencies_of(request).engine.ask(one))


@router.get("/{counter}/why", response_model=Why, responses=problem_responses(401, 403, 404, 409))
async def why(request: Request, counter: str, visit: VisitOfToday = None) -> Response:
    """Tell why the number in hand, or another visit of today at this counter, was called."""

    def asked(hall: Hall, _: int) -> dict[str, Any]:
        if counter not in hall.centre.counters:
            raise ProblemError(Code.NOT_FOUND, f"There is no counter {counter[:32]!r}.")
        called = visit or hall.counters[counter].visit
        if called is None:
            raise ProblemError(Code.BAD_STATE, f"Counter {counter} has nobody in hand.")
        if called not in hall.visits or hall.visits[called].counter != counter:
            raise ProblemError(Code.NOT_FOUND, f"Counter {counter} has called no visit {called[:36]!r} today.")
        return explained_reason(hall, called)

    return json_response(await dependencies_of(request).engine.ask(asked))


@router.post("/{counter}/{action}", response_model=CounterState, responses=problem_responses(401, 403, 404, 409))
async def act(
    request: Request,
    counter: str,
    action: str,
    body: Annotated[ActionBody | None, Body()] = None,
) -> Response:
    """Do an action at a counter; gives the counter's state after it."""
    body = body or ActionBody()
    if body.officer is not None and not dependencies_of(request).accounts.knows(body.officer):
        raise ProblemError(
            Code.NOT_FOUND, f"There is no user {body.officer[:32]!r}; nobody would ever call this number."
        )
    command = act_of(action, counter, body, current_caller(request))
    return json_response(
        await dependencies_of(request).engine.do(
            command, key=await idempotency_key(request, current_caller(request).user)
        )
    )
