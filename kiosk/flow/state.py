"""What a kiosk knows and shows: frozen values, no behaviour beyond reading them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.flow.config import NORMAL, KioskConfig
from kiosk.flow.hours import is_open, local
from kiosk.flow.modes import NO_MODES, Mode
from kiosk.flow.person_marks import PersonMarks
from kiosk.flow.procedure_list import NO_BOOK, Book
from kiosk.flow.rating_scale import Answers
from kiosk.flow.series import Series

if TYPE_CHECKING:
    from collections.abc import Mapping

    from broker.contract.payloads import ServiceState, Text, Ticket
    from kiosk.flow.rejected_tickets import RefusedNumber


NEVER_KEPT = {"kept": False}
"""Marks a field that is not written to a disk, not even for a restart."""


class Stage(StrEnum):
    """How far a request for a number has got."""

    ASKING = "asking"
    VOIDING = "voiding"
    PRINTED = "printed"


class Slip(StrEnum):
    """What is known about a slip."""

    NONE = "none"
    PRINTING = "printing"
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"


# ---- views ----


@dataclass(frozen=True, slots=True)
class Welcome:
    """The first screen."""


@dataclass(frozen=True, slots=True)
class Groups:
    """All groups of services."""


@dataclass(frozen=True, slots=True)
class Services:
    """The services of one group."""

    group: str


@dataclass(frozen=True, slots=True)
class Search:
    """A service, or a procedure to read, is looked for by typing; `telex` makes Vietnamese letters of the keys."""

    typed: str = ""
    telex: bool = True
    procedures: bool = False


@dataclass(frozen=True, slots=True)
class Confirm:
    """Is a number for this service wanted? `back` is where it was chosen."""

    service: str
    back: Groups | Services | Search | Reading


@dataclass(frozen=True, slots=True)
class Priorities:
    """The choice of a priority; `back` is where it was opened."""

    back: Groups | Services | Confirm


@dataclass(frozen=True, slots=True)
class ReceiptRead:
    """A dossier's receipt was read: its holder chooses where the result is handed back."""

    dossier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardWanted:
    """A service was chosen that gives one number a person and day: the card is waited for."""

    service: str
    dossier: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Issuing:
    """A number was asked for; `answer` is a ticket whose slip is being voided or printed.

    `dossier` and `mark` go with the number; the mark of a person is never written to a disk.
    """

    request: str
    service: str
    since: float
    stage: Stage = Stage.ASKING
    answer: Ticket | None = None
    dossier: str | None = field(default=None, repr=False)
    mark: str | None = field(default=None, repr=False, metadata=NEVER_KEPT)


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket was given; `error` says why its slip failed, `late` that its turn is likely to come after closing.

    `elsewhere` is the name of another printer that has the slip, by language, empty for the kiosk's own.
    Not `stored`: the kiosk gave the number itself and its disk has not taken it.
    """

    ticket: Ticket
    since: float
    slip: Slip = Slip.NONE
    error: str | None = None
    late: bool = False
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    stored: bool = True


@dataclass(frozen=True, slots=True)
class Find:
    """A slip is looked for: the code is scanned, or its number typed."""

    typed: str = ""


@dataclass(frozen=True, slots=True)
class Looking:
    """A ticket was asked for, by its token or by its number."""

    request: str
    since: float
    token: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """Where a ticket stands."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Rating:
    """A visit is being rated; `request` is set once the rating was sent."""

    token: str
    ticket: Ticket
    answers: Answers = field(default_factory=Answers)
    request: str | None = None
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class ConfirmCancel:
    """Is the number to be given back? `back` is where that was asked."""

    ticket: Ticket
    back: Found | Shown


@dataclass(frozen=True, slots=True)
class Cancelling:
    """A number is being given back."""

    request: str
    since: float


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A number was given back."""

    number: str
    since: float


@dataclass(frozen=True, slots=True)
class Thanks:
    """The rating was taken."""

    since: float


@dataclass(frozen=True, slots=True)
class Notice:
    """Something could not be done: the code is one of the contract's, or says what is wrong with a scan.

    With `back` it is only said in passing, and that view comes back.
    """

    code: str
    since: float
    back: View | None = None


# ---- the staff's views ----


@dataclass(frozen=True, slots=True)
class Pin:
    """The staff's PIN is asked for; `request` is set while it is looked at, `locked_until` in real seconds."""

    typed: str = ""
    request: str | None = None
    wrong: bool = False
    locked_until: float = 0.0


class Task(StrEnum):
    """What the staff can have done at a kiosk."""

    ASSIST = "assist"
    REPRINT = "reprint"
    TEST = "test"
    RESTART = "restart"
    EXIT = "exit"


@dataclass(frozen=True, slots=True)
class About:
    """What the staff see of a kiosk: its link, its printer's status (empty without one), what waits to be handed in."""

    version: str
    linked: bool
    printer: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Staff:
    """The staff's menu. `sure` is a task that is done at its second touch, `request` one under way.

    `said` is what became of the last one, `code` why it failed.
    """

    about: About | None = None
    sure: Task | None = None
    request: str | None = None
    since: float = 0.0
    said: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class ProcedureGroups:
    """The groups that have procedures to read."""


@dataclass(frozen=True, slots=True)
class Procedures:
    """The procedures of one group, a stretch of the list at a time."""

    group: str
    stretch: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A procedure is read; `back` is where it was chosen."""

    code: str
    back: Procedures | Search


View = (
    ProcedureGroups | Procedures | Reading |
    Welcome | Groups | Services | Priorities | Issuing | Shown | Find | Looking | Found | Rating | Thanks | Notice
    | ReceiptRead | CardWanted | Pin | Staff | Search | Confirm | ConfirmCancel | Cancelling | Cancelled
)  # fmt: skip
MENUS = (
    Groups, Services, Priorities, Find, Found, Rating, ReceiptRead, CardWanted, Staff, ProcedureGroups, Procedures,
    Reading, Search, Confirm, ConfirmCancel,
)  # fmt: skip


# ---- the whole ----


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the slip of a ticket: printed, not, or (None) unknown; and at which other printer."""

    ticket: str
    ok: bool | None
    error: str | None
    elsewhere: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """A kiosk at one moment.

    `live`: the controller was heard within 15 s. `own_printer`: this process drives the printer. `labels` are those of
    the counters. `modes` are how the person wants the screen, `modes_open` while they choose,
    `languages_open` while they choose a language; it `speaks` where it can.
    `taken` counts the numbers given here by service, `last` is the latest of them, `book` holds the procedures to read,
    `identity` what one number a person and day needs. `may_give`: numbers of the own series that are given are known
    after a restart; `refused` are those that the controller never took in. `touched`, `identify_until` and
    `unread_until` (a scan was not taken) are in seconds of the monotonic clock.
    """

    device: str
    config: KioskConfig | None = None
    services: Mapping[str, ServiceState] = field(default_factory=dict)
    view: View = field(default_factory=Welcome)
    lang: str = "vi"
    modes: frozenset[Mode] = NO_MODES
    modes_open: bool = False
    languages_open: bool = False
    speaks: bool = True
    priority: str = NORMAL
    live: bool = False
    own_printer: bool = False
    labels: Mapping[str, Text] = field(default_factory=dict)
    touched: float = 0.0
    warned: bool = False
    series: Series = field(default_factory=Series)
    taken: Mapping[str, int] = field(default_factory=dict)
    outcome: Outcome | None = None
    identity: PersonMarks = field(default_factory=PersonMarks)
    last: Ticket | None = None
    identify_until: float = 0.0
    unread_until: float = 0.0
    may_give: bool = True
    refused: tuple[RefusedNumber, ...] = ()
    book: Book = NO_BOOK


def service_open(state: State, service: str, instant: int) -> bool:
    """Tell whether a service gives numbers: as the live controller says, else as the hours on file say."""
    if state.config is None:
        return False
    heard = state.services.get(service)
    if state.live and heard is not None:
        return heard.open
    return is_open(state.config, local(instant, state.config.centre.timezone))


def anything_open(state: State, instant: int) -> bool:
    """Tell whether any service of this kiosk gives numbers."""
    return state.config is not None and any(
        service_open(state, service.id, instant) for service in state.config.services
    )


def popular(state: State, count: int) -> tuple[str, ...]:
    """Give the services that people come for most at this kiosk, or while nobody came yet, that are busiest."""
    if state.config is None:
        return ()
    busy = {service: heard.waiting + heard.serving for service, heard in state.services.items()}
    order = {service.id: at for at, service in enumerate(state.config.services)}
    ranked = sorted(order, key=lambda service: (-state.taken.get(service, 0), -busy.get(service, 0), order[service]))
    return tuple(ranked[:count])
