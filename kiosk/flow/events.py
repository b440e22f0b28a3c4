"""What can happen to a kiosk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from broker.contract.payloads import ServiceState, Text, Ticket
    from kiosk.flow.actions import (
        Action,
    )
    from kiosk.flow.config import KioskConfig
    from kiosk.flow.keys import Key
    from kiosk.flow.procedure_list import Book
    from kiosk.flow.rejected_tickets import RefusedNumber
    from kiosk.flow.series import Series
    from kiosk.flow.state import About


@dataclass(frozen=True, slots=True)
class PinChecked:
    """A PIN was looked at: whether it is the staff's, and the seconds until another may be tried."""

    request: str
    ok: bool
    left_s: float = 0.0


@dataclass(frozen=True, slots=True)
class LookedAround:
    """How the kiosk is."""

    about: About


@dataclass(frozen=True, slots=True)
class TrialEnded:
    """What became of a test slip."""

    request: str
    ok: bool | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A finger did something."""

    action: Action


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scanner read a code; empty when it read one that is refused.

    `text` is in the layout that scanners use, `typed` what it was in the layout of the computer.
    """

    text: str = field(repr=False)
    typed: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A person pressed a key of a keyboard."""

    key: Key


@dataclass(frozen=True, slots=True)
class Configured:
    """The configuration came, or (None) was taken away."""

    config: KioskConfig | None


@dataclass(frozen=True, slots=True)
class ServiceChanged:
    """The state of a service came, or (None) was taken away."""

    service: str
    state: ServiceState | None


@dataclass(frozen=True, slots=True)
class CounterChanged:
    """The label of a counter came, or (None) the counter was taken away."""

    counter: str
    label: Text | None


@dataclass(frozen=True, slots=True)
class PrinterAttached:
    """This process drives the kiosk's printer, or does not."""

    there: bool


@dataclass(frozen=True, slots=True)
class LiveChanged:
    """The controller is heard, or has not been for 15 s."""

    live: bool


@dataclass(frozen=True, slots=True)
class Replied:
    """A request was answered: a result, or the code of the refusal."""

    request: str
    result: Mapping[str, Any] | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class VoidAnswered:
    """The own printer will not print for a request, or (begun) already did or does; then its ticket where known."""

    request: str
    begun: bool
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class SlipEnded:
    """What became of a ticket's slip; `elsewhere` is what people call the other printer that has it."""

    ticket: str
    ok: bool | None
    error: str | None = None
    elsewhere: Text | None = None


@dataclass(frozen=True, slots=True)
class OfflineSubmitted:
    """An offline number was taken in by the controller."""

    number: str
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class OfflineRejected:
    """An offline number was refused by the controller for good."""

    refused: RefusedNumber


@dataclass(frozen=True, slots=True)
class SeriesLearned:
    """The controller said which number of this kiosk's own series is the last that it knows."""

    series: Series


@dataclass(frozen=True, slots=True)
class ProceduresChanged:
    """The procedures to read: those on disk, or those that the controller has."""

    book: Book


@dataclass(frozen=True, slots=True)
class DiskChanged:
    """The kiosk's disk takes own numbers, or does not; `stored` are those that it has taken since."""

    takes: bool
    stored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identify:
    """Somebody wants to see which device this is."""


Event = (
    Tick | Touched | Scanned | Pressed | Configured | ServiceChanged | CounterChanged | PrinterAttached | LiveChanged
    | Replied | VoidAnswered | SlipEnded | OfflineSubmitted | OfflineRejected | Identify | ProceduresChanged
    | DiskChanged | SeriesLearned | PinChecked | LookedAround | TrialEnded
)  # fmt: skip
