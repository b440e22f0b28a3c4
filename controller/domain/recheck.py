"""Events of a journal decided again, against the hall just before each: what an event says otherwise than the rules do.

A call is asked of the function that chose then (`calling.CHOOSERS`), under the configuration in force then. All events
of a decision bear its instant, and what comes before a call in its decision (the visit in hand that ended, the ticket
that arrived) does not change whom the counter would call: the hall just before the event is that of the decision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from broker.contract.errors import RefusedError
from broker.contract.payloads import CounterStatus, Origin, Status
from controller.domain.counter.call import check_tolerance
from controller.domain.decision.call_ticket import asking_for, has_quota, score_of
from controller.domain.events import Event, EventType
from controller.domain.queue.calling import CHOOSERS, Rule, overtaken, overtook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from controller.domain.queue.calling import Choice
    from controller.domain.queue.counter import Counter
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.ticket import Ticket

FIRST_RULES: Final = 1
"""The version of the rules of a call that carries none."""

CALLABLE: Final = frozenset({Status.WAITING, Status.PARKED, Status.NO_SHOW})
"""Whom an officer may call by number."""

ARRIVES: Final = frozenset({EventType.ISSUED, EventType.RETURNED, EventType.TRANSFERRED})


def recheck_event(hall: Hall, event: Event, before: Event | None) -> Iterator[str]:
    """Give a clause for each thing that an event says otherwise than the rules; `before` is the event before it."""
    if "issued_at" in event.data:
        yield from _ticket_faults(hall, event)
    if event.type is EventType.CALLED:
        yield from _call_faults(hall, event, before)


def _ticket_faults(hall: Hall, event: Event) -> Iterator[str]:
    """Hold what never changes about a ticket against what is known of it."""
    data = event.data
    if event.type is EventType.ISSUED:
        earlier = data["channel"] == Origin.OFFLINE or data["carried_from"] is not None
        if data["issued_at"] != event.at and not earlier:
            yield f"its issue is dated {data['issued_at']} and was written at {event.at}"
        return
    ticket = hall.tickets.get(data["id"])
    if ticket is None:
        return
    known: dict[str, Any] = {"issued_at": ticket.issued_at, "order": ticket.seq}
    if event.type is not EventType.RENUMBERED:
        known["number"] = ticket.number
    yield from _otherwise(data, known)


def _call_faults(hall: Hall, event: Event, before: Event | None) -> Iterator[str]:
    data = event.data
    counter, ticket = hall.counters[data["counter"]], hall.tickets[data["id"]]
    version = data.get("rules", FIRST_RULES)
    if version not in CHOOSERS:
        yield f"was decided by rules {version!r}, which this release does not know: verify with the one that wrote it"
        return
    if counter.status is not CounterStatus.OPEN:
        yield f"counter {counter.id} was {counter.status} and could not call"
    rule = Rule(data["rule"])
    yield from _otherwise(data, {"officer": counter.officer, "manual": rule is Rule.MANUAL})
    if rule is Rule.MANUAL:
        yield from _manual(hall, event, counter, ticket)
    elif rule in (Rule.WALK_IN, Rule.CONTINUED):
        yield from _at_once(event, before, rule)
    elif _has_arrived(event, before, counter):
        yield from _arrival(hall, event, counter, ticket)
    else:
        yield from _chosen(hall, event, counter, CHOOSERS[version])


def _chosen(
    hall: Hall, event: Event, counter: Counter, choose: Callable[[Hall, Counter, int], Choice | None]
) -> Iterator[str]:
    """The counter pressed next."""
    choice = choose(hall, counter, event.at) if has_quota(hall, counter) else None
    if choice is None:
        yield f"nobody could be called at {counter.id}"
    elif choice.ticket.id != event.data["id"]:
        yield f"by the rules {choice.ticket.number} was next at {counter.id} ({choice.rule})"
    else:
        yield from _otherwise(
            event.data,
            {
                "rule": choice.rule, "score": choice.score, "second": _number(choice.second),
                "overtook": overtook(hall, choice.ticket), "overtaken": overtaken(hall, choice.ticket),
            },
        )  # fmt: skip


def _manual(hall: Hall, event: Event, counter: Counter, ticket: Ticket) -> Iterator[str]:
    """An officer asked for this number."""
    if ticket.status not in CALLABLE:
        yield f"{ticket.number} was {ticket.status} and could not be called"
        return
    try:
        check_tolerance(hall, ticket, event.at)
    except RefusedError as refused:
        yield str(refused.detail)
    if event.data["reason"] is None:
        yield "the call of a given number has no reason"
    choice = CHOOSERS[event.data.get("rules", FIRST_RULES)](hall, counter, event.at)
    due = None if choice is None or choice.ticket is ticket else choice.ticket.number
    score = score_of(hall, ticket, event.at) if ticket.status is Status.WAITING else None
    yield from _otherwise(
        event.data,
        {"score": score, "second": due, "overtook": overtook(hall, ticket), "overtaken": overtaken(hall, ticket)},
    )


def _at_once(event: Event, before: Event | None, rule: Rule) -> Iterator[str]:
    """Somebody without a ticket, or the next service of the same visit: right behind its issue, or behind the end."""
    expected = EventType.ISSUED if rule is Rule.WALK_IN else EventType.FINISHED
    follows = _is_of(event, before) and before is not None and before.type is expected
    if not follows or (rule is Rule.WALK_IN and before is not None and before.data["reason"] != "walk_in"):
        yield f"the rule {rule} needs the fact {expected} of the same ticket right before it"
    yield from _otherwise(event.data, {"score": None, "second": None})


def _has_arrived(event: Event, before: Event | None, counter: Counter) -> bool:
    """Tell whether the ticket began to wait with the same decision, at a counter that had asked for an arrival."""
    return counter.awaits_since is not None and before is not None and _is_of(event, before) and before.type in ARRIVES


def _arrival(hall: Hall, event: Event, counter: Counter, ticket: Ticket) -> Iterator[str]:
    """The counter had asked for the next arrival."""
    asking = asking_for(hall, ticket)
    if asking is not counter:
        yield f"by the rules {ticket.number} went to {'no counter' if asking is None else asking.id}, not {counter.id}"
    score = score_of(hall, ticket, event.at)
    yield from _otherwise(event.data, {"rule": Rule.SCORE, "score": score, "second": None})


def _is_of(event: Event, before: Event | None) -> bool:
    return before is not None and before.at == event.at and before.data.get("id") == event.data["id"]


def _number(ticket: Ticket | None) -> str | None:
    return None if ticket is None else ticket.number


def _otherwise(data: dict[str, Any], expected: dict[str, Any]) -> Iterator[str]:
    for name, value in expected.items():
        if data[name] != value:
            yield f"{name} is {data[name]!r} and should be {value if value is None else str(value)!r}"
