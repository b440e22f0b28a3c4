"""A decision in the making: the events, secrets and effects that the rules collect."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from controller.domain.decision.decision import Decision, Secret
from controller.domain.events import Event, EventType
from controller.domain.queue.ticket import moved
from controller.domain.queue.ticket_record import changed, flatten

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.payloads import Payload
    from controller.domain.centre.centre import Centre
    from controller.domain.decision.decision import DecisionContext, Effect
    from controller.domain.queue.counter import Counter
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.ticket import Ticket

CODE: Final = re.compile(r"^[a-z0-9][a-z0-9_-]{0,31}$")
OTHER: Final = "other"
"""Stands in an event for a reason in somebody's own words, which are kept apart."""


@dataclass(slots=True)
class CounterAction:
    """One action at a counter: its events share the id, so that it can be taken back as one."""

    name: str
    id: str
    counter: Counter


@dataclass(slots=True)
class DecisionBuilder:
    """What has been decided so far. `now` never lies before the last event of the hall."""

    hall: Hall
    moment: DecisionContext
    now: int
    events: list[Event] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)
    effects: list[Callable[[Hall], Effect | None]] = field(default_factory=list)
    centres: dict[int, Centre] = field(default_factory=dict)

    @property
    def centre(self) -> Centre:
        """Give the configuration in force."""
        return self.hall.centre

    def deed(self, name: str, counter: Counter) -> CounterAction:
        """Begin an action at a counter."""
        return CounterAction(name, self.moment.new_id(), counter)

    def tell(self, kind: EventType, data: dict[str, Any], at: int | None = None) -> None:
        """Add an event, dated now unless said otherwise."""
        self.events.append(Event(kind, self.now if at is None else at, data))

    def tell_ticket(self, kind: EventType, after: Ticket, **further: Any) -> None:  # noqa: ANN401 - JSON
        """Add an event about a ticket as it is after it."""
        self.tell(kind, flatten(self.hall, after, self.now, **further))

    def tell_counter(self, kind: EventType, counter: Counter, officer: str | None, **further: Any) -> None:  # noqa: ANN401 - JSON
        """Add an event about a counter."""
        self.tell(kind, {"counter": counter.id, "officer": officer, "reason": None, **further})

    def move(self, kind: EventType, ticket: Ticket, fields: dict[str, Any], **further: Any) -> Ticket:  # noqa: ANN401 - JSON
        """Move a ticket by an event, `bad_state` when its state does not allow it; gives the ticket after it."""
        after = changed(ticket, status=moved(ticket, kind), **fields)
        self.tell_ticket(kind, after, **further)
        return after

    def move_at(
        self,
        deed: CounterAction,
        kind: EventType,
        ticket: Ticket,
        fields: dict[str, Any],
        **further: Any,  # noqa: ANN401 - JSON
    ) -> Ticket:
        """Move a ticket by an action at a counter."""
        counter = deed.counter
        said = {"counter": counter.id, "officer": counter.officer, "reason": None, "action": deed.name, "act": deed.id}
        fields = fields | {"counter": counter.id, "officer": counter.officer}
        return self.move(kind, ticket, fields, **(said | further))

    def keep(self, what: str, subject: str, value: str | None) -> None:
        """Keep something that may not stand in an event."""
        if value is not None:
            self.secrets.append(Secret(what, subject, value))

    def reason(self, words: str | None, subject: str) -> str | None:
        """Give the code that stands in an event for a reason; other words than a code are kept apart."""
        if words is None or not words.strip():
            return None
        if CODE.match(words):
            return words
        self.keep("reason", subject, words)
        return OTHER

    def then(self, effect: Callable[[Hall], Effect | None]) -> None:
        """Have an effect carried out once all is on disk."""
        self.effects.append(effect)

    def decision(self, answer: Callable[[Hall], Payload | dict[str, Any]]) -> Decision:
        """Close the draft."""
        effects = tuple(self.effects)

        def carry_out(hall: Hall) -> tuple[Effect, ...]:
            return tuple(found for effect in effects if (found := effect(hall)) is not None)

        return Decision(tuple(self.events), answer, tuple(self.secrets), carry_out if effects else None, self.centres)
