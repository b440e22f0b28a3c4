"""The order of calls once more, written naively from contract 13 alone: all tickets compared, nothing kept in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.ticket import Ticket


class NaiveChoice(NamedTuple):
    """Who is called, by which rule, with which score, and who came second."""

    ticket: Ticket
    rule: str
    score: float
    second: Ticket | None


def is_eligible(hall: Hall, ticket: Ticket, counter: str) -> bool:
    """Those waiting for its services, and those transferred to it or to its officer."""
    told, state = hall.centre.counters[counter], hall.counters[counter]
    if ticket.status != "waiting":
        return False
    if ticket.to:
        return ticket.to in (f"counter:{counter}", f"officer:{state.officer}")
    limited = [one for one in hall.centre.officer if one.user == state.officer]
    return ticket.service in told.services and all(ticket.service in one.services for one in limited)


def run_of(hall: Hall, counter: str, calls: list[tuple[str, bool]]) -> bool:
    """Tell whether the last k calls of a counter, as (counter, priority) in order, were all of priority tickets."""
    k = hall.centre.calling.most_priority_in_a_row
    own = [priority for where, priority in calls if where == counter]
    return len(own) >= k and all(own[-k:])


def weight_of(hall: Hall, ticket: Ticket) -> float:
    """The weight of its class and of its service."""
    classes = {one.id: one.weight for one in hall.centre.priority} | {"normal": 1.0}
    services = {one.id: one.weight for one in hall.centre.service}
    return classes[ticket.priority] * services[ticket.service]


def due_of(hall: Hall, ticket: Ticket) -> int | None:
    """When it passes its target: its priority's, else its service's."""
    classes = {one.id: one.target_wait_min for one in hall.centre.priority}
    services = {one.id: one.target_wait_min for one in hall.centre.service}
    minutes = classes.get(ticket.priority)
    minutes = services[ticket.service] if minutes is None else minutes
    return None if minutes is None else ticket.issued_at + round(minutes * 60_000)


def narrowed(hall: Hall, tickets: list[Ticket], counter: str, *, row: bool, listed: bool) -> list[Ticket]:
    """Rules 1 and 2."""
    if row and any(ticket.priority == "normal" for ticket in tickets):
        tickets = [ticket for ticket in tickets if ticket.priority == "normal"]
    if listed:
        for service in hall.centre.counters[counter].services:
            limited = [one for one in hall.centre.officer if one.user == hall.counters[counter].officer]
            if any(service not in one.services for one in limited):
                continue
            if any(ticket.service == service for ticket in tickets):
                return [ticket for ticket in tickets if ticket.service == service]
    return tickets


def best(hall: Hall, tickets: list[Ticket], now: int) -> Ticket:
    """Rules 3 and 4."""
    late = [ticket for ticket in tickets if (due := due_of(hall, ticket)) is not None and now >= due]
    if late:
        return min(late, key=lambda one: (due_of(hall, one), one.issued_at, one.seq))
    return min(tickets, key=lambda one: (-weight_of(hall, one) * (now - one.issued_at), one.issued_at, one.seq))


def naive_next(hall: Hall, counter: str, now: int, calls: list[tuple[str, bool]]) -> NaiveChoice | None:
    """Give the choice of a counter that presses next; `calls` are the calls of the day, undone ones left out."""
    tickets = [ticket for ticket in hall.tickets.values() if is_eligible(hall, ticket, counter)]
    if not tickets:
        return None
    row, listed = run_of(hall, counter, calls), hall.centre.counters[counter].prefer == "listed"

    def pick(among: list[Ticket], *, by_row: bool, by_list: bool) -> Ticket:
        return best(hall, narrowed(hall, among, counter, row=by_row, listed=by_list), now)

    first = pick(tickets, by_row=row, by_list=listed)
    due = due_of(hall, first)
    rule = "score" if due is None or now < due else "target"
    if row and pick(tickets, by_row=False, by_list=listed) is not first:
        rule = "in_a_row"
    elif listed and pick(tickets, by_row=row, by_list=False) is not first:
        rule = "listed"
    others = [ticket for ticket in tickets if ticket is not first]
    second = pick(others, by_row=row, by_list=listed) if others else None
    return NaiveChoice(first, rule, weight_of(hall, first) * (now - first.issued_at), second)
