"""How a ticket stands in an event: flat, without its token, with all that a replay needs.

    id number service priority status channel lang issued_at position wait counter counters     the Ticket of contract 4
    day order series device request target_s told other_numbers carried_from                    as it was issued
    to joined_at called_at last_called_at started_at ended_at recalls transfers park_until       as it stands
    last_counter last_officer                                                                    where it was in hand

`counter` and `officer` are those that acted; where nobody acts, `counter` is the ticket's own. `called_at` is the first
call, `last_called_at` and `started_at` those of the last visit. `visit` is the call that the event is about.
"""

from __future__ import annotations

from copy import copy
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from broker.contract.payloads import Origin, Status
from controller.domain.queue.calling import position
from controller.domain.queue.line import target_ms
from controller.domain.queue.ticket import IN_HAND, NotifiedWait, Ticket

if TYPE_CHECKING:
    from controller.domain.queue.hall import Hall

FLOW: Final = (
    "status", "service", "priority", "to", "visit", "joined_at", "called_at", "last_called_at", "started_at",
    "ended_at", "recalls", "transfers", "park_until",
)  # fmt: skip
"""The fields that a move may change; `counter` and `officer` beside them."""

ENDED: Final = frozenset({Status.DONE, Status.NO_SHOW})


def changed(ticket: Ticket, **fields: Any) -> Ticket:  # noqa: ANN401 - fields of many types
    """Give a copy of a ticket with some fields changed."""
    after = copy(ticket)
    for name, value in fields.items():
        setattr(after, name, value)
    return after


def shown_counter(ticket: Ticket) -> str | None:
    """Give the counter that a ticket shows: where it is in hand or was served last."""
    return ticket.counter if ticket.status in IN_HAND or ticket.status in ENDED else None


def flatten(hall: Hall, ticket: Ticket, now: int, **further: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Give the data of an event from a ticket as it is after it, and what the event says besides."""
    waiting = ticket.status is Status.WAITING
    told = None if ticket.told is None else asdict(ticket.told)
    target = target_ms(hall.centre, ticket.service, ticket.priority)
    data: dict[str, Any] = {
        "id": ticket.id,
        "number": ticket.number,
        "service": ticket.service,
        "priority": ticket.priority,
        "status": ticket.status.value,
        "channel": ticket.channel.value,
        "lang": ticket.lang,
        "issued_at": ticket.issued_at,
        "position": position(hall, ticket, now) if waiting else None,
        "wait": None,
        "counter": shown_counter(ticket),
        "counters": list(hall.serving_counters(ticket)),
        "day": str(hall.day),
        "order": ticket.seq,
        "series": ticket.series,
        "device": ticket.device,
        "request": ticket.request,
        "target_s": None if target is None else target // 1000,
        "told": told,
        "other_numbers": list(ticket.other_numbers),
        "carried_from": ticket.carried_from,
        "last_counter": ticket.counter,
        "last_officer": ticket.officer,
    }
    data.update((name, getattr(ticket, name)) for name in FLOW if name not in data)
    if waiting:
        data["wait"] = _wait(hall, ticket, now)
    data.update(further)
    return data


def _wait(hall: Hall, ticket: Ticket, now: int) -> dict[str, int] | None:
    if ticket.id not in hall.tickets:
        return None if ticket.told is None else {"low_s": ticket.told.low_s, "high_s": ticket.told.high_s}
    found = hall.estimator.estimate(hall, ticket.service, now, ticket)
    return None if found is None else {"low_s": found.low_s, "high_s": found.high_s}


def flow_of(data: dict[str, Any]) -> dict[str, Any]:
    """Read the fields that a move may change back from an event."""
    return {name: data[name] for name in FLOW} | {"status": Status(data["status"])}


def ticket_of(data: dict[str, Any]) -> Ticket:
    """Read a ticket back from the event that it was issued by."""
    told = data["told"]
    ticket = Ticket(
        id=data["id"],
        seq=data["order"],
        number=data["number"],
        series=data["series"],
        service=data["service"],
        priority=data["priority"],
        channel=Origin(data["channel"]),
        lang=data["lang"],
        issued_at=data["issued_at"],
        joined_at=data["joined_at"],
        told=None if told is None else NotifiedWait(**told),
        device=data["device"],
        request=data["request"],
        carried_from=data["carried_from"],
    )
    for name, value in flow_of(data).items():
        setattr(ticket, name, value)
    return ticket
