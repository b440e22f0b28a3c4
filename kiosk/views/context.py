"""From what a kiosk knows to what its screen shows; pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from broker.contract.texts import readable
from kiosk.flow import scan
from kiosk.flow.access import sheet_open
from kiosk.flow.hours import is_open, local, next_opening, spans
from kiosk.flow.state import (
    MENUS,
    Cancelled,
    Cancelling,
    CardWanted,
    Confirm,
    ConfirmCancel,
    Find,
    Found,
    Groups,
    Issuing,
    Looking,
    Notice,
    Pin,
    Priorities,
    ProcedureGroups,
    Procedures,
    Rating,
    Reading,
    ReceiptRead,
    Search,
    Services,
    Shown,
    Staff,
    Stage,
    Thanks,
    Welcome,
    anything_open,
)
from kiosk.flow.step import closes_in
from kiosk.views import access, menus, procedures, rating, scans, search, staff, welcome
from kiosk.views import ticket as ticket_views
from kiosk.views.dates import clock_words, date_words
from kiosk.views.view import BusyBody, ClosedBody, Face, IdleWarning, MessageBody, Top, WelcomeBody

if TYPE_CHECKING:
    from broker.contract.payloads import Text
    from broker.runtime.catalogue import Catalogue
    from kiosk.flow.config import KioskConfig
    from kiosk.flow.context import Moment
    from kiosk.flow.state import State
    from kiosk.views.view import Body

BEGINNINGS = (Welcome, Groups, Services, Priorities, ReceiptRead, CardWanted, Search, Confirm)
"""Views that make sense only while numbers are given."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a face is made from: the state, the moment, the configuration in use and the words."""

    state: State
    moment: Moment
    config: KioskConfig
    words: Catalogue

    def say(self, key: str, **values: Any) -> str:  # noqa: ANN401 - whatever stands in the words
        """Give words of the catalogue in the chosen language."""
        return self.words.say(key, self.state.lang, **values)

    def read(self, text: Text) -> str:
        """Give a text of the configuration in the chosen language."""
        return readable(text, self.state.lang)

    @property
    def local(self) -> datetime:
        """The local time."""
        return local(self.moment.instant, self.config.centre.timezone)


def face(state: State, moment: Moment, words: Catalogue) -> Face:
    """Give what the screen shows."""
    if state.config is None:
        return _starting(state, moment, words)
    sight = Sight(state, moment, state.config, words)
    body = _sheet(sight) or _out_of_order(sight) or _body(sight)
    view = state.view
    covered = sheet_open(state)
    on_the_way = covered or isinstance(view, (*MENUS, Pin))
    leaves = on_the_way and not isinstance(body, MessageBody | ClosedBody | BusyBody)
    passing = isinstance(view, Notice) and view.back is not None and not covered
    return Face(
        top=_top(sight), body=body, modes=state.modes, access=sight.say("access.open"),
        more=sight.say("page.more"), earlier=sight.say("page.earlier"),
        which=sight.say("page.which"),
        back=sight.say("nav.back") if leaves or passing else "",
        home=sight.say("nav.home") if (leaves and not covered) or passing else "",
        warning=_warning(sight) if state.warned and leaves else None,
    )  # fmt: skip


def _starting(state: State, moment: Moment, words: Catalogue) -> Face:
    device = words.say("identify", state.lang, device=state.device)
    top = Top(device, "", "", (), device=device if moment.real < state.identify_until else "")
    body = MessageBody(
        "ticket", "brand", words.say("out.no_config", state.lang), words.say("out.no_config.note", state.lang)
    )
    return Face(top, body)  # fmt: skip


def _top(sight: Sight) -> Top:
    state = sight.state
    return Top(
        centre=sight.read(sight.config.centre.name),
        clock=clock_words(sight.local),
        date=date_words(sight.local, sight.say("date"), state.lang),
        languages=welcome.languages(sight.words, sight.config.languages, state.lang),
        note=_note(sight),
        note_icon="qr" if scan.unread(sight.state, sight.moment) else "offline",
        device=sight.say("identify", device=state.device) if sight.moment.real < state.identify_until else "",
        tongues=welcome.opens_languages(sight),
    )


def _note(sight: Sight) -> str:
    """Give what is to be known whatever is shown: a scan that was not taken, a lost connection."""
    if scan.unread(sight.state, sight.moment):
        return sight.say("note.unread")
    if sight.state.live:
        return ""
    return sight.say("note.stale" if _gives_alone(sight) else "rater.stale")


def _gives_alone(sight: Sight) -> bool:
    """Tell whether a number can be had although nobody answers."""
    state = sight.state
    return bool(sight.config.offline and state.may_give and anything_open(state, sight.moment.instant))


def _sheet(sight: Sight) -> Body | None:
    """Give what lies over the view; None when nothing does."""
    if sight.state.languages_open:
        return welcome.language_sheet(sight)
    return access.sheet(sight) if sight.state.modes_open else None


def _out_of_order(sight: Sight) -> Body | None:
    """Give what stands in the way of giving numbers at all; None when nothing does, or the view gives none."""
    state, config = sight.state, sight.config
    if not isinstance(state.view, BEGINNINGS):
        return None
    if not config.services:
        return MessageBody("alert", "warning", sight.say("out.no_services"), sight.say("out.no_services.note"))
    if not anything_open(state, sight.moment.instant):
        return _closed(sight)
    if not state.live and not _gives_alone(sight):
        return MessageBody("offline", "warning", sight.say("out.no_link"), sight.say("out.no_link.note"))
    return None


def _body(sight: Sight) -> Body:
    view = sight.state.view
    match view:
        case Welcome():
            return WelcomeBody(
                sight.say("welcome.greeting"), sight.say("welcome.start"), sight.say("welcome.hint"),
                sight.say("welcome.hours"), _hours(sight), *welcome.doors(sight), welcome.calm(sight),
            )  # fmt: skip
        case Groups() | Services() | Search() | Priorities() | Confirm() | ConfirmCancel():
            return _choosing(sight, view)
        case Rating() | Thanks() | Notice():
            return rating.rating(sight, view)
        case ReceiptRead() | CardWanted() | Pin() | Staff():
            return _apart(sight, view)
        case ProcedureGroups() | Procedures() | Reading():
            return procedures.body(sight, view)
        case _:
            return _ticket_body(sight, view)


def _choosing(sight: Sight, view: Groups | Services | Search | Priorities | Confirm | ConfirmCancel) -> Body:
    match view:
        case Groups():
            return menus.groups(sight)
        case Services(group):
            return menus.services(sight, group)
        case Search():
            return search.search(sight, view)
        case Priorities():
            return menus.priorities(sight)
        case Confirm():
            return search.confirm(sight, view)
        case ConfirmCancel():
            return search.confirm_cancel(sight, view)


def _apart(sight: Sight, view: ReceiptRead | CardWanted | Pin | Staff) -> Body:
    match view:
        case ReceiptRead(dossier):
            return scans.receipt(sight, dossier)
        case CardWanted(service):
            return scans.card(sight, service)
        case _:
            return staff.staff(sight, view)


def _ticket_body(sight: Sight, view: Issuing | Looking | Shown | Find | Found | Cancelling | Cancelled) -> Body:
    match view:
        case Issuing():
            return _issuing(sight, view)
        case Cancelling() | Cancelled():
            return search.cancelled(sight, view)
        case Looking():
            return BusyBody(sight.say("looking.title"), sight.say("issuing.note"))
        case Shown():
            return ticket_views.ticket(sight, view)
        case Find(typed):
            return ticket_views.find(sight, typed)
        case Found(ticket):
            return ticket_views.found(sight, ticket)


def _issuing(sight: Sight, view: Issuing) -> BusyBody:
    if view.stage is Stage.PRINTED:
        return BusyBody(sight.say("issuing.printed"), sight.say("issuing.note"))
    late = sight.moment.real - view.since >= 1.5
    return BusyBody(sight.say("issuing.title"), sight.say("issuing.slow" if late else "issuing.note"))


def _hours(sight: Sight) -> str:
    today = spans(sight.config, sight.local.date())
    if not today:
        return sight.say("welcome.hours.none") if sight.config.hours or sight.config.days else ""
    return "  ·  ".join(span.words for span in today)


def _closed(sight: Sight) -> ClosedBody:
    label, hours, doors = (
        sight.say("welcome.hours"),
        _hours(sight),
        (*welcome.doors(sight), welcome.calm(sight)),
    )
    if is_open(sight.config, sight.local):
        return ClosedBody(sight.say("closed.services"), sight.say("closed.services.note"), label, hours, *doors)
    opening = next_opening(sight.config, sight.local)
    if opening is None:
        return ClosedBody(sight.say("closed.hours"), sight.say("closed.next.unknown"), label, hours, *doors)
    time = f"{opening.minute // 60:02d}:{opening.minute % 60:02d}"
    if opening.day == sight.local.date():
        return ClosedBody(sight.say("closed.hours"), sight.say("closed.next", time=time), label, hours, *doors)
    noon = datetime(opening.day.year, opening.day.month, opening.day.day, 12, tzinfo=UTC)
    date = date_words(noon, sight.say("date"), sight.state.lang)
    return ClosedBody(
        sight.say("closed.hours"), sight.say("closed.next.day", time=time, date=date), label, hours, *doors
    )


def _warning(sight: Sight) -> IdleWarning:
    left = closes_in(sight.state, sight.moment) or 0.0
    note = sight.say("idle.note", seconds=max(1, math.ceil(left)))
    return IdleWarning(sight.say("idle.title"), note, sight.say("idle.stay"), sight.say("idle.leave"))
