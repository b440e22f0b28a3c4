"""What the officer's page shows of one counter; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from broker.contract.payloads import Status
from broker.contract.texts import pick
from controller.domain.commands import Action
from controller.domain.queue.counter import ALLOWED
from controller.domain.queue.line import target_ms
from controller.domain.queue.views import counter_state, note_of
from controller.http.responses.call_explanation import explain_call

if TYPE_CHECKING:
    from controller.domain.queue.counter import Counter
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.ticket import Ticket

SHOWN: Final = 60
"""Rows of each list at most: more is not read, and the count beside it tells how many there are."""

UNDO_MS: Final = 15_000


LISTED: Final = (Status.WAITING, Status.PARKED, Status.NO_SHOW)


def desk_view(hall: Hall, counter_id: str, now: int, lang: str) -> dict[str, Any]:
    """Return everything that the page shows, as JSON; the counter must exist."""
    counter = hall.counters[counter_id]
    ticket = hall.in_hand(counter)
    state = counter_state(hall, counter_id, now)
    mine = [one for one in hall.tickets.values() if one.status in LISTED and counter_id in hall.serving_counters(one)]
    return {
        "counter": state.model_dump(mode="json"),
        "officer": counter.officer,
        "reason": pick(state.reason or {}, lang),
        "hand": None if ticket is None else _row(hall, ticket, now, lang) | {"note": note_of(hall, ticket)},
        "why": [] if counter.visit is None else explain_call(hall, counter.visit, lang),
        "allowed": allowed(counter, now),
        "lists": {
            status.value: _list(hall, [one for one in mine if one.status is status], now, lang) for status in LISTED
        },
    }


def allowed(counter: Counter, now: int) -> list[str]:
    """Return the actions that the counter's state allows; whether anybody waits is for the decision to judge."""
    can_undo = counter.undo is not None and now - counter.undo.at <= UNDO_MS
    return [
        action.value
        for action, states in ALLOWED.items()
        if counter.status in states and (action is not Action.UNDO or can_undo)
    ]


def _list(hall: Hall, tickets: list[Ticket], now: int, lang: str) -> dict[str, Any]:
    def turn(ticket: Ticket) -> tuple[Any, ...]:
        return hall.lines.line(ticket.service, ticket.priority, ticket.to).rank(ticket.issued_at, ticket.seq, now)

    rows = [_row(hall, ticket, now, lang) for ticket in sorted(tickets, key=turn)[:SHOWN]]
    return {"count": len(tickets), "rows": rows}


def _row(hall: Hall, ticket: Ticket, now: int, lang: str) -> dict[str, Any]:
    target = target_ms(hall.centre, ticket.service, ticket.priority)
    priority = hall.centre.priorities.get(ticket.priority)
    return {
        "number": ticket.number,
        "service": pick(hall.centre.services[ticket.service].name, lang),
        "priority": pick(priority.name, lang) if ticket.is_priority and priority else None,
        "minutes": (now - ticket.issued_at) // 60_000,
        "late": target is not None and now >= ticket.issued_at + target,
        "recall": ticket.recalls,
    }
