"""What can happen to a kiosk, what a finger can do, and what the flow wants done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kiosk.flow.actions import AskCancel, CancelNumber, OpenSearch, TakeNumber, ToggleTelex
from kiosk.flow.procedure_actions import ReadingAction
from kiosk.flow.staff_events import (
    CheckPin,
    Leave,
    LookAround,
    LookedAround,
    OpenStaff,
    PinChecked,
    PinEnter,
    PinErase,
    PinKey,
    PrintTrial,
    TakeTask,
    TrialEnded,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from broker.contract.payloads import ServiceState, Text, Ticket
    from kiosk.flow.config import KioskConfig
    from kiosk.flow.keys import Key
    from kiosk.flow.procedure_list import Book
    from kiosk.flow.rejected_tickets import RefusedNumber
    from kiosk.flow.series import Series

# ---- what a finger can do ----


@dataclass(frozen=True, slots=True)
class Begin:
    """Start from the first screen."""


@dataclass(frozen=True, slots=True)
class GoHome:
    """Back to the first screen."""


@dataclass(frozen=True, slots=True)
class GoBack:
    """One screen back."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Answer the idle warning."""


@dataclass(frozen=True, slots=True)
class WalkAway:
    """Nobody needs this kiosk any more."""


@dataclass(frozen=True, slots=True)
class OpenModes:
    """Open the choice of how the screen shall be, or close it."""


@dataclass(frozen=True, slots=True)
class ToggleMode:
    """Choose a mode of the screen or take it back."""

    mode: str


@dataclass(frozen=True, slots=True)
class Speak:
    """Choose a language."""

    lang: str


@dataclass(frozen=True, slots=True)
class OpenLanguages:
    """Open the choice of a language, or close it."""


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """Choose a group of services."""

    group: str


@dataclass(frozen=True, slots=True)
class TakeService:
    """Choose a service, and with it ask for a number."""

    service: str


@dataclass(frozen=True, slots=True)
class OpenPriorities:
    """Open the choice of a priority."""


@dataclass(frozen=True, slots=True)
class TakePriority:
    """Choose a priority, or `normal`."""

    priority: str


@dataclass(frozen=True, slots=True)
class OpenFind:
    """Look for a slip, to see where it stands or to rate."""


@dataclass(frozen=True, slots=True)
class TypeKey:
    """A key of the keyboard on the screen."""

    key: str


@dataclass(frozen=True, slots=True)
class EraseKey:
    """Take the last key back."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """Look for the number that was typed."""


@dataclass(frozen=True, slots=True)
class GiveScore:
    """Choose a level of the question that stands."""

    score: int


@dataclass(frozen=True, slots=True)
class ToggleReason:
    """Choose a reason or take it back."""

    code: str


@dataclass(frozen=True, slots=True)
class GoOn:
    """Go on from the reasons."""


Action = (
    Begin | GoHome | GoBack | Stay | Speak | OpenGroup | TakeService | OpenPriorities | TakePriority | OpenFind
    | WalkAway | OpenModes | ToggleMode | TypeKey | EraseKey | LookUp | GiveScore | ToggleReason | GoOn
    | OpenStaff | PinKey | PinErase | PinEnter | TakeTask | ReadingAction
    | OpenSearch | ToggleTelex | TakeNumber | AskCancel | CancelNumber | OpenLanguages
)  # fmt: skip

# ---- what can happen ----


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
class ServiceHeard:
    """The state of a service came, or (None) was taken away."""

    service: str
    state: ServiceState | None


@dataclass(frozen=True, slots=True)
class CounterHeard:
    """The label of a counter came, or (None) the counter was taken away."""

    counter: str
    label: Text | None


@dataclass(frozen=True, slots=True)
class OwnPrinter:
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
class HandedIn:
    """An offline number was taken in by the controller."""

    number: str
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class HandInRefused:
    """An offline number was refused by the controller for good."""

    refused: RefusedNumber


@dataclass(frozen=True, slots=True)
class SeriesTold:
    """The controller said which number of this kiosk's own series is the last that it knows."""

    series: Series


@dataclass(frozen=True, slots=True)
class BookCame:
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
    Tick | Touched | Scanned | Pressed | Configured | ServiceHeard | CounterHeard | OwnPrinter | LiveChanged | Replied
    | VoidAnswered | SlipEnded | HandedIn | Identify | BookCame | DiskChanged | SeriesTold | HandInRefused
    | PinChecked | LookedAround | TrialEnded
)  # fmt: skip

# ---- what the flow wants done ----


@dataclass(frozen=True, slots=True)
class Ask:
    """Send a request and repeat it with the same id until it is answered or forgotten."""

    id: str
    op: str
    fields: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Forget:
    """Stop repeating a request."""

    id: str


@dataclass(frozen=True, slots=True)
class VoidPrint:
    """Have the own printer never print for a request; answered by `VoidAnswered`."""

    request: str


@dataclass(frozen=True, slots=True)
class Keep:
    """Write an offline number and its series to disk, and hand it in until the controller answers.

    `real` is when it was given, in seconds of the monotonic clock, `name` what its service was called.
    """

    id: str
    number: str
    fields: Mapping[str, Any] = field(repr=False)
    series: Series
    real: float
    name: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeepSeries:
    """Write a series to disk that goes on behind numbers which this disk does not know."""

    series: Series


@dataclass(frozen=True, slots=True)
class PrintOffline:
    """Print the slip of an offline ticket on the own printer; answered by `SlipEnded`."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Remember:
    """Write to disk what should be known after a restart."""


Effect = (
    Ask | Forget | VoidPrint | Keep | KeepSeries | PrintOffline | Remember | CheckPin | LookAround | PrintTrial | Leave
)  # fmt: skip
