"""A ticket is looked up: by its token, of today or of an earlier day, or by today's number, then without the token."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from broker.contract.errors import Code, RefusedError
from broker.contract.ids import TOKEN_PATTERN
from broker.contract.payloads import Ticket
from controller.domain.queue.views import ticket_view

if TYPE_CHECKING:
    from controller.domain.queue.hall import Hall
    from controller.services.engine.engine import Engine
    from controller.services.journal.ports import Store

NO_SUCH_TICKET: Final = "there is no ticket with this token"
_TOKEN: Final = re.compile(TOKEN_PATTERN)


def is_token(text: str) -> bool:
    """Return whether a text has the shape of a token; nothing else is looked for on disk."""
    return _TOKEN.fullmatch(text) is not None


async def look_up(engine: Engine, store: Store, *, token: str | None, number: str | None) -> dict[str, Any]:
    """Give `{"ticket": Ticket}` by exactly one of the two; `not_found` when there is none."""
    if (token is None) == (number is None):
        raise RefusedError(Code.BAD_REQUEST, "a lookup gives either a token or a number")
    if number is not None:
        found = await engine.ask(lambda hall, now: by_number(hall, number, now))
        # Left out, not null: whoever reads a number off the board must not even see where a token would be.
        return {"ticket": found.model_dump(mode="json", exclude={"token"})}
    return {"ticket": (await by_token(engine, store, token or "")).model_dump(mode="json")}


async def by_token(engine: Engine, store: Store, token: str) -> Ticket:
    """Give the ticket with this token, as it stands today or as its day left it."""

    def today(hall: Hall, now: int) -> Ticket | None:
        found = hall.by_token(token)
        return None if found is None else ticket_view(hall, found, now)

    found = await engine.ask(today)
    if found is not None:
        return found
    past = await store.past(token) if is_token(token) else None
    if past is None:
        raise RefusedError(Code.NOT_FOUND, NO_SUCH_TICKET)
    return Ticket.model_validate(past | {"token": token, "position": None, "wait": None})


def by_number(hall: Hall, number: str, now: int) -> Ticket:
    """Give today's ticket with this number, without its token; `not_found` when there is none."""
    found = hall.by_number(number)
    if found is None:
        raise RefusedError(Code.NOT_FOUND, f"nobody has the number {number[:32]!r} today")
    return ticket_view(hall, found, now).model_copy(update={"token": None})
