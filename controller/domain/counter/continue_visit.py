"""A visit that goes on: with another service, with another officer; and somebody served without a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Origin
from controller.domain.commands import Issue
from controller.domain.counter.end import end_in_hand, in_hand_at
from controller.domain.counter.open import leave_other
from controller.domain.decision.call_ticket import CallReason, put_in_hand
from controller.domain.events import EventType
from controller.domain.numbers.numbering import next_number
from controller.domain.queue.calling import Rule
from controller.domain.queue.ticket_record import changed
from controller.domain.requests.issue import check_words, keep_apart, new_ticket

if TYPE_CHECKING:
    from controller.domain.commands import CounterCommand
    from controller.domain.decision.builder import CounterAction, DecisionBuilder
    from controller.domain.queue.counter import Counter
    from controller.domain.queue.ticket import Ticket


def continue_visit(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:
    """Go on with another service for the same person: one visit is done, the next is being served at once."""
    ticket = in_hand_at(builder, counter)
    if command.service is None:
        raise RefusedError(Code.BAD_REQUEST, "go on with which service?")
    if command.service not in builder.centre.services:
        raise RefusedError(Code.UNKNOWN_SERVICE, f"there is no service {command.service[:32]!r}")
    deed = builder.deed("continue", counter)
    done = end_in_hand(builder, deed, ticket, command)
    _serve(builder, deed, changed(done, service=command.service, to=""), CallReason(Rule.CONTINUED))


def walk_in(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:
    """Serve somebody without a ticket at once, under the next number of the service, without a slip."""
    if command.service is None:
        raise RefusedError(Code.BAD_REQUEST, "served for which service?")
    asked = Issue(
        service=command.service, origin=Origin.RECEPTION, priority=command.priority, staff=True, lang=command.lang,
        officer=command.officer or counter.officer,
    )  # fmt: skip
    check_words(builder, asked)
    serial, number = next_number(builder.hall, command.service)
    deed, in_hand = builder.deed("walk_in", counter), builder.hall.in_hand(counter)
    if in_hand is not None:
        end_in_hand(builder, deed, in_hand, command)
    ticket = new_ticket(builder, asked, number)
    keep_apart(builder, ticket, asked)
    builder.tell_ticket(
        EventType.ISSUED, ticket,
        serial=serial, printer=None, officer=asked.officer, reason="walk_in", replaces=None, dossier=None,
    )  # fmt: skip
    _serve(builder, deed, ticket, CallReason(Rule.WALK_IN))


def _serve(builder: DecisionBuilder, deed: CounterAction, ticket: Ticket, reason: CallReason) -> None:
    called = put_in_hand(builder, deed, ticket, reason)
    builder.move_at(deed, EventType.STARTED, called, {"started_at": builder.now}, visit=called.visit)


def hand_over(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:
    """Let another officer go on with the visit in hand; the counter is theirs from then on."""
    if not command.to_officer or command.to_officer == counter.officer:
        raise RefusedError(Code.BAD_REQUEST, "hand over to which other officer?")
    leave_other(builder, counter, command.to_officer)
    ticket = in_hand_at(builder, counter)
    builder.tell_counter(
        EventType.COUNTER_OPENED, counter, command.to_officer,
        reason="hand_over", was_officer=counter.officer, visit=ticket.visit,
    )  # fmt: skip
