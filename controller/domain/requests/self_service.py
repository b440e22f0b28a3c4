"""What a ticket's holder and its slip do: cancel, reprint, the printer's word; and staff giving it another priority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broker.contract.errors import Code, PrintError, RefusedError
from broker.contract.payloads import Elsewhere, Kind
from controller.domain.decision.decision import NotifyKiosk
from controller.domain.events import EventType
from controller.domain.queue.ticket import SlipState
from controller.domain.requests.issue import check_printer, print_slip, view

if TYPE_CHECKING:
    from controller.domain.centre.centre import Centre
    from controller.domain.centre.model import Device
    from controller.domain.commands import Cancel, Reprint, Reprioritise, SlipOutcome
    from controller.domain.decision.builder import DecisionBuilder
    from controller.domain.decision.decision import Decision
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.ticket import Ticket


def ticket_by_token(hall: Hall, token: str) -> Ticket:
    """Give today's ticket with a token, else `not_found`: of an earlier day the caller asks the store."""
    found = hall.by_token(token)
    if found is None:
        raise RefusedError(Code.NOT_FOUND, "no ticket of today has this token")
    return found


def ticket_by_number(hall: Hall, number: str | None) -> Ticket:
    """Give today's ticket with a number, else `not_found`; without a number `bad_request`."""
    if not number:
        raise RefusedError(Code.BAD_REQUEST, "which number?")
    found = hall.by_number(number)
    if found is None:
        raise RefusedError(Code.NOT_FOUND, f"nobody has the number {number[:32]!r} today")
    return found


def cancel(builder: DecisionBuilder, command: Cancel) -> Decision:
    """Take a waiting or parked ticket back."""
    ticket = ticket_by_token(builder.hall, command.token)
    builder.move(EventType.CANCELLED, ticket, {"ended_at": builder.now, "park_until": None}, officer=None, reason=None)
    return builder.decision(lambda hall: {"ticket": view(hall, ticket.id, builder.now)})


def reprint(builder: DecisionBuilder, command: Reprint) -> Decision:
    """Print a slip once more, marked as a copy: once a ticket, and not while the first slip is undecided."""
    ticket = ticket_by_token(builder.hall, command.token)
    if ticket.copied:
        raise RefusedError(Code.NOT_ALLOWED, f"{ticket.number} has been printed again already")
    if ticket.slip is SlipState.PENDING:
        raise RefusedError(Code.BAD_STATE, f"it is not yet known whether {ticket.number} was printed")
    if command.printer is None:
        raise RefusedError(Code.BAD_REQUEST, "no printer belongs to the sender")
    check_printer(builder, command.printer)
    builder.tell_ticket(
        EventType.PRINTED, ticket,
        ok=None, final=False, copy=True, error=None, printer=command.printer, kiosk=command.device, reason="asked",
    )  # fmt: skip
    print_slip(builder, ticket.id, command.printer, command.request, copy=True)
    return builder.decision(lambda hall: {"ticket": view(hall, ticket.id, builder.now)})


def slip_outcome(builder: DecisionBuilder, command: SlipOutcome) -> Decision:
    """Note what became of a slip and tell the kiosk that asked for it; what is decided stays so."""
    ticket = builder.hall.tickets.get(command.ticket)
    if ticket is None:
        raise RefusedError(Code.NOT_FOUND, "no ticket of today has this id")
    printer = command.printer or ticket.slip_printer
    if not command.copy and (ticket.slip is not SlipState.PENDING or printer != ticket.slip_printer):
        return builder.decision(lambda _: {})
    kiosk = builder.centre.devices.get(ticket.slip_kiosk or "")
    kiosk = kiosk if kiosk is not None and kiosk.kind is Kind.KIOSK else None
    other = None if kiosk is None or command.copy else fallback_of(kiosk, ticket, command)
    builder.tell_ticket(
        EventType.PRINTED, ticket,
        ok=command.ok, final=command.final, copy=command.copy, error=command.error, printer=printer,
        kiosk=None, reason=command.error, fallback=other,
    )  # fmt: skip
    if other is not None:
        print_slip(builder, ticket.id, other, ticket.request, copy=False)
    if kiosk is not None:
        where = elsewhere(builder.centre, kiosk, other or printer)
        ok = None if other is not None else command.ok
        builder.then(lambda _: NotifyKiosk(kiosk.id, ticket.id, ok, command.error, where))
    return builder.decision(lambda _: {})


def fallback_of(kiosk: Device, ticket: Ticket, command: SlipOutcome) -> str | None:
    """Give the printer that prints a slip instead; only one that is known not to be printed, and wanted still.

    A slip that expired is not wanted: the kiosk voided it and gave a number of its own, or nobody stands there now.
    """
    wanted = command.ok is False and command.final and command.error != PrintError.EXPIRED and not ticket.other_numbers
    return kiosk.fallback_printer if wanted and ticket.slip_printer == kiosk.printer else None


def elsewhere(centre: Centre, kiosk: Device, printer: str | None) -> Elsewhere | None:
    """Say where a slip is that is not at the kiosk's own printer: by the printer's label, or that of its kiosk."""
    if printer is None or printer == kiosk.printer or printer != kiosk.fallback_printer:
        return None
    there = centre.devices.get(printer)
    label = None if there is None else there.label
    around = None if there is None else centre.devices.get(there.attached or "")
    if label is None and around is not None:
        label = around.label
    return Elsewhere(printer=printer, label=label or {})


def reprioritise(builder: DecisionBuilder, command: Reprioritise) -> Decision:
    """Give a waiting ticket another priority class, with the reason."""
    ticket = ticket_by_number(builder.hall, command.number)
    if command.priority not in builder.centre.priorities:
        raise RefusedError(Code.BAD_REQUEST, f"there is no priority {command.priority!r}")
    if not command.reason.strip():
        raise RefusedError(Code.BAD_REQUEST, "another priority needs a reason")
    said = builder.reason(command.reason, f"{ticket.id}:{builder.now}")
    builder.move(
        EventType.REPRIORITISED, ticket, {"priority": command.priority},
        was=ticket.priority, officer=command.officer, reason=said,
    )  # fmt: skip
    return builder.decision(lambda hall: {"ticket": view(hall, ticket.id, builder.now)})
