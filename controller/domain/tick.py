"""What time does: it closes a day that is over, brings parked tickets back, ends a call that nobody follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from broker.contract.payloads import CounterStatus, Status
from controller.domain.counter.call import back_fields
from controller.domain.counter.end import end_no_show
from controller.domain.decision.call_ticket import call_at_once
from controller.domain.events import EventType
from controller.domain.queue.evolve import settle
from controller.domain.queue.ticket_record import changed

if TYPE_CHECKING:
    from controller.domain.decision.builder import DecisionBuilder
    from controller.domain.decision.decision import Decision
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.ticket import Ticket


def tick(builder: DecisionBuilder) -> Decision:
    """Let time act within a day. Once a day that is over is closed, the answer begins the next one in the hall."""
    for ticket in list(builder.hall.parked.values()):
        if ticket.park_until is not None and builder.now >= ticket.park_until:
            after = builder.move(EventType.RETURNED, ticket, back_fields(builder), officer=None, reason="timer")
            call_at_once(builder, after)
    _end_unanswered(builder)

    def answer(hall: Hall) -> dict[str, Any]:
        settle(hall, builder.now)
        return {}

    return builder.decision(answer)


def _end_unanswered(builder: DecisionBuilder) -> None:
    calling = builder.centre.calling
    if calling.recalls_max is None:
        return
    for counter in builder.hall.counters.values():
        ticket = builder.hall.in_hand(counter)
        if counter.status is not CounterStatus.CALLING or ticket is None:
            continue
        visit = builder.hall.visits[ticket.visit or ""]
        waited = builder.now - visit.recalled_at
        if visit.recall >= calling.recalls_max and waited >= calling.no_show_after_s * 1000:
            end_no_show(builder, counter, ticket, reason="recalls_max")


def close_day(builder: DecisionBuilder) -> list[Ticket]:
    """Tell the end of the hall's day, dated 1 ms before its midnight; gives the tickets that are carried over."""
    hall = builder.hall
    for counter in hall.counters.values():
        ticket = hall.in_hand(counter)
        if ticket is not None:
            kind = EventType.NO_SHOW if ticket.status is Status.CALLED else EventType.FINISHED
            deed = builder.deed("closing", counter)
            builder.move_at(deed, kind, ticket, {"ended_at": builder.now}, visit=ticket.visit, reason="closing")
    carried = []
    for ticket in [*hall.parked.values(), *hall.lines.tickets()]:
        carries = builder.centre.services[ticket.service].carry_over
        reason = "carried_over" if carries else "closing"
        fields = {"ended_at": builder.now, "park_until": None}
        builder.move(EventType.EXPIRED, ticket, fields, officer=None, reason=reason)
        if carries:
            carried.append(ticket)
    for counter in hall.counters.values():
        if counter.status is not CounterStatus.CLOSED:
            builder.tell_counter(EventType.COUNTER_CLOSED, counter, counter.officer, reason="closing")
    return sorted(carried, key=lambda one: (one.issued_at, one.seq))


def carry_over(builder: DecisionBuilder, tickets: list[Ticket]) -> None:
    """Let tickets of the day before wait again, under their numbers and tokens and with their first issue time."""
    for place, ticket in enumerate(tickets, start=1):
        after = changed(
            ticket, id=builder.moment.new_id(), seq=place, status=Status.WAITING, joined_at=builder.now, to="",
            visit=None, called_at=None, last_called_at=None, started_at=None, ended_at=None, park_until=None,
            counter=None, officer=None, request=None, carried_from=ticket.id, recalls=0, transfers=0,
        )  # fmt: skip
        builder.keep("token", after.id, after.token)
        builder.tell_ticket(
            EventType.ISSUED, after,
            serial=None, printer=None, officer=None, reason="carried_over", replaces=None, dossier=None,
        )  # fmt: skip
