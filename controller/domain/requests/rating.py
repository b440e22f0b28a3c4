"""Rating a visit: once, by the version of the scale in force, by the slip's token or at the counter's pad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Status
from controller.domain.events import EventType
from controller.domain.queue.ticket import Ended
from controller.domain.requests.self_service import ticket_by_token

if TYPE_CHECKING:
    from controller.domain.commands import Rate
    from controller.domain.decision.builder import DecisionBuilder
    from controller.domain.decision.decision import Decision
    from controller.domain.queue.ticket import Visit


def rate(builder: DecisionBuilder, command: Rate) -> Decision:
    """Rate the visit that a token or a pad means."""
    check_scale(builder, command)
    visit = _by_token(builder, command.token) if command.token is not None else _at_pad(builder, command)
    if visit.rating is not None:
        raise RefusedError(Code.ALREADY_RATED, "this visit has been rated")
    rating = builder.moment.new_id()
    level = builder.centre.rating.by_score[command.score]
    builder.keep("comment", rating, command.comment)
    builder.tell_ticket(
        EventType.RATED, builder.hall.tickets[visit.ticket],
        rating=rating, visit=visit.id, score=command.score, version=command.version, satisfied=level.satisfied,
        reasons=list(command.reasons), answers=dict(command.answers), counter=visit.counter, officer=visit.officer,
        rated_service=visit.service, source="pad" if command.token is None else "token", reason=None,
    )  # fmt: skip
    return builder.decision(lambda _: {"rating": rating})


def check_scale(builder: DecisionBuilder, command: Rate) -> None:
    """Refuse what does not fit the scale: `bad_request`; without a scale nothing is `not_rateable`."""
    scale = builder.centre.rating
    if not scale.levels:
        raise RefusedError(Code.NOT_RATEABLE, "this centre has no rating scale")
    if command.version != scale.version:
        raise RefusedError(Code.BAD_REQUEST, f"version {scale.version} of the scale is in force, not {command.version}")
    level = scale.by_score.get(command.score)
    if level is None:
        raise RefusedError(Code.BAD_REQUEST, f"the scale has no score {command.score}")
    if level.reason == "required" and not command.reasons:
        raise RefusedError(Code.BAD_REQUEST, f"score {command.score} needs a reason")
    unknown = set(command.reasons) - {reason.code for reason in scale.reasons}
    if unknown:
        raise RefusedError(Code.BAD_REQUEST, "a reason that is not among the scale's")
    criteria = {criterion.id: {level.score for level in criterion.levels} for criterion in scale.criteria}
    if any(score not in criteria.get(name, ()) for name, score in command.answers.items()):
        raise RefusedError(Code.BAD_REQUEST, "an answer that is not among the scale's")


def _by_token(builder: DecisionBuilder, token: str | None) -> Visit:
    ticket = ticket_by_token(builder.hall, token or "")
    if ticket.status is not Status.DONE or ticket.visit is None:
        raise RefusedError(Code.NOT_RATEABLE, f"{ticket.number} is {ticket.status}; only a visit that is done is rated")
    return builder.hall.visits[ticket.visit]


def _at_pad(builder: DecisionBuilder, command: Rate) -> Visit:
    visit = builder.hall.visits.get(command.visit or "")
    if visit is None:
        raise RefusedError(Code.NOT_FOUND, "no visit of today has this id")
    if command.counter is not None and visit.counter != command.counter:
        raise RefusedError(Code.NOT_ALLOWED, f"that visit was not at counter {command.counter}")
    if visit.ended is not Ended.DONE or visit.ended_at is None:
        raise RefusedError(Code.NOT_RATEABLE, "that visit has not ended as done")
    if visit.rating is not None:
        raise RefusedError(Code.ALREADY_RATED, "this visit has been rated")
    arrived = min(builder.now, builder.now if command.arrived is None else command.arrived)
    if arrived - visit.ended_at > builder.centre.rating.window_s * 1000:
        raise RefusedError(Code.NOT_RATEABLE, "the time in which the pad takes a rating is over")
    return visit
