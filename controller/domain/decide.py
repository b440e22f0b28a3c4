"""Every command against the state of the day: events, or a named error and nothing done.

    decision = decide(hall, command, moment)     # changes nothing; raises Refused
    apply(hall, decision)                        # learns the secrets, evolves the events
    decision.answer(hall); decision.effects      # asked right after, before anything else is decided

A hall holds one local day. When `moment.now` lies on a later one, any command first closes the hall's day (events dated
1 ms before its midnight) and is then judged against the empty next day. Of earlier days the hall knows nothing: a
token of yesterday is `not_found` here, and the caller asks the store (`rate` is then `not_rateable`, `cancel` and
`reprint` are `bad_state`). A hand-in of an earlier day gives events whose `data["day"]` is that day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.domain.commands import (
    Cancel,
    Command,
    CounterCommand,
    Issue,
    PublishCentre,
    Rate,
    Reprint,
    Reprioritise,
    SlipOutcome,
)
from controller.domain.counter.dispatch import act
from controller.domain.decision.builder import DecisionBuilder
from controller.domain.queue.evolve import day_of, evolve
from controller.domain.queue.hall import Hall
from controller.domain.requests.issue import issue
from controller.domain.requests.offline_submit import submit_offline
from controller.domain.requests.publish import publish
from controller.domain.requests.rating import rate
from controller.domain.requests.self_service import cancel, reprint, reprioritise, slip_outcome
from controller.domain.tick import carry_over, close_day, tick

if TYPE_CHECKING:
    from controller.domain.decision.decision import Decision, DecisionContext


def decide(hall: Hall, command: Command, moment: DecisionContext) -> Decision:
    """Judge a command at a moment; raises `Refused`, and changes nothing in any case."""
    now = max(moment.now, hall.last_at)
    if hall.day is None:
        return _judge(DecisionBuilder(_fresh(hall, now), moment, now), command)
    if day_of(hall, now) <= hall.day:
        return _judge(DecisionBuilder(hall, moment, now), command)
    midnight = hall.centre.calendar.on(hall.day).end
    closing = DecisionBuilder(hall, moment, max(midnight - 1, hall.last_at))
    carried = close_day(closing)
    opening = DecisionBuilder(_fresh(hall, now), moment, now)
    carry_over(opening, carried)
    for secret in opening.secrets:
        opening.hall.learn({(secret.what, secret.subject): secret.value})
    for event in opening.events:
        evolve(opening.hall, event)
    decision = _judge(opening, command)
    return decision.after(closing.events)


def _fresh(hall: Hall, now: int) -> Hall:
    """Give the empty hall of the day of an instant."""
    fresh = Hall(hall.centre, hall.version, hall.estimator)
    fresh.last_at = hall.last_at
    fresh.turn_to(day_of(hall, now))
    return fresh


def _judge(builder: DecisionBuilder, command: Command) -> Decision:  # noqa: PLR0911 - one line a command
    match command:
        case Issue():
            return (
                issue(builder, command)
                if command.offline is None
                else submit_offline(builder, command, command.offline)
            )
        case CounterCommand():
            return act(builder, command)
        case Cancel():
            return cancel(builder, command)
        case Reprint():
            return reprint(builder, command)
        case Rate():
            return rate(builder, command)
        case Reprioritise():
            return reprioritise(builder, command)
        case SlipOutcome():
            return slip_outcome(builder, command)
        case PublishCentre():
            return publish(builder, command)
    return tick(builder)


def apply(hall: Hall, decision: Decision) -> None:
    """Move a hall by a decision."""
    hall.centres.update(decision.centres)
    hall.learn({(secret.what, secret.subject): secret.value for secret in decision.secrets})
    for event in decision.events:
        evolve(hall, event)
