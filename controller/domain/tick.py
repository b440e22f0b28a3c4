"""What time does: it closes a day that is over, brings parked tickets back, ends a call that nobody follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from broker.contract.payloads import CounterStatus, Status
from controller.domain.counter.call import back_fields
from controller.domain.counter.end import end_no_show
from controller.domain.decision.put_in_hand import call_at_once
from controller.domain.events import EventType
from controller.domain.queue.evolve import settle
from controller.domain.queue.ticket_record import changed

if TYPE_CHECKING:
    from controller.domain.decision.builder import DecisionBuilder
    from controller.domain.decision.decision import Decision
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.ticket import Ticket


def tick(draft: DecisionBuilder) -> Decision:
    """Let time act within a day. Once a day that is over is closed, the answer begins the next one in the hall."""
    for ticket in list(draft.hall.parked.values()):
        if ticket.park_until is not None and draft.now >= ticket.park_until:
            after = draft.move(EventType.RETURNED, ticket, back_fields(draft), officer=None, reason="timer")
            call_at_once(draft, after)
    _end_unanswered(draft)

    def answer(hall: Hall) -> dict[str, Any]:
        settle(hall, draft.now)
        return {}

    return draft.decision(answer)


def _end_unanswered(draft: DecisionBuilder) -> None:
    calling = draft.centre.calling
    if calling.recalls_max is None:
        return
    for counter in draft.hall.counters.values():
        ticket = draft.hall.in_hand(counter)
        if counter.status is not CounterStatus.CALLING or ticket is None:
            continue
        visit = draft.hall.visits[ticket.visit or ""]
        waited = draft.now - visit.recalled_at
        if visit.recall >= calling.recalls_max and waited >= calling.no_show_after_s * 1000:
            end_no_show(draft, counter, ticket, reason="recalls_max")


def close_day(draft: DecisionBuilder) -> list[Ticket]:
    """Tell the end of the hall's day, dated 1 ms before its midnight; gives the tickets that are carried over."""
    hall = draft.hall
    for counter in hall.counters.values():
        ticket = hall.in_hand(counter)
        if ticket is not None:
            kind = EventType.NO_SHOW if ticket.status is Status.CALLED else EventType.FINISHED
            deed = draft.deed("closing", counter)
            draft.move_at(deed, kind, ticket, {"ended_at": draft.now}, visit=ticket.visit, reason="closing")
    carried = []
    for ticket in [*hall.parked.values(), *hall.lines.tickets()]:
        carries = draft.centre.services[ticket.service].carry_over
        reason = "carried_over" if carries else "closing"
        fields = {"ended_at": draft.now, "park_until": None}
        draft.move(EventType.EXPIRED, ticket, fields, officer=None, reason=reason)
        if carries:
            carried.append(ticket)
    for counter in hall.counters.values():
        if counter.status is not CounterStatus.CLOSED:
            draft.tell_counter(EventType.COUNTER_CLOSED, counter, counter.officer, reason="closing")
    return sorted(carried, key=lambda one: (one.issued_at, one.seq))


def carry_over(draft: DecisionBuilder, tickets: list[Ticket]) -> None:
    """Let tickets of the day before wait again, under their numbers and tokens and with their first issue time."""
    for place, ticket in enumerate(tickets, start=1):
        after = changed(
            ticket, id=draft.moment.new_id(), seq=place, status=Status.WAITING, joined_at=draft.now, to="",
            visit=None, called_at=None, last_called_at=None, started_at=None, ended_at=None, park_until=None,
            counter=None, officer=None, request=None, carried_from=ticket.id, recalls=0, transfers=0,
        )  # fmt: skip
        draft.keep("token", after.id, after.token)
        draft.tell_ticket(
            EventType.ISSUED, after,
            serial=None, printer=None, officer=None, reason="carried_over", replaces=None, dossier=None,
        )  # fmt: skip
