"""Putting another configuration in force; what is in use cannot be removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import CounterStatus
from controller.domain.events import EventType
from controller.domain.queue.ticket import LIVING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controller.domain.commands import PublishCentre
    from controller.domain.decision.builder import DecisionBuilder
    from controller.domain.decision.decision import Decision


def publish(builder: DecisionBuilder, command: PublishCentre) -> Decision:
    """Put a version of the configuration in force."""
    held = sorted(set(_held(builder, command)))
    if held:
        raise RefusedError(Code.BAD_STATE, f"still in use: {', '.join(held)}")
    builder.tell(
        EventType.CONFIG_PUBLISHED,
        {"version": command.version, "officer": command.officer, "counter": None, "reason": None},
    )
    builder.centres[command.version] = command.centre
    return builder.decision(lambda _: {"version": command.version})


def _held(builder: DecisionBuilder, command: PublishCentre) -> Iterator[str]:
    """Give what is in use and not in the next configuration."""
    centre = command.centre
    for ticket in builder.hall.tickets.values():
        if ticket.status not in LIVING:
            continue
        if ticket.service not in centre.services:
            yield f"service {ticket.service}"
        if ticket.priority not in centre.priorities:
            yield f"priority {ticket.priority}"
        kind, _, name = ticket.to.partition(":")
        if kind == "counter" and name not in centre.counters:
            yield f"counter {name}"
    for counter in builder.hall.counters.values():
        if counter.status is not CounterStatus.CLOSED and counter.id not in centre.counters:
            yield f"counter {counter.id}"
