"""What a screen shows, ready to be drawn: every word in its language, no rule left to the widgets.

A face is a frozen value; a screen is drawn again only when its face differs from the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.flow.modes import NO_MODES
from kiosk.views.accessibility import AccessBody
from kiosk.views.confirm import ConfirmBody
from kiosk.views.find import FindBody, FoundBody
from kiosk.views.languages import Language, LanguagesBody
from kiosk.views.menus import ChoiceBody, GroupsBody, ServicesBody
from kiosk.views.messages import BusyBody, MessageBody
from kiosk.views.procedures import ReadBody, TitlesBody
from kiosk.views.rating import RateBody, ReasonsBody
from kiosk.views.scan import CardBody, ReceiptBody
from kiosk.views.search import SearchBody
from kiosk.views.staff import PinBody, StaffBody
from kiosk.views.ticket import TicketBody
from kiosk.views.welcome import ClosedBody, WelcomeBody

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
class ViewModel:
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


EMPTY = ViewModel(Top("", "", "", ()), BusyBody("", ""))
"""What stands in a screen's parts before it is first shown."""
