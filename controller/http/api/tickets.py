"""Tickets: given out at the reception desk, looked up and rated by whoever holds their token."""

from __future__ import annotations

from typing import Literal

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from broker.contract.ids import Slug
from broker.contract.payloads import Origin, Ticket
from broker.contract.texts import FALLBACK
from controller.domain.centre.model import NORMAL
from controller.domain.commands import Issue, Rate
from controller.http.api.idempotency import idempotency_header, idempotency_key, request_digest
from controller.http.api.routing import current_caller, open_router, router_for
from controller.http.dependencies import dependencies_of
from controller.http.responses.json_responses import json_response, payload_response, problem_responses
from controller.services.accounts.accounts import Role
from controller.services.requests.lookup import by_token
from controller.services.requests.rate import rate_by_holder

router = open_router("tickets", prefix="/tickets")
reception = router_for(Role.OFFICER, "tickets", prefix="/tickets")


class NewTicket(BaseModel):
    """A ticket asked for at the reception desk; with `printer` its slip is printed there."""

    service: str = Field(max_length=64)
    priority: str | None = Field(default=None, max_length=64)
    lang: str | None = Field(default=None, max_length=16)
    dossier: str | None = Field(default=None, max_length=64)
    printer: Slug | None = None


class NewRating(BaseModel):
    """A rating of the ticket's last visit, on one version of the scale."""

    score: int
    version: int
    reasons: list[str] | None = Field(default=None, max_length=32)
    comment: str | None = Field(default=None, max_length=2000)
    answers: dict[str, int] | None = Field(default=None, max_length=32)


class Rated(BaseModel):
    """The id of a rating."""

    rating: str


class IssuedTicket(Ticket):
    """A ticket; `warning` is told only when its wait is likely to last past closing."""

    warning: Literal["estimate_passes_closing"] | None = None


@reception.post("", status_code=201, response_model=IssuedTicket, responses=problem_responses(401, 403, 404, 409, 429))
async def issue(request: Request, body: NewTicket) -> Response:
    """Give a number."""
    command = Issue(
        service=body.service, origin=Origin.RECEPTION, priority=body.priority or NORMAL, staff=True,
        lang=body.lang or FALLBACK, dossier=body.dossier, printer=body.printer, officer=current_caller(request).user,
    )  # fmt: skip
    result = await dependencies_of(request).engine.do(
        command, key=await idempotency_key(request, current_caller(request).user)
    )
    warned = {"warning": result["warning"]} if "warning" in result else {}
    return json_response({**result["ticket"], **warned}, 201)


@router.get("/{token}", response_model=Ticket, responses=problem_responses(404))
async def look_up(request: Request, token: str) -> Response:
    """Show a ticket, of today or of an earlier day, to whoever holds its token."""
    deps = dependencies_of(request)
    return payload_response(await by_token(deps.engine, deps.store, token))


@router.post("/{token}/rating", response_model=Rated, responses=problem_responses(404, 409))
async def rate(request: Request, token: str, body: NewRating) -> Response:
    """Rate the visit that a ticket ended with."""
    command = Rate(
        token=token, score=body.score, version=body.version, reasons=tuple(body.reasons or ()),
        comment=body.comment, answers=body.answers or {},
    )  # fmt: skip
    deps, digest = dependencies_of(request), await request_digest(request)
    return json_response(await rate_by_holder(deps.engine, deps.store, command, idempotency_header(request), digest))
