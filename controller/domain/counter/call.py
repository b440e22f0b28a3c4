"""Next, call, recall, start and return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Status
from controller.domain.counter.end import end_in_hand, end_no_show, recalled_too_soon
from controller.domain.decision.call_ticket import (
    CallReason,
    announce,
    call_at_once,
    call_reason_of,
    has_quota,
    put_in_hand,
    score_of,
)
from controller.domain.events import EventType
from controller.domain.queue.calling import Rule, choose
from controller.domain.requests.self_service import ticket_by_number

if TYPE_CHECKING:
    from controller.domain.commands import CounterCommand
    from controller.domain.decision.builder import DecisionBuilder
    from controller.domain.queue.counter import Counter
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.ticket import Ticket


def call_next(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:
    """End the visit in hand and call who is next; with neither, `nothing_waiting`, or ask for the next arrival."""
    in_hand = builder.hall.in_hand(counter)
    choice = choose(builder.hall, counter, builder.now) if has_quota(builder.hall, counter) else None
    if in_hand is None and choice is None:
        _nobody(builder, counter)
        return
    deed = builder.deed("next", counter)
    if in_hand is not None:
        end_in_hand(builder, deed, in_hand, command)
    if choice is not None:
        put_in_hand(builder, deed, choice.ticket, call_reason_of(choice))


def _nobody(builder: DecisionBuilder, counter: Counter) -> None:
    if not has_quota(builder.hall, counter):
        raise RefusedError(Code.QUOTA_REACHED, f"counter {counter.id} has made all its calls of today")
    if not builder.centre.calling.call_next_arrival or counter.awaits_since is not None:
        raise RefusedError(Code.NOTHING_WAITING, f"nobody waits for counter {counter.id}")
    builder.tell_counter(EventType.COUNTER_RESUMED, counter, counter.officer, awaits=True)


def call_number(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:
    """Call a given waiting, parked or no-show ticket, for a reason."""
    if not (command.reason or "").strip():
        raise RefusedError(Code.BAD_REQUEST, "the call of a given number needs a reason")
    ticket = ticket_by_number(builder.hall, command.number)
    if ticket.status not in (Status.WAITING, Status.PARKED, Status.NO_SHOW):
        raise RefusedError(Code.BAD_STATE, f"{ticket.number} is {ticket.status}")
    check_tolerance(builder.hall, ticket, builder.now)
    choice = choose(builder.hall, counter, builder.now)
    score = None
    if ticket.status is Status.WAITING:
        score = score_of(builder.hall, ticket, builder.now)
    due = None if choice is None or choice.ticket is ticket else choice.ticket.number
    deed, in_hand = builder.deed("call", counter), builder.hall.in_hand(counter)
    if in_hand is not None:
        end_in_hand(builder, deed, in_hand, command)
    put_in_hand(builder, deed, ticket, CallReason(Rule.MANUAL, score, due), said=command.reason, by=command.officer)


def check_tolerance(hall: Hall, ticket: Ticket, now: int) -> None:
    """Refuse a no-show that comes back later than the centre tolerates."""
    within = hall.centre.calling.return_within_min
    if ticket.status is Status.NO_SHOW and within is not None and now - (ticket.ended_at or 0) > within * 60_000:
        raise RefusedError(Code.BAD_STATE, f"{ticket.number} was a no-show more than {within:g} minutes ago")


def recall(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:  # noqa: ARG001 - all actions are called alike
    """Call the number in hand out once more; after the last time that is allowed it is a no-show."""
    ticket = builder.hall.in_hand(counter)
    if ticket is None or counter.visit is None:
        raise RefusedError(Code.BAD_STATE, "nobody is in hand")
    visit, most = builder.hall.visits[counter.visit], builder.centre.calling.recalls_max
    if recalled_too_soon(builder, visit):
        raise RefusedError(Code.BAD_STATE, f"{ticket.number} was called out just now; give them time to come")
    if most is not None and visit.recall >= most:
        end_no_show(builder, counter, ticket)
        return
    deed = builder.deed("recall", counter)
    fields = {"recalls": ticket.recalls + 1}
    builder.move_at(deed, EventType.RECALLED, ticket, fields, visit=visit.id, recall=visit.recall + 1)
    builder.then(lambda hall: announce(hall, visit.id))


def start(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:  # noqa: ARG001 - all actions are called alike
    """Begin to serve the number in hand."""
    ticket = builder.hall.in_hand(counter)
    if ticket is None:
        raise RefusedError(Code.BAD_STATE, "nobody is in hand")
    deed = builder.deed("start", counter)
    builder.move_at(deed, EventType.STARTED, ticket, {"started_at": builder.now}, visit=ticket.visit)


def return_ticket(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:
    """Let a parked or no-show ticket wait again with its first issue time; the counter is unchanged."""
    ticket = ticket_by_number(builder.hall, command.number)
    check_tolerance(builder.hall, ticket, builder.now)
    subject = f"{ticket.id}:{builder.now}"
    after = builder.move(
        EventType.RETURNED, ticket, back_fields(builder), reason=builder.reason(command.reason, subject),
        counter=counter.id, officer=command.officer or counter.officer,
    )  # fmt: skip
    call_at_once(builder, after)


def back_fields(builder: DecisionBuilder) -> dict[str, int | None]:
    """Give what changes when a ticket waits again."""
    return {"joined_at": builder.now, "ended_at": None, "park_until": None}
