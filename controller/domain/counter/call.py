"""Next, call, recall, start and return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Status
from controller.domain.counter.end import end_in_hand, end_no_show, recalled_too_soon
from controller.domain.decision.put_in_hand import (
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


def call_next(draft: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:
    """End the visit in hand and call who is next; with neither, `nothing_waiting`, or ask for the next arrival."""
    in_hand = draft.hall.in_hand(counter)
    choice = choose(draft.hall, counter, draft.now) if has_quota(draft.hall, counter) else None
    if in_hand is None and choice is None:
        _nobody(draft, counter)
        return
    deed = draft.deed("next", counter)
    if in_hand is not None:
        end_in_hand(draft, deed, in_hand, command)
    if choice is not None:
        put_in_hand(draft, deed, choice.ticket, call_reason_of(choice))


def _nobody(draft: DecisionBuilder, counter: Counter) -> None:
    if not has_quota(draft.hall, counter):
        raise RefusedError(Code.QUOTA_REACHED, f"counter {counter.id} has made all its calls of today")
    if not draft.centre.calling.call_next_arrival or counter.awaits_since is not None:
        raise RefusedError(Code.NOTHING_WAITING, f"nobody waits for counter {counter.id}")
    draft.tell_counter(EventType.COUNTER_RESUMED, counter, counter.officer, awaits=True)


def call_number(draft: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:
    """Call a given waiting, parked or no-show ticket, for a reason."""
    if not (command.reason or "").strip():
        raise RefusedError(Code.BAD_REQUEST, "the call of a given number needs a reason")
    ticket = ticket_by_number(draft.hall, command.number)
    if ticket.status not in (Status.WAITING, Status.PARKED, Status.NO_SHOW):
        raise RefusedError(Code.BAD_STATE, f"{ticket.number} is {ticket.status}")
    check_tolerance(draft.hall, ticket, draft.now)
    choice = choose(draft.hall, counter, draft.now)
    score = None
    if ticket.status is Status.WAITING:
        score = score_of(draft.hall, ticket, draft.now)
    due = None if choice is None or choice.ticket is ticket else choice.ticket.number
    deed, in_hand = draft.deed("call", counter), draft.hall.in_hand(counter)
    if in_hand is not None:
        end_in_hand(draft, deed, in_hand, command)
    put_in_hand(draft, deed, ticket, CallReason(Rule.MANUAL, score, due), said=command.reason, by=command.officer)


def check_tolerance(hall: Hall, ticket: Ticket, now: int) -> None:
    """Refuse a no-show that comes back later than the centre tolerates."""
    within = hall.centre.calling.return_within_min
    if ticket.status is Status.NO_SHOW and within is not None and now - (ticket.ended_at or 0) > within * 60_000:
        raise RefusedError(Code.BAD_STATE, f"{ticket.number} was a no-show more than {within:g} minutes ago")


def recall(draft: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:  # noqa: ARG001 - all actions are called alike
    """Call the number in hand out once more; after the last time that is allowed it is a no-show."""
    ticket = draft.hall.in_hand(counter)
    if ticket is None or counter.visit is None:
        raise RefusedError(Code.BAD_STATE, "nobody is in hand")
    visit, most = draft.hall.visits[counter.visit], draft.centre.calling.recalls_max
    if recalled_too_soon(draft, visit):
        raise RefusedError(Code.BAD_STATE, f"{ticket.number} was called out just now; give them time to come")
    if most is not None and visit.recall >= most:
        end_no_show(draft, counter, ticket)
        return
    deed = draft.deed("recall", counter)
    fields = {"recalls": ticket.recalls + 1}
    draft.move_at(deed, EventType.RECALLED, ticket, fields, visit=visit.id, recall=visit.recall + 1)
    draft.then(lambda hall: announce(hall, visit.id))


def start(draft: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:  # noqa: ARG001 - all actions are called alike
    """Begin to serve the number in hand."""
    ticket = draft.hall.in_hand(counter)
    if ticket is None:
        raise RefusedError(Code.BAD_STATE, "nobody is in hand")
    deed = draft.deed("start", counter)
    draft.move_at(deed, EventType.STARTED, ticket, {"started_at": draft.now}, visit=ticket.visit)


def return_ticket(draft: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:
    """Let a parked or no-show ticket wait again with its first issue time; the counter is unchanged."""
    ticket = ticket_by_number(draft.hall, command.number)
    check_tolerance(draft.hall, ticket, draft.now)
    subject = f"{ticket.id}:{draft.now}"
    after = draft.move(
        EventType.RETURNED, ticket, back_fields(draft), reason=draft.reason(command.reason, subject),
        counter=counter.id, officer=command.officer or counter.officer,
    )  # fmt: skip
    call_at_once(draft, after)


def back_fields(draft: DecisionBuilder) -> dict[str, int | None]:
    """Give what changes when a ticket waits again."""
    return {"joined_at": draft.now, "ended_at": None, "park_until": None}
