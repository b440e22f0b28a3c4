"""What a screen shows, ready to be drawn: every word in its language, no rule left to the widgets.

A face is a frozen value; a screen is drawn again only when its face differs from the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.flow.modes import NO_MODES
from kiosk.views.first_body import AWAKE, Calm, Language, LanguagesBody
from kiosk.views.procedures_body import ReadBody, TitlesBody, TitleTile

if TYPE_CHECKING:
    from kiosk.flow.modes import Mode


@dataclass(frozen=True, slots=True)
class Top:
    """The head of every screen: `note` tells what is out of order, `device` is shown while somebody looks for it.

    `tongues` is the word of the button that opens the choice of a language, empty while all stand side by side.
    """

    centre: str
    clock: str
    date: str
    languages: tuple[Language, ...]
    note: str = ""
    note_icon: str = "offline"
    device: str = ""
    tongues: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A group or a service to be touched; `above` is what it belongs to."""

    id: str
    letter: str
    icon: str
    name: str
    note: str = ""
    wait: str = ""
    closed: bool = False
    above: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a keyboard: rows of characters, the word on the space bar, and what the key for Telex says it is.

    Without a word on the space bar there is neither.
    """

    rows: tuple[tuple[str, ...], ...]
    space: str = ""
    telex: str = ""
    telex_on: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things to choose."""

    id: str
    name: str
    chosen: bool = False
    icon: str = ""


@dataclass(frozen=True, slots=True)
class LevelTile:
    """A level of a rating: `tone` is a colour that only repeats what the icon and the name say."""

    score: int
    name: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class WelcomeBody:
    """The first screen."""

    greeting: str
    start: str
    hint: str
    hours_label: str
    hours: str
    find: str
    find_note: str
    read: str = ""
    read_note: str = ""
    calm: Calm = AWAKE


@dataclass(frozen=True, slots=True)
class GroupsBody:
    """All groups, and the services that are chosen most."""

    title: str
    quick_title: str
    quick: tuple[Tile, ...]
    all_title: str
    tiles: tuple[Tile, ...]
    priority: str
    priority_chosen: bool
    search: str = ""


@dataclass(frozen=True, slots=True)
class ServicesBody:
    """The services of one group."""

    title: str
    subtitle: str
    icon: str
    tiles: tuple[Tile, ...]
    priority: str
    priority_chosen: bool
    search: str = ""


@dataclass(frozen=True, slots=True)
class SearchBody:
    """A service, or a procedure (`titles`), is looked for by typing. `hint` stands where nothing is listed.

    What is found has pages of its own: `earlier` and `more` turn them, `page_word` stands before the number of one.
    """

    title: str
    typed: str
    empty: str
    keys: Keys
    tiles: tuple[Tile, ...]
    hint_icon: str
    hint: str
    hint_note: str
    earlier: str = ""
    more: str = ""
    page_word: str = ""
    titles: tuple[TitleTile, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfirmBody:
    """Is this wanted? `yes` does it; with `safe` the large button is the other one."""

    title: str
    name: str
    notes: tuple[Fact, ...]
    proof_title: str
    proof: str
    yes: str
    no: str
    priority: str = ""
    priority_chosen: bool = False
    safe: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceBody:
    """The choice of a priority."""

    title: str
    note: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class BusyBody:
    """Something is on its way."""

    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A label over a value."""

    icon: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class TicketBody:
    """A number, what comes next, and the truth about its slip. `qr` is the address in the code, empty for none."""

    title: str
    number: str
    service: str
    priority: str
    facts: tuple[Fact, ...]
    slip_icon: str
    slip_tone: str
    slip: str
    slip_note: str
    qr: str
    qr_note: str
    offline: str
    late: str
    done: str
    closes: str
    cancel: str = ""


@dataclass(frozen=True, slots=True)
class FindBody:
    """A slip is looked for."""

    title: str
    scan: str
    scan_note: str
    enter: str
    typed: str
    empty: str
    keys: Keys
    look: str


@dataclass(frozen=True, slots=True)
class FoundBody:
    """Where a ticket stands; `tone` is a colour that only repeats what the icon and the words say."""

    title: str
    service: str
    status: str
    icon: str
    tone: str
    facts: tuple[Fact, ...]
    note: str
    cancel: str = ""


@dataclass(frozen=True, slots=True)
class RateBody:
    """The levels of a question."""

    title: str
    question: str
    levels: tuple[LevelTile, ...]
    closes: str = ""


@dataclass(frozen=True, slots=True)
class ReasonsBody:
    """Why somebody was not satisfied."""

    title: str
    question: str
    note: str
    reasons: tuple[Choice, ...]
    send: str
    ready: bool
    closes: str = ""


@dataclass(frozen=True, slots=True)
class MessageBody:
    """A message that fills the screen; `action` is the word on its one button, empty for none."""

    icon: str
    tone: str
    title: str
    note: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptBody:
    """The receipt of a dossier was read: the services that hand its result back."""

    title: str
    code: str
    choose: str
    tiles: tuple[Tile, ...]
    note: str


@dataclass(frozen=True, slots=True)
class CardBody:
    """A card is waited for: how to hold it, why, what becomes of it, and the way without one."""

    service: str
    title: str
    how: str
    why: str
    privacy: str
    without: str


@dataclass(frozen=True, slots=True)
class ClosedBody:
    """Nothing is issued at present."""

    title: str
    note: str
    hours_label: str
    hours: str
    find: str
    find_note: str
    read: str = ""
    read_note: str = ""
    calm: Calm = AWAKE


@dataclass(frozen=True, slots=True)
class PinBody:
    """The staff's PIN is asked for. `typed` are marks, never digits; without `enter` nothing can be typed."""

    title: str
    note: str
    tone: str
    typed: str
    enter: str


@dataclass(frozen=True, slots=True)
class TaskTile:
    """Something that the staff can have done; `closed` when it cannot be done."""

    id: str
    icon: str
    name: str
    note: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class StaffBody:
    """The staff's menu: how the kiosk is, what can be done, and (`said`) what became of the last task."""

    title: str
    facts: tuple[Fact, ...]
    tasks: tuple[TaskTile, ...]
    said: str
    said_icon: str
    said_tone: str


@dataclass(frozen=True, slots=True)
class AccessBody:
    """The choice of how the screen shall be."""

    title: str
    note: str
    choices: tuple[Choice, ...]
    done: str


Body = (
    TitlesBody | ReadBody | LanguagesBody |
    WelcomeBody | GroupsBody | ServicesBody | ChoiceBody | BusyBody | TicketBody | FindBody | FoundBody | RateBody
    | ReasonsBody | MessageBody | ClosedBody | ReceiptBody | CardBody
    | AccessBody | PinBody | StaffBody | SearchBody | ConfirmBody
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class IdleWarning:
    """Asks whether somebody is still there."""

    title: str
    note: str
    stay: str
    leave: str


@dataclass(frozen=True, slots=True)
class Face:
    """A whole screen; `back` and `home` are the words of the two ways out, empty for none.

    `access` is the word of the button that opens the choice of `modes`; `more` and `earlier` turn the pages of a body
    that is longer than its place, and `which` stands before the number of the page.
    """

    top: Top
    body: Body
    back: str = ""
    home: str = ""
    warning: IdleWarning | None = None
    modes: frozenset[Mode] = NO_MODES
    access: str = ""
    more: str = ""
    earlier: str = ""
    which: str = ""


NO_FACE = Face(Top("", "", "", ()), BusyBody("", ""))
"""What stands in a screen's parts before it is first shown."""
