"""Taking a counter's last action back: within 15 s, once, unless somebody else has gone on from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import CounterStatus
from controller.domain.events import EventType
from controller.domain.queue.ticket_record import changed

if TYPE_CHECKING:
    from controller.domain.commands import CounterCommand
    from controller.domain.decision.builder import DecisionBuilder
    from controller.domain.queue.counter import Counter
    from controller.domain.queue.ticket import Ticket

WINDOW_MS: Final = 15_000


def undo(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:  # noqa: ARG001 - all actions are called alike
    """Take back the last next, call, finish, no_show, park or transfer: tickets, visits and places are as before."""
    point = counter.undo
    if point is None or not point.tickets or builder.now - point.at > WINDOW_MS:
        raise RefusedError(Code.BAD_STATE, f"counter {counter.id} has nothing to take back")
    for moved, (_, _, image) in point.tickets.items():
        _check_untouched(builder, builder.hall.tickets[moved], point.versions[moved], image)
    if counter.status is CounterStatus.PAUSED:
        builder.tell_counter(EventType.COUNTER_RESUMED, counter, counter.officer, reason="undo")
    deed = builder.deed("undo", counter)
    for name, (did, visit, image) in reversed(point.tickets.items()):
        ticket = builder.hall.tickets[name]
        builder.tell_ticket(
            EventType.UNDONE, changed(ticket, **image),
            counter=counter.id, officer=counter.officer, reason=None, action=deed.name, act=deed.id,
            visit=visit, undid=did, was_service=ticket.service,
        )  # fmt: skip


def _check_untouched(builder: DecisionBuilder, ticket: Ticket, version: int, image: dict[str, Any]) -> None:
    touched = ticket.version != version or builder.hall.by_number(ticket.number) is not ticket
    gone = image["service"] not in builder.centre.services or image["priority"] not in builder.centre.priorities
    if touched or gone:
        raise RefusedError(Code.BAD_STATE, f"{ticket.number} has gone on since")
