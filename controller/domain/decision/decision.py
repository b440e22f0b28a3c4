"""What a decision gives: events to write, secrets to keep apart, effects to carry out once it is on disk."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from broker.contract.payloads import Call, Elsewhere, Payload, Slip, Ticket
    from controller.domain.centre.centre import Centre
    from controller.domain.events import Event
    from controller.domain.queue.hall import Hall


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """The world as handed to the rules: `now` in ms since 1970 UTC, fresh ids (UUID) and tokens (22 characters)."""

    now: int
    new_id: Callable[[], str]
    new_token: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that may not stand in an event: kept in a table of its own, with a purge date.

    `what` is `token`, `dossier`, `person`, `note`, `reason` or `comment`; `subject` is the id of the ticket or rating.
    """

    what: str
    subject: str
    value: str


@dataclass(frozen=True, slots=True)
class PrintSlip:
    """Have a slip printed. `printer` is a device; `request` is the id that made it, if a device asked."""

    printer: str
    request: str | None
    ticket: Ticket
    slip: Slip


@dataclass(frozen=True, slots=True)
class NotifyKiosk:
    """Tell a kiosk what became of a slip that was printed for it (command `printed`), and where, if not at its own."""

    kiosk: str
    ticket: str
    ok: bool | None
    error: str | None
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True, slots=True)
class Announce:
    """Say a call to signs, boards and voices, once."""

    call: Call


Effect = PrintSlip | NotifyKiosk | Announce


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of a command.

    `answer` is asked after the events have been applied, so that it shows the state after them; its payload is what
    a reply carries. A decision without events changed nothing. `effects` is asked right after too, before anything else
    is decided. `centres` are configurations by version that the events name: `Hall.centres` takes them first.
    """

    events: tuple[Event, ...]
    answer: Callable[[Hall], Payload | dict[str, Any]]
    secrets: tuple[Secret, ...] = ()
    effects: Callable[[Hall], tuple[Effect, ...]] | None = None
    centres: Mapping[int, Centre] = field(default_factory=dict)

    def after(self, events: Iterable[Event]) -> Decision:
        """Give this decision with events that come before its own."""
        return replace(self, events=(*events, *self.events))
