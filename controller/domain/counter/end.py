"""The ways in which a visit ends: finish, no_show, park, transfer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from broker.contract.errors import Code, RefusedError
from controller.domain.decision.call_ticket import call_at_once
from controller.domain.events import EventType

if TYPE_CHECKING:
    from controller.domain.commands import CounterCommand
    from controller.domain.decision.builder import CounterAction, DecisionBuilder
    from controller.domain.queue.counter import Counter
    from controller.domain.queue.ticket import Ticket, Visit


def in_hand_at(builder: DecisionBuilder, counter: Counter) -> Ticket:
    """Give the ticket in hand, `bad_state` when there is none."""
    ticket = builder.hall.in_hand(counter)
    if ticket is None:
        raise RefusedError(Code.BAD_STATE, f"counter {counter.id} has nobody in hand")
    return ticket


def result_of(builder: DecisionBuilder, command: CounterCommand) -> dict[str, Any]:
    """Give what came of the visit: a configured code and how many transactions; else `bad_request`."""
    if command.outcome is not None and command.outcome not in {one.code for one in builder.centre.outcome}:
        raise RefusedError(Code.BAD_REQUEST, f"there is no outcome {command.outcome[:32]!r}")
    if command.quantity is not None and not 1 <= command.quantity <= 999:
        raise RefusedError(Code.BAD_REQUEST, "the quantity is from 1 to 999")
    return {"result": command.outcome, "quantity": command.quantity}


def end_in_hand(builder: DecisionBuilder, deed: CounterAction, ticket: Ticket, command: CounterCommand) -> Ticket:
    """End the visit in hand as done, as part of an action; gives the ticket after it."""
    return builder.move_at(
        deed, EventType.FINISHED, ticket, {"ended_at": builder.now},
        visit=ticket.visit, **result_of(builder, command),
    )  # fmt: skip


def finish(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:
    """End the visit in hand as done, also when nobody pressed start."""
    end_in_hand(builder, builder.deed("finish", counter), in_hand_at(builder, counter), command)


def recalled_too_soon(builder: DecisionBuilder, visit: Visit) -> bool:
    """Tell whether the configured pause since the last time that a number was called out has not passed."""
    return builder.now - visit.recalled_at < builder.centre.calling.recall_pause_s * 1000


def no_show(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:  # noqa: ARG001 - all actions are called alike
    """Note that the person called did not come, once they were called out as often as the centre asks for."""
    ticket = in_hand_at(builder, counter)
    visit, least = builder.hall.visits[ticket.visit or ""], builder.centre.calling.recalls_before_no_show
    if visit.recall < least:
        raise RefusedError(Code.BAD_STATE, f"{ticket.number} must be recalled {least} times first")
    if least and recalled_too_soon(builder, visit):
        raise RefusedError(Code.BAD_STATE, f"{ticket.number} was called out just now; give them time to come")
    end_no_show(builder, counter, ticket)


def end_no_show(builder: DecisionBuilder, counter: Counter, ticket: Ticket, reason: str | None = None) -> None:
    """Tell of a no-show."""
    deed = builder.deed("no_show", counter)
    builder.move_at(deed, EventType.NO_SHOW, ticket, {"ended_at": builder.now}, visit=ticket.visit, reason=reason)


def park(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:
    """Set the ticket aside; with minutes, it waits again by itself after them."""
    if command.minutes is not None and not 1 <= command.minutes <= 24 * 60:
        raise RefusedError(Code.BAD_REQUEST, "a ticket is parked for 1 to 1440 minutes")
    ticket = in_hand_at(builder, counter)
    until = None if command.minutes is None else builder.now + command.minutes * 60_000
    builder.keep("note", ticket.visit or "", command.note)
    builder.move_at(
        builder.deed("park", counter), EventType.PARKED, ticket, {"park_until": until}, visit=ticket.visit,
        reason=builder.reason(command.reason, ticket.visit or ""),
    )  # fmt: skip


def transfer(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:
    """Send the ticket on to a service, a counter or an officer; it waits at once with its first issue time."""
    ticket = in_hand_at(builder, counter)
    service, to = _destination(builder, ticket, command)
    builder.keep("note", ticket.visit or "", command.note)
    after = builder.move_at(
        builder.deed("transfer", counter), EventType.TRANSFERRED, ticket,
        {"service": service, "to": to, "joined_at": builder.now, "transfers": ticket.transfers + 1},
        visit=ticket.visit, was_service=ticket.service, has_note=command.note is not None,
        reason=builder.reason(command.reason, ticket.visit or ""),
    )  # fmt: skip
    call_at_once(builder, after)


def _destination(builder: DecisionBuilder, ticket: Ticket, command: CounterCommand) -> tuple[str, str]:
    named = [one for one in (command.service, command.to_counter, command.to_officer) if one is not None]
    if len(named) != 1:
        raise RefusedError(Code.BAD_REQUEST, "a ticket is transferred to a service, to a counter or to an officer")
    if command.service is not None:
        if command.service not in builder.centre.services:
            raise RefusedError(Code.UNKNOWN_SERVICE, f"there is no service {command.service[:32]!r}")
        return command.service, ""
    if command.to_counter is not None:
        if command.to_counter not in builder.centre.counters:
            raise RefusedError(Code.NOT_FOUND, f"there is no counter {command.to_counter[:32]!r}")
        return ticket.service, f"counter:{command.to_counter}"
    return ticket.service, f"officer:{command.to_officer}"
