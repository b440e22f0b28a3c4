"""The citizen's page of one ticket, which the slip's QR leads to; works without script, on any phone."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Status
from broker.contract.texts import pick
from broker.runtime.catalogue import catalogue
from controller.domain.commands import Rate
from controller.http.dependencies import dependencies_of
from controller.http.pages.page import page_of
from controller.http.responses.headers import NO_STORE
from controller.services.requests.lookup import by_token
from controller.services.requests.rate import rate_by_holder

if TYPE_CHECKING:
    from broker.contract.payloads import Ticket, Wait
    from controller.domain.centre.centre import Centre
    from controller.domain.centre.model import Rating
    from controller.domain.queue.hall import Hall
    from controller.http.dependencies import Dependencies
    from controller.http.pages.page import Page, Words

router = APIRouter(prefix="/t")

LIVING: Final = frozenset({Status.WAITING, Status.CALLED, Status.SERVING, Status.PARKED, Status.NO_SHOW})
"""A page of such a ticket may still change today; the others are over."""

HINTS: Final = {Status.NO_SHOW: "ticket.no_show_hint", Status.EXPIRED: "ticket.expired_hint"}
OUTCOMES: Final = frozenset({"thanks", *(code.value for code in Code)})


@router.get("/{token}")
async def show(request: Request, token: str) -> Response:
    """Show a ticket, and ask for a rating once its visit is done."""
    page, deps = page_of(request), dependencies_of(request)
    try:
        ticket = await by_token(deps.engine, deps.store, token)
    except RefusedError as refused:
        if refused.code is not Code.NOT_FOUND:
            raise
        return page.show("no_ticket.html", 404)
    outcome = request.query_params.get("told", "")
    return page.show("ticket.html", token=token, **_values(page, deps, ticket, await _rating(deps, token), outcome))


def _values(page: Page, deps: Dependencies, ticket: Ticket, rating: Rating | None, outcome: str) -> dict[str, Any]:
    centre, words = deps.centre(), page.words
    service = centre.services.get(ticket.service)
    counters = [pick(centre.counters[one].label, page.lang) for one in ticket.counters if one in centre.counters]
    counter = centre.counters.get(ticket.counter or "")
    in_hand = ticket.status in (Status.CALLED, Status.SERVING)
    return {
        "ticket": ticket,
        "living": ticket.status in LIVING,
        "mark": _mark(ticket),
        "at_counter": pick(counter.label, page.lang) if counter and in_hand else None,
        "place": place(words, ticket.position),
        "wait": wait(words, ticket.wait),
        "hint": words(HINTS[ticket.status]) if ticket.status in HINTS else None,
        "rating": rating,
        "key": secrets.token_urlsafe(12),
        "thanks": outcome == "thanks",
        "fault": catalogue("broker").say(f"error.{outcome}", page.lang) if outcome in OUTCOMES - {"thanks"} else None,
        "service": pick(service.name, page.lang) if service else ticket.service,
        "counters": counters if ticket.status in (Status.WAITING, Status.PARKED) else [],
        "issued": local(centre, ticket.issued_at, with_day=True),
        "updated": local(centre, deps.clock.now()),
    }


def place(words: Words, position: int | None) -> str | None:
    """Say how many are before somebody."""
    if position is None:
        return None
    return words("ticket.first") if position == 1 else words("ticket.ahead", count=position - 1)


def wait(words: Words, estimate: Wait | None) -> str:
    """Say the range of a wait in whole minutes, the upper one never rounded down."""
    if estimate is None:
        return words("ticket.no_estimate")
    low, high = estimate.low_s // 60, -(-estimate.high_s // 60)
    return (
        words("ticket.wait", low=low, high=high)
        if low >= 1 and low < high
        else words("ticket.wait_short", high=max(high, 1))
    )


def local(centre: Centre, instant: int, *, with_day: bool = False) -> str:
    """Write an instant by the centre's clock, as `14:05`, with `23/11/2026` behind it `with_day`."""
    moment = datetime.fromtimestamp(instant / 1000, UTC).astimezone(centre.timezone)
    return moment.strftime("%H:%M %d/%m/%Y" if with_day else "%H:%M")


def _mark(ticket: Ticket) -> str:
    """Return what the page's script compares to see that something has changed."""
    low, high = (ticket.wait.low_s, ticket.wait.high_s) if ticket.wait else (None, None)
    parts = (ticket.number, ticket.status.value, ticket.position, low, high, ticket.counter)
    return "|".join("" if part is None else str(part) for part in parts)


async def _rating(deps: Dependencies, token: str) -> Rating | None:
    """Return the scale if the ticket of today can be rated now, and nobody has yet."""
    scale = deps.centre().rating

    def open_for_rating(hall: Hall, _: int) -> bool:
        ticket = hall.by_token(token)
        if ticket is None or ticket.status is not Status.DONE or ticket.visit is None:
            return False
        return hall.visits[ticket.visit].rating is None

    if not scale.levels:
        return None
    is_open = await deps.engine.ask(open_for_rating)
    return scale if is_open else None


@router.post("/{token}/rating")
async def rate(request: Request, token: str) -> Response:
    """Take the form, and lead back to the ticket with thanks or with why not."""
    try:
        form = read_form(await request.body())
        command = rating_of(form, token)
        key = form.get("key", [""])[0][:64]
        digest = hashlib.sha256(repr(command).encode()).hexdigest()
        await rate_by_holder(
            dependencies_of(request).engine, dependencies_of(request).store, command, key or None, digest
        )
    except RefusedError as refused:
        return _back(token, refused.code.value)
    return _back(token, "thanks")


def read_form(body: bytes) -> dict[str, list[str]]:
    """Read a form as browsers send it; one that is none is `bad_request`."""
    try:
        return parse_qs(body.decode(), max_num_fields=100)
    except ValueError as error:
        raise RefusedError(Code.BAD_REQUEST, "The form cannot be read.") from error


def rating_of(form: dict[str, list[str]], token: str) -> Rate:
    """Return the rating of a form; what is missing or no number is `bad_request`."""
    try:
        score, version = int(form["score"][0]), int(form["version"][0])
    except (KeyError, ValueError) as error:
        raise RefusedError(Code.BAD_REQUEST, "The form has no score.") from error
    comment = form.get("comment", [""])[0].strip()[:2000]
    reasons = tuple(code[:64] for code in form.get("reason", [])[:32])
    return Rate(token=token, score=score, version=version, reasons=reasons, comment=comment or None)


def _back(token: str, outcome: str) -> Response:
    return RedirectResponse(f"/t/{token}?told={outcome}", 303, NO_STORE)
