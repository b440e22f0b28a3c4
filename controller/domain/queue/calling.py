"""The order of calls (contract 13): who is next at a counter, why, and who came second.

Only the heads of lines are compared (see `line`), so a call costs the same with ten tickets waiting and with thousands.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from controller.domain.centre.model import NORMAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from controller.domain.queue.counter import Counter
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.line import Line, Rank
    from controller.domain.queue.ticket import Ticket


class Rule(StrEnum):
    """What decided a call."""

    IN_A_ROW = "in_a_row"  # enough priority tickets in a row: without this rule another ticket had been called
    LISTED = "listed"  # the counter prefers the services listed first: without this rule another had been called
    TARGET = "target"  # past its target, and due first
    SCORE = "score"  # the highest score
    MANUAL = "manual"  # an officer asked for this number
    WALK_IN = "walk_in"  # served without having waited
    CONTINUED = "continued"  # the next service of the same visit


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is called and why; `second` would have been called if the chosen one had not been there."""

    ticket: Ticket
    rule: Rule
    score: float
    second: Ticket | None


class _Head(NamedTuple):
    rank: Rank
    ticket: Ticket
    line: Line
    is_priority: bool
    listed: int


def eligible_lines(hall: Hall, counter: Counter) -> list[tuple[Line, int]]:
    """Give the lines that a counter may call from, each with the place of its service in the counter's list."""
    services = hall.services_at(counter)
    found = [(line, place) for place, one in enumerate(services) for line in hall.lines.free_of.get(one, ())]
    bindings = [f"counter:{counter.id}", *([f"officer:{counter.officer}"] if counter.officer else [])]
    for binding in bindings:
        for line in hall.lines.bound_to.get(binding, ()):
            place = services.index(line.service) if line.service in services else len(services)
            found.append((line, place))
    return [(line, place) for line, place in found if line.tickets]


def choose(hall: Hall, counter: Counter, now: int) -> Choice | None:
    """Give the ticket that a counter calls next, or None when nobody waits for it."""
    lines = eligible_lines(hall, counter)
    if not lines:
        return None
    heads = [_head(line, 0, place, now) for line, place in lines]
    in_a_row = counter.run >= hall.centre.calling.most_priority_in_a_row
    prefers = hall.centre.counters[counter.id].prefer == "listed"
    first = _best(heads, in_a_row=in_a_row, prefers=prefers)
    if in_a_row and first is not _best(heads, in_a_row=False, prefers=prefers):
        rule = Rule.IN_A_ROW
    elif prefers and first is not _best(heads, in_a_row=in_a_row, prefers=False):
        rule = Rule.LISTED
    else:
        rule = Rule.TARGET if first.rank[0] == 0 else Rule.SCORE
    others = [head for head in heads if head is not first]
    if len(first.line.tickets) > 1:
        others.append(_head(first.line, 1, first.listed, now))
    second = _best(others, in_a_row=in_a_row, prefers=prefers).ticket if others else None
    return Choice(first.ticket, rule, first.line.score(first.ticket.issued_at, now), second)


RULES: Final = 1
"""The version of the order of calls; every call carries it, and those without one were made by version 1.

Whoever changes whom `choose` gives, or why, raises it and keeps the function as it was under the former version:
`luot verify` decides every call again by the rules that it was made by.
"""

CHOOSERS: Final[Mapping[int, Callable[[Hall, Counter, int], Choice | None]]] = {RULES: choose}


def _head(line: Line, index: int, listed: int, now: int) -> _Head:
    ticket = line.tickets[index]
    return _Head(line.rank(ticket.issued_at, ticket.seq, now), ticket, line, line.priority != NORMAL, listed)


def _best(heads: Iterable[_Head], *, in_a_row: bool, prefers: bool) -> _Head:
    remaining = list(heads)
    if in_a_row:
        remaining = [head for head in remaining if not head.is_priority] or remaining
    if prefers:
        first = min(head.listed for head in remaining)
        remaining = [head for head in remaining if head.listed == first]
    return min(remaining, key=lambda head: head.rank)


def position(hall: Hall, ticket: Ticket, now: int) -> int:
    """Give the place of a ticket, waiting or about to wait: 1 + the tickets of its service that go before it."""
    own = hall.lines.line(ticket.service, ticket.priority, ticket.to)
    rank = own.rank(ticket.issued_at, ticket.seq, now)
    before = sum(line.before(rank, now) for line in hall.lines.of_service[ticket.service])
    return 1 + before - _stands_before_itself(hall, ticket, rank, now)


def _stands_before_itself(hall: Hall, ticket: Ticket, rank: Rank, now: int) -> bool:
    """Tell whether a ticket that is about to change lines still waits in one, before its place to come."""
    present = hall.tickets.get(ticket.id)
    if present is None or present is ticket or present.status != "waiting" or present.service != ticket.service:
        return False
    line = hall.lines.line(present.service, present.priority, present.to)
    return line.rank(present.issued_at, present.seq, now) < rank


def overtook(hall: Hall, ticket: Ticket) -> int:
    """Count the tickets of the same service that were issued earlier and wait, if this ticket is called."""
    count = 0
    for line in hall.lines.of_service.get(ticket.service, ()):
        for waiting in line.tickets:
            if (waiting.issued_at, waiting.seq) >= (ticket.issued_at, ticket.seq):
                break
            count += 1
    return count


def overtaken(hall: Hall, ticket: Ticket) -> int:
    """Count the calls of later issued tickets of its service since a ticket began to wait."""
    count = 0
    for visit in reversed(hall.services[ticket.service].calls):
        if visit.called_at < ticket.joined_at:
            break
        other = hall.tickets[visit.ticket]
        if (other.issued_at, other.seq) > (ticket.issued_at, ticket.seq):
            count += 1
    return count
