"""Putting a ticket in hand at a counter, whoever chose it, and calling an arrival at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broker.contract.payloads import CounterStatus
from controller.domain.decision.decision import Announce
from controller.domain.events import EventType
from controller.domain.queue.calling import RULES, Rule, overtaken, overtook
from controller.domain.queue.views import call_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from controller.domain.decision.builder import CounterAction, DecisionBuilder
    from controller.domain.queue.calling import Choice
    from controller.domain.queue.counter import Counter
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.ticket import Ticket


@dataclass(frozen=True, slots=True)
class CallReason:
    """Why a ticket is called: the rule, its score, the number that came second."""

    rule: Rule
    score: float | None = None
    second: str | None = None


def call_reason_of(choice: Choice) -> CallReason:
    """Give the reason of a choice."""
    return CallReason(choice.rule, choice.score, None if choice.second is None else choice.second.number)


def put_in_hand(
    builder: DecisionBuilder,
    deed: CounterAction,
    ticket: Ticket,
    reason: CallReason,
    *,
    said: str | None = None,
    by: str | None = None,
) -> Ticket:
    """Call a ticket to a counter; gives the ticket after it. `said` is the officer's reason of a manual call."""
    hall, now = builder.hall, builder.now
    visit = builder.moment.new_id()
    fields = {
        "visit": visit, "park_until": None,
        "called_at": ticket.called_at or now, "last_called_at": now, "started_at": None, "ended_at": None,
    }  # fmt: skip
    after = builder.move_at(
        deed, EventType.CALLED, ticket, fields,
        rule=reason.rule.value, score=reason.score, second=reason.second, manual=reason.rule is Rule.MANUAL,
        overtook=overtook(hall, ticket), overtaken=overtaken(hall, ticket), by=by,
        rules=RULES,
    )  # fmt: skip
    if said is not None:
        builder.events[-1].data["reason"] = builder.reason(said, visit)
    if reason.rule not in (Rule.CONTINUED, Rule.WALK_IN):
        builder.then(lambda later: announce(later, visit))
    return after


def announce(hall: Hall, visit: str) -> Announce | None:
    """Say a call, unless it has been taken back since."""
    found = hall.visits.get(visit)
    return None if found is None else Announce(call_of(hall, found))


def has_quota(hall: Hall, counter: Counter) -> bool:
    """Tell whether a counter may call more today."""
    quota = hall.centre.counters[counter.id].daily_quota
    return quota is None or counter.served < quota


def call_at_once(builder: DecisionBuilder, arrived: Ticket) -> Ticket:
    """Call a ticket that begins to wait to the counter that has asked longest for an arrival; gives it after that."""
    taken = {event.data["counter"] for event in builder.events if event.type is EventType.CALLED}
    counter = asking_for(builder.hall, arrived, taken)
    if counter is None:
        return arrived
    reason = CallReason(Rule.SCORE, score_of(builder.hall, arrived, builder.now))
    return put_in_hand(builder, builder.deed("next", counter), arrived, reason)


def score_of(hall: Hall, ticket: Ticket, now: int) -> float:
    """Give the score of a ticket that waits, or is about to."""
    return hall.lines.line(ticket.service, ticket.priority, ticket.to).score(ticket.issued_at, now)


def asking_for(hall: Hall, arrived: Ticket, taken: Collection[str] = ()) -> Counter | None:
    """Give the counter that has asked longest for an arrival and may call this one, but none of those taken."""
    asking = [
        (counter.awaits_since, counter.id, counter)
        for counter in hall.counters.values()
        if counter.awaits_since is not None
        and counter.status is CounterStatus.OPEN
        and counter.id not in taken
        and has_quota(hall, counter)
        and _serves(hall, counter, arrived)
    ]
    return min(asking)[2] if asking else None


def _serves(hall: Hall, counter: Counter, ticket: Ticket) -> bool:
    if ticket.to:
        return ticket.to in (f"counter:{counter.id}", f"officer:{counter.officer}")
    return ticket.service in hall.services_at(counter)
