"""Giving a number, or taking one over that a kiosk gave while nobody answered (contract 4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Kind, Origin, Status
from controller.domain.decision.call_ticket import call_at_once
from controller.domain.decision.decision import PrintSlip
from controller.domain.events import EventType
from controller.domain.numbers.numbering import next_number
from controller.domain.queue.evolve import day_of
from controller.domain.queue.hall import PERSON
from controller.domain.queue.ticket import NotifiedWait, Ticket
from controller.domain.queue.ticket_record import changed
from controller.domain.queue.views import slip_of, ticket_view

if TYPE_CHECKING:
    from controller.domain.commands import Issue, Offline
    from controller.domain.decision.builder import DecisionBuilder
    from controller.domain.decision.decision import Decision
    from controller.domain.queue.hall import Hall


def issue(builder: DecisionBuilder, command: Issue) -> Decision:
    """Give a number now."""
    check_words(builder, command)
    if command.device is not None and (command.device, command.request) in builder.hall.voided:
        raise RefusedError(Code.EXPIRED, "the kiosk has given this request up")
    check_printer(builder, command.printer)
    check_open(builder, command.service)
    check_rate(builder, command.device)
    check_person(builder, command)
    serial, number = next_number(builder.hall, command.service)
    ticket = tell_issued(builder, command, number, serial=serial)
    if command.printer is not None:
        print_slip(builder, ticket.id, command.printer, command.request, copy=False)
    answer: dict[str, Any] = {}
    if _passes_closing(builder, ticket) and builder.centre.closing.estimate_passes == "warn":
        answer["warning"] = "estimate_passes_closing"
    return builder.decision(
        lambda hall: {"ticket": view(hall, ticket.id, builder.now), **answer, **own_series(hall, command.device)}
    )


def view(hall: Hall, ticket: str, now: int) -> Any:  # noqa: ANN401 - a payload inside an answer
    """Give a ticket of today for an answer."""
    return ticket_view(hall, hall.tickets[ticket], now)


def own_series(hall: Hall, device: str | None) -> dict[str, Any]:
    """Tell a kiosk its last own number of today: with another disk than then it could not know it."""
    kiosk = hall.centre.devices.get(device or "")
    last = hall.offline.get(kiosk.offline or "") if kiosk is not None else None
    return {} if last is None else {"series": {"day": str(hall.day), "last": last}}


def check_words(builder: DecisionBuilder, command: Issue) -> None:
    """Refuse an unknown service, and a priority that is unknown or not the sender's to grant."""
    if command.service not in builder.centre.services:
        raise RefusedError(Code.UNKNOWN_SERVICE, f"there is no service {command.service!r}")
    priority = builder.centre.priorities.get(command.priority)
    if priority is None:
        raise RefusedError(Code.BAD_REQUEST, f"there is no priority {command.priority!r}")
    if priority.grant == "staff" and not command.staff:
        raise RefusedError(Code.NOT_ALLOWED, f"only staff may grant priority {priority.id}")


def check_printer(builder: DecisionBuilder, printer: str | None) -> None:
    """Refuse a printer that is not configured (`not_found`) or is another kind of device (`bad_request`)."""
    if printer is None:
        return
    device = builder.centre.devices.get(printer)
    if device is None:
        raise RefusedError(Code.NOT_FOUND, f"there is no printer {printer[:32]!r}")
    if device.kind is not Kind.PRINTER:
        raise RefusedError(Code.BAD_REQUEST, f"{printer} is a {device.kind}, not a printer")


def check_open(builder: DecisionBuilder, service: str) -> None:
    """Refuse outside the opening hours and beyond the quotas."""
    closed = builder.centre.calendar.accepts(builder.now, service)
    if closed is not None:
        raise RefusedError(closed, f"{service} gives no numbers at this time")
    quota, given = builder.centre.services[service].daily_quota, builder.hall.services[service].issued
    if quota is not None and given >= quota:
        raise RefusedError(Code.QUOTA_REACHED, f"{service} gives {quota} numbers a day")
    left = _left_at_counters(builder, service)
    if left is not None and builder.hall.waiting_for(service) >= left:
        raise RefusedError(Code.QUOTA_REACHED, f"the counters that serve {service} have no place left today")


def check_rate(builder: DecisionBuilder, kiosk: str | None) -> None:
    """Refuse a number to a kiosk that has given as many within the last minute as people could have asked for.

    Not `try_again`, on which the kiosk would give a number of its own.
    """
    most, given = builder.centre.limits.tickets_per_minute, builder.hall.given_at.get(kiosk or "", ())
    if most is not None and len(given) >= most and given[-most] > builder.now - 60_000:
        raise RefusedError(Code.TOO_MANY_TICKETS, f"{kiosk} gives {most} numbers a minute")


def check_person(builder: DecisionBuilder, command: Issue) -> None:
    """Refuse a second number of the day to a person; one that was taken back does not count."""
    if command.person is None or command.service not in builder.centre.card_services:
        return
    known = builder.hall.by_person(command.person)
    if known is not None and known.status is not Status.CANCELLED:
        raise RefusedError(Code.TOO_MANY_TICKETS, f"{command.service} gives one number a person and day")


def _left_at_counters(builder: DecisionBuilder, service: str) -> int | None:
    """Count the calls that the counters of a service may still make today; None when one of them has no quota."""
    left = 0
    for name in builder.centre.counters_of[service]:
        quota = builder.centre.counters[name].daily_quota
        if quota is None:
            return None
        left += max(0, quota - builder.hall.counters[name].served)
    return left if builder.centre.counters_of[service] else None


def tell_issued(
    builder: DecisionBuilder, command: Issue, number: str, *, serial: int | None, offline: Offline | None = None
) -> Ticket:
    """Tell that a ticket was issued; gives it as it is after that."""
    ticket = new_ticket(builder, command, number)
    if offline is not None:
        ticket = changed(ticket, issued_at=offline.at)
    else:
        found = builder.hall.estimator.estimate(builder.hall, ticket.service, builder.now, ticket)
        ticket.told = None if found is None else NotifiedWait(found.expected_s, found.low_s, found.high_s)
        if (
            not command.staff
            and _passes_closing(builder, ticket)
            and builder.centre.closing.estimate_passes == "refuse"
        ):
            raise RefusedError(Code.SERVICE_CLOSED, f"{ticket.service} will close before this ticket's turn")
    keep_apart(builder, ticket, command)
    builder.tell_ticket(
        EventType.ISSUED, ticket,
        serial=serial, printer=command.printer if offline is None else None, officer=command.officer, reason=None,
        replaces=None if offline is None else offline.replaces, dossier=dossier_is_valid(builder, command.dossier),
    )  # fmt: skip
    return call_at_once(builder, ticket)


def new_ticket(builder: DecisionBuilder, command: Issue, number: str) -> Ticket:
    """Give a ticket that is about to wait."""
    languages = builder.centre.card.languages
    series = builder.centre.services[command.service].series if command.offline is None else number.partition("-")[0]
    return Ticket(
        id=builder.moment.new_id(),
        seq=len(builder.hall.tickets) + 1,
        number=number,
        series=series,
        service=command.service,
        priority=command.priority,
        channel=command.origin if command.offline is None else Origin.OFFLINE,
        lang=command.lang if command.lang in languages else languages[0],
        issued_at=builder.now,
        joined_at=builder.now,
        status=Status.WAITING,
        token=builder.moment.new_token() if command.offline is None else command.offline.token,
        device=command.device,
        request=command.request,
    )


def keep_apart(builder: DecisionBuilder, ticket: Ticket, command: Issue) -> None:
    """Keep a ticket's token and dossier, and the mark of its person while it is of use, out of its event."""
    builder.keep("token", ticket.id, ticket.token)
    builder.keep("dossier", ticket.id, command.dossier)
    if command.service in builder.centre.card_services and day_of(builder.hall, ticket.issued_at) == builder.hall.day:
        builder.keep(PERSON, ticket.id, command.person)


def dossier_is_valid(builder: DecisionBuilder, dossier: str | None) -> bool | None:
    """Tell whether a dossier code looks as it should; it never blocks. None without one, or without a pattern."""
    pattern = builder.centre.dossier.usable if builder.centre.dossier is not None else None
    return None if dossier is None or pattern is None else pattern.fits(dossier)


def _passes_closing(builder: DecisionBuilder, ticket: Ticket) -> bool:
    closes = builder.centre.calendar.closes_at(builder.now, ticket.service)
    return ticket.told is not None and closes is not None and builder.now + ticket.told.expected_s * 1000 > closes


def print_slip(builder: DecisionBuilder, ticket: str, printer: str, request: str | None, *, copy: bool) -> None:
    """Have a ticket's slip printed."""
    now = builder.now

    def effect(hall: Hall) -> PrintSlip:
        found = hall.tickets[ticket]
        shown = ticket_view(hall, found, now)
        return PrintSlip(printer, request, shown, slip_of(hall, found, copy=copy))

    builder.then(effect)


def with_time(offline: Offline, now: int) -> Offline:
    """Give an offline number with its instant between the kiosk's last answered request and now."""
    return replace(offline, at=min(max(offline.at, offline.not_before or 0), now))
