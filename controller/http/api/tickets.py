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
from controller.http.answers import json_answer, payload_answer, problems
from controller.http.dependencies import parts_of
from controller.http.keys import digest_of, id_of, key_of
from controller.http.routes import asking, open_router, router_for
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


@reception.post("", status_code=201, response_model=IssuedTicket, responses=problems(401, 403, 404, 409, 429))
async def issue(request: Request, body: NewTicket) -> Response:
    """Give a number."""
    command = Issue(
        service=body.service, origin=Origin.RECEPTION, priority=body.priority or NORMAL, staff=True,
        lang=body.lang or FALLBACK, dossier=body.dossier, printer=body.printer, officer=asking(request).user,
    )  # fmt: skip
    result = await parts_of(request).engine.do(command, key=await key_of(request, asking(request).user))
    warned = {"warning": result["warning"]} if "warning" in result else {}
    return json_answer({**result["ticket"], **warned}, 201)


@router.get("/{token}", response_model=Ticket, responses=problems(404))
async def look_up(request: Request, token: str) -> Response:
    """Show a ticket, of today or of an earlier day, to whoever holds its token."""
    parts = parts_of(request)
    return payload_answer(await by_token(parts.engine, parts.store, token))


@router.post("/{token}/rating", response_model=Rated, responses=problems(404, 409))
async def rate(request: Request, token: str, body: NewRating) -> Response:
    """Rate the visit that a ticket ended with."""
    command = Rate(
        token=token, score=body.score, version=body.version, reasons=tuple(body.reasons or ()),
        comment=body.comment, answers=body.answers or {},
    )  # fmt: skip
    parts, digest = parts_of(request), await digest_of(request)
    return json_answer(await rate_by_holder(parts.engine, parts.store, command, id_of(request), digest))
