"""Offline numbers on their way into the journal, and every race with a late reply (contract 4).

The kiosk voids its unanswered request, gives a number of its own series, and hands that in as a new request that names
the unanswered one in `replaces`. What can be found:
- `replaces` made a ticket of today: it takes the offline number and token; if nobody answered to its first number and
  it is a no-show, it waits again
- it made a ticket of an earlier day (`Offline.made`): the same, in the books of that day
- it made nothing: the number becomes a ticket, and the request is void: the hall knows that for the day, the memory of
  requests for ever
- the same number and token again under another id, or so late that its answer is kept no more: the ticket that is there
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Status
from broker.contract.payloads import Ticket as TicketPayload
from controller.domain.centre.model import NORMAL
from controller.domain.decision.call_ticket import call_at_once
from controller.domain.events import EventType
from controller.domain.numbers.numbering import check_offline
from controller.domain.queue.evolve import day_of
from controller.domain.queue.ticket_record import changed, flatten
from controller.domain.queue.views import ticket_view
from controller.domain.requests.issue import (
    check_words,
    dossier_is_valid,
    keep_apart,
    new_ticket,
    own_series,
    tell_issued,
    view,
    with_time,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from controller.domain.commands import Issue, Offline
    from controller.domain.decision.builder import DecisionBuilder
    from controller.domain.decision.decision import Decision
    from controller.domain.queue.ticket import Ticket


def submit_offline(builder: DecisionBuilder, command: Issue, offline: Offline) -> Decision:
    """Take an offline number over; never refused for hours or quota."""
    priority = builder.centre.priorities.get(command.priority)
    if priority is None or (priority.grant == "staff" and not command.staff):
        # A class that has gone since, or that only staff grant now, must not cost anybody their place.
        command = replace(command, priority=NORMAL)
    check_words(builder, command)
    offline = with_time(offline, builder.now)
    known = builder.hall.by_token(offline.token)
    if known is not None:
        return _again(builder, known, offline)
    if offline.past is not None:
        return _again_past(builder, offline.past, offline)
    check_offline(builder.hall, command.device, offline.number)
    replaced = builder.hall.requests.get((command.device or "", offline.replaces or ""))
    if replaced is not None:
        return _renumber(builder, builder.hall.tickets[replaced], command, offline)
    if offline.made is not None:
        return _renumber_past(builder, offline.made, command, offline)
    day = day_of(builder.hall, offline.at)
    if day != day_of(builder.hall, builder.now):
        return _issue_late(builder, command, offline, day)
    ticket = tell_issued(builder, command, offline.number, serial=None, offline=offline)
    return builder.decision(
        lambda hall: {"ticket": view(hall, ticket.id, builder.now), **own_series(hall, command.device)}
    )


def _again(builder: DecisionBuilder, known: Ticket, offline: Offline) -> Decision:
    if not known.is_called(offline.number):
        raise RefusedError(Code.BAD_REQUEST, "another ticket has this token")
    return builder.decision(lambda hall: {"ticket": view(hall, known.id, builder.now)})


def _again_past(builder: DecisionBuilder, known: Mapping[str, Any], offline: Offline) -> Decision:
    """Answer a kiosk that was away for longer than answers are kept: the number is in the books of its day."""
    if offline.number not in (known["number"], *known["other_numbers"]):
        raise RefusedError(Code.BAD_REQUEST, "another ticket has this token")
    ticket = TicketPayload.model_validate(dict(known) | {"token": offline.token, "position": None, "wait": None})
    return builder.decision(lambda _: {"ticket": ticket})


def _renumber(builder: DecisionBuilder, ticket: Ticket, command: Issue, offline: Offline) -> Decision:
    """Give a ticket the number and token that its holder has in hand."""
    builder.keep("token", ticket.id, offline.token)
    builder.keep("dossier", ticket.id, command.dossier)
    after = changed(
        ticket, number=offline.number, token=offline.token, other_numbers=(*ticket.other_numbers, ticket.number)
    )
    builder.tell_ticket(
        EventType.RENUMBERED, after,
        was=ticket.number, device=command.device, request=command.request, replaces=offline.replaces, reason=None,
    )  # fmt: skip
    if ticket.status is Status.NO_SHOW:
        # Its holder never saw the number that was called.
        back = builder.move(
            EventType.RETURNED, after, {"joined_at": builder.now, "ended_at": None}, reason="renumbered"
        )
        call_at_once(builder, back)
    return builder.decision(lambda hall: {"ticket": view(hall, ticket.id, builder.now)})


def _renumber_past(builder: DecisionBuilder, made: Any, command: Issue, offline: Offline) -> Decision:  # noqa: ANN401 - JSON
    """Note another number for a ticket of an earlier day, which is long over."""
    data = dict(made) | {
        "was": made["number"], "number": offline.number, "other_numbers": [*made["other_numbers"], made["number"]],
        "device": command.device, "request": command.request, "replaces": offline.replaces, "reason": None,
    }  # fmt: skip
    builder.keep("token", made["id"], offline.token)
    builder.tell(EventType.RENUMBERED, data)
    ticket = TicketPayload.model_validate(data | {"token": offline.token, "position": None, "wait": None})
    return builder.decision(lambda _: {"ticket": ticket})


def _issue_late(builder: DecisionBuilder, command: Issue, offline: Offline, day: date) -> Decision:
    """Store a hand-in of an earlier day on that day, as expired."""
    ticket = changed(new_ticket(builder, command, offline.number), issued_at=offline.at, joined_at=offline.at, seq=0)
    keep_apart(builder, ticket, command)
    own_day = {"day": str(day), "officer": None, "reason": "late", "replaces": offline.replaces}
    issued = flatten(builder.hall, ticket, builder.now, **own_day, serial=None, printer=None)
    issued |= {"position": None, "wait": None, "dossier": dossier_is_valid(builder, command.dossier)}
    builder.tell(EventType.ISSUED, issued)
    expired = changed(ticket, status=Status.EXPIRED, ended_at=builder.now)
    builder.tell(EventType.EXPIRED, flatten(builder.hall, expired, builder.now, **own_day))
    shown = ticket_view(builder.hall, expired, builder.now)
    return builder.decision(lambda _: {"ticket": shown})
