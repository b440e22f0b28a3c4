"""A rating from a kiosk, by the slip's token, or from the pad of a counter, by the visit that just ended there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broker.contract.errors import Code, Refused
from broker.contract.payloads import Kind
from controller.domain.commands import Rate

if TYPE_CHECKING:
    from broker.contract.payloads import RateRequest
    from controller.domain.centre_parts import Device


def rate_from(asked: RateRequest, device: Device) -> Rate:
    """Give the command for a rating; a kiosk rates by token only, a pad by a visit of its own counter."""
    if asked.token is None and asked.visit is None:
        raise Refused(Code.BAD_REQUEST, "a rating needs a token or a visit")
    if device.kind is Kind.KIOSK and asked.visit is not None:
        raise Refused(Code.NOT_ALLOWED, "a kiosk rates by the token of the slip only")
    if device.kind is Kind.RATER and asked.token is not None:
        raise Refused(Code.NOT_ALLOWED, "a rating pad rates the visit that ended at its own counter only")
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
