"""What others see of the hall, as payloads of the contract (sections 4 and 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from broker.contract.payloads import (
    Board,
    Call,
    CounterState,
    Ended,
    Payload,
    ServiceState,
    Slip,
    Status,
    Text,
    Ticket,
    Wait,
)
from broker.contract.texts import pick
from controller.domain.centre.centre import NORMAL
from controller.domain.queue.calling import position
from controller.domain.queue.ticket_record import shown_counter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from controller.domain.events import Event
    from controller.domain.queue import ticket as domain
    from controller.domain.queue.counter import Counter
    from controller.domain.queue.hall import Hall, Range

BOARD_CALLS: Final = 8


def _wait(found: Range | None) -> Wait | None:
    return None if found is None else Wait(low_s=found.low_s, high_s=found.high_s)


def ticket_view(hall: Hall, ticket: domain.Ticket, now: int, *, token: bool = True) -> Ticket:
    """Give a ticket as its holder sees it; without its token for those who know only the number."""
    waiting = ticket.status is Status.WAITING
    if waiting and now == ticket.issued_at:
        wait = _wait(ticket.told)
    else:
        wait = _wait(hall.estimator.estimate(hall, ticket.service, now, ticket)) if waiting else None
    return Ticket(
        id=ticket.id,
        number=ticket.number,
        token=ticket.token if token else None,
        service=ticket.service,
        priority=ticket.priority,
        status=ticket.status,
        channel=ticket.channel,
        lang=ticket.lang,
        issued_at=ticket.issued_at,
        position=position(hall, ticket, now) if waiting else None,
        wait=wait,
        counter=shown_counter(ticket),
        counters=list(hall.serving_counters(ticket)),
    )


def counter_state(hall: Hall, counter_id: str, now: int) -> CounterState:  # noqa: ARG001 - all views take the instant
    """Give a counter as signs, keypads and officers see it; one that is not configured is a KeyError."""
    counter, told = hall.counters[counter_id], hall.centre.counters[counter_id]
    ticket = hall.in_hand(counter)
    return CounterState(
        counter=counter.id,
        label=told.label,
        status=counter.status,
        number=None if ticket is None else ticket.number,
        recall=0 if counter.visit is None else hall.visits[counter.visit].recall,
        since=counter.since,
        waiting=hall.waiting_at(counter),
        reason=pause_reason(hall, counter),
        ended=_ended(counter),
    )


def _ended(counter: Counter) -> Ended | None:
    if counter.ended is None:
        return None
    visit, number, at = counter.ended
    return Ended(visit=visit, number=number, at=at)


def pause_reason(hall: Hall, counter: Counter) -> Text | None:
    """Give why a counter is paused: the configured name of its code, the officer's own words, or the code itself."""
    if counter.reason is None:
        return None
    named = next((one.name for one in hall.centre.pause if one.code == counter.reason), None)
    words = hall.secrets.get(("reason", f"{counter.id}:{counter.since}"))
    return named or {"vi": words or counter.reason}


P = TypeVar("P", bound=Payload)


def shut(state: P) -> P:
    """Return a state as it is while no number can be given: its services are closed, and no wait is known."""
    if isinstance(state, Board):
        return state.model_copy(update={"queues": [shut(queue) for queue in state.queues]})
    if isinstance(state, ServiceState):
        return state.model_copy(update={"open": False, "wait": None})
    return state


def service_state(hall: Hall, service_id: str, now: int) -> ServiceState:
    """Give a service as kiosks and boards see it; one that is not configured is a KeyError."""
    told, day = hall.centre.services[service_id], hall.services[service_id]
    last = day.calls[-1] if day.calls else None
    return ServiceState(
        service=told.id,
        name=told.name,
        open=hall.centre.calendar.accepts(now, service_id) is None,
        waiting=hall.waiting_for(service_id),
        serving=day.serving,
        wait=_wait(hall.estimator.estimate(hall, service_id, now)),
        last_called=None if last is None else hall.tickets[last.ticket].number,
    )


def call_of(hall: Hall, visit: domain.Visit) -> Call:
    """Give a call as signs, boards and voices take it."""
    ticket = hall.tickets[visit.ticket]
    return Call(
        id=visit.id,
        number=ticket.number,
        counter=visit.counter,
        label=hall.centre.counters[visit.counter].label,
        zone=visit.zone,
        recall=visit.recall,
        priority=visit.priority,
        lang=ticket.lang,
        at=visit.recalled_at,
    )


def board(hall: Hall, zone: str, now: int) -> Board:
    """Give what stands on the boards of a zone: its last calls, newest first, and its services."""
    known = hall.centre.counters
    calls = [visit for visit in hall.called_in.get(zone, [])[-BOARD_CALLS:] if visit.counter in known]
    return Board(
        zone=zone,
        calls=[call_of(hall, visit) for visit in reversed(calls)],
        queues=[service_state(hall, service, now) for service in services_in(hall, zone)],
        notice=next((one.notice for one in hall.centre.zone if one.id == zone), None),
        at=now,
    )


def call_reason(hall: Hall, visit_id: str) -> dict[str, Any]:
    """Say why a visit of today was called: rule, score, who came second, a manual call's code; else a KeyError."""
    visit = hall.visits[visit_id]
    return {
        "visit": visit.id,
        "number": hall.tickets[visit.ticket].number,
        "rule": visit.rule,
        "score": visit.score,
        "second": visit.second,
        "overtook": visit.overtook,
        "manual": visit.manual,
        "reason": visit.reason,
    }


def note_of(hall: Hall, ticket: domain.Ticket) -> str | None:
    """Give the last note that an officer left with a ticket for whoever goes on with it."""
    visits = [visit.id for visit in hall.visits.values() if visit.ticket == ticket.id]
    notes = (hall.secrets.get(("note", visit)) for visit in reversed(visits))
    return next((note for note in notes if note is not None), None)


def services_in(hall: Hall, zone: str) -> list[str]:
    """Give the services that counters of a zone serve, in the order of the configuration."""
    served = {service for counter in hall.centre.counter if counter.zone == zone for service in counter.services}
    return [service.id for service in hall.centre.service if service.id in served]


def slip_of(hall: Hall, ticket: domain.Ticket, *, copy: bool) -> Slip:
    """Give what stands on a ticket's slip besides the ticket."""
    card, service = hall.centre.card, hall.centre.services.get(ticket.service)
    return Slip(
        centre=card.name,
        service={"vi": ticket.service} if service is None else service.name,
        lines=[*_lines(hall, ticket), *hall.centre.slip.lines],
        qr=f"{card.public_url}/t/{ticket.token}",
        copy_=copy,
    )


def _lines(hall: Hall, ticket: domain.Ticket) -> list[Text]:
    """Give what a slip says of its ticket in the centre's own names: the priority, then the counters that serve it."""
    priority = hall.centre.priorities.get(ticket.priority)
    labels = [hall.centre.counters[counter].label for counter in hall.serving_counters(ticket)]
    spoken = [lang for lang in hall.centre.card.languages if any(lang in label for label in labels)]
    counters = {lang: " · ".join(pick(label, lang) for label in labels) for lang in spoken}
    named = [priority.name] if priority is not None and priority.id != NORMAL else []
    return [*named, *([counters] if counters else [])]


def touched(hall: Hall, events: Iterable[Event]) -> tuple[set[str], set[str], set[str]]:
    """Give the counters, services and zones whose states events may have changed; ask it after they are applied."""
    counters: set[str] = set()
    services: set[str] = set()
    for event in events:
        if event.type == "config_published":
            return set(hall.counters), set(hall.services), set(hall.centre.zones)
        for found, key in ((services, "service"), (services, "was_service"), (counters, "counter")):
            if event.data.get(key) is not None:
                found.add(event.data[key])
    for one in hall.centre.counter:
        if one.id in counters:
            services.update(one.services)  # their waits follow from who is open
    bound = {one.id for one in hall.centre.counter if not services.isdisjoint(one.services)}
    counters = (counters | bound) & set(hall.counters)
    services &= set(hall.services)
    zones = {one.zone for one in hall.centre.counter if one.id in counters}
    return counters, services, zones
