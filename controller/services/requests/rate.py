"""A rating from a kiosk, by the slip's token, or from the pad of a counter, by the visit that just ended there; over
HTTP from whoever holds the slip.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Kind
from controller.domain.commands import Rate
from controller.services.journal.ports import HOLDER, IdempotencyKey
from controller.services.requests.lookup import NO_SUCH_TICKET, is_token

if TYPE_CHECKING:
    from broker.contract.payloads import RateRequest
    from controller.domain.centre.model import Device
    from controller.services.engine.engine import Engine
    from controller.services.journal.ports import Store


def rate_from(asked: RateRequest, device: Device) -> Rate:
    """Give the command for a rating; a kiosk rates by token only, a pad by a visit of its own counter."""
    if asked.token is None and asked.visit is None:
        raise RefusedError(Code.BAD_REQUEST, "a rating needs a token or a visit")
    if device.kind is Kind.KIOSK and asked.visit is not None:
        raise RefusedError(Code.NOT_ALLOWED, "a kiosk rates by the token of the slip only")
    if device.kind is Kind.RATER and asked.token is not None:
        raise RefusedError(Code.NOT_ALLOWED, "a rating pad rates the visit that ended at its own counter only")
    return Rate(
        score=asked.score,
        version=asked.version,
        token=asked.token,
        visit=asked.visit,
        counter=device.counter if device.kind is Kind.RATER else None,
        reasons=tuple(asked.reasons),
        comment=asked.comment,
        answers=asked.answers,
    )


async def rate_by_holder(
    engine: Engine, store: Store, command: Rate, request: str | None, digest: str
) -> dict[str, Any]:
    """Rate for somebody who is not signed in and holds a slip.

    `request` is the Idempotency-Key. An unknown token is `not_found` before anything is queued for the writer, so a
    stranger who invents tokens causes no commit and leaves no row. The sender of a request is a digest of the token,
    because senders are stored.
    """
    token = command.token or ""
    if not await _is_known(engine, store, token):
        raise RefusedError(Code.NOT_FOUND, NO_SUCH_TICKET)
    key = None
    if request is not None:
        key = IdempotencyKey(HOLDER + hashlib.sha256(token.encode()).hexdigest()[:32], request, digest)
    return await engine.do(command, key=key)


async def _is_known(engine: Engine, store: Store, token: str) -> bool:
    if not is_token(token):
        return False
    if await engine.ask(lambda hall, _: hall.by_token(token) is not None):
        return True
    return await store.day_of(token) is not None
