"""From what a kiosk knows to what its screen shows: the table of all views; pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kiosk.flow.accessibility import sheet_open
from kiosk.flow.scan import unread
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
    Thanks,
    View,
    Welcome,
    anything_open,
)
from kiosk.flow.step import closes_in
from kiosk.views import (
    accessibility,
    confirm,
    find,
    issue,
    languages,
    menus,
    procedures,
    rating,
    scan,
    search,
    staff,
    ticket,
    welcome,
)
from kiosk.views.context import ViewContext
from kiosk.views.dates import clock_words, date_words
from kiosk.views.messages import BusyBody, MessageBody
from kiosk.views.view_model import Body, IdleWarning, Top, ViewModel
from kiosk.views.welcome import ClosedBody

if TYPE_CHECKING:
    from broker.runtime.catalogue import Catalogue
    from kiosk.flow.context import StepContext
    from kiosk.flow.state import State

BEGINNINGS = (Welcome, Groups, Services, Priorities, ReceiptRead, CardWanted, Search, Confirm)
"""Views that make sense only while numbers are given."""


Builder = Callable[[ViewContext, Any], Body]
"""Takes the context and the state's view, whose class is the key of the table."""

BUILDERS: dict[type[View], Builder] = {
    Welcome: lambda context, _: welcome.welcome(context),
    Groups: lambda context, _: menus.groups(context),
    Services: lambda context, view: menus.services(context, view.group),
    Priorities: lambda context, _: menus.priorities(context),
    Search: search.search,
    Confirm: confirm.confirm,
    ConfirmCancel: confirm.confirm_cancel,
    Cancelling: confirm.cancelled,
    Cancelled: confirm.cancelled,
    Issuing: issue.issuing,
    Shown: ticket.ticket,
    Find: lambda context, view: find.find(context, view.typed),
    Looking: lambda context, _: find.looking(context),
    Found: lambda context, view: find.found(context, view.ticket),
    Rating: rating.rating,
    Thanks: rating.rating,
    Notice: rating.rating,
    ReceiptRead: lambda context, view: scan.receipt(context, view.dossier),
    CardWanted: lambda context, view: scan.card(context, view.service),
    ProcedureGroups: lambda context, _: procedures.groups(context),
    Procedures: procedures.titles,
    Reading: procedures.read,
    Pin: staff.pin,
    Staff: staff.menu,
}
"""What each view of the state shows; how it is drawn is in the table of `kiosk/screens/root.py`."""


def build(state: State, moment: StepContext, words: Catalogue) -> ViewModel:
    """Give what the screen shows."""
    if state.config is None:
        return _starting(state, moment, words)
    context = ViewContext(state, moment, state.config, words)
    body = _sheet(context) or _out_of_order(context) or _body(context)
    view = state.view
    covered = sheet_open(state)
    on_the_way = covered or isinstance(view, (*MENUS, Pin))
    leaves = on_the_way and not isinstance(body, MessageBody | ClosedBody | BusyBody)
    passing = isinstance(view, Notice) and view.back is not None and not covered
    return ViewModel(
        top=_top(context), body=body, modes=state.modes, access=context.say("access.open"),
        more=context.say("page.more"), earlier=context.say("page.earlier"),
        which=context.say("page.which"),
        back=context.say("nav.back") if leaves or passing else "",
        home=context.say("nav.home") if (leaves and not covered) or passing else "",
        warning=_warning(context) if state.warned and leaves else None,
    )  # fmt: skip


def _starting(state: State, moment: StepContext, words: Catalogue) -> ViewModel:
    device = words.say("identify", state.lang, device=state.device)
    top = Top(device, "", "", (), device=device if moment.real < state.identify_until else "")
    body = MessageBody(
        "ticket", "brand", words.say("out.no_config", state.lang), words.say("out.no_config.note", state.lang)
    )
    return ViewModel(top, body)  # fmt: skip


def _top(context: ViewContext) -> Top:
    state = context.state
    return Top(
        centre=context.read(context.config.centre.name),
        clock=clock_words(context.local),
        date=date_words(context.local, context.say("date"), state.lang),
        languages=languages.languages(context.words, context.config.languages, state.lang),
        note=_note(context),
        note_icon="qr" if unread(context.state, context.moment) else "offline",
        device=context.say("identify", device=state.device) if context.moment.real < state.identify_until else "",
        tongues=languages.opens_languages(context),
    )


def _note(context: ViewContext) -> str:
    """Give what is to be known whatever is shown: a scan that was not taken, a lost connection."""
    if unread(context.state, context.moment):
        return context.say("note.unread")
    if context.state.live:
        return ""
    return context.say("note.stale" if _gives_alone(context) else "rater.stale")


def _gives_alone(context: ViewContext) -> bool:
    """Tell whether a number can be had although nobody answers."""
    state = context.state
    return bool(context.config.offline and state.may_give and anything_open(state, context.moment.instant))


def _sheet(context: ViewContext) -> Body | None:
    """Give what lies over the view; None when nothing does."""
    if context.state.languages_open:
        return languages.language_sheet(context)
    return accessibility.sheet(context) if context.state.modes_open else None


def _out_of_order(context: ViewContext) -> Body | None:
    """Give what stands in the way of giving numbers at all; None when nothing does, or the view gives none."""
    state, config = context.state, context.config
    if not isinstance(state.view, BEGINNINGS):
        return None
    if not config.services:
        return MessageBody("alert", "warning", context.say("out.no_services"), context.say("out.no_services.note"))
    if not anything_open(state, context.moment.instant):
        return welcome.closed(context)
    if not state.live and not _gives_alone(context):
        return MessageBody("offline", "warning", context.say("out.no_link"), context.say("out.no_link.note"))
    return None


def _body(context: ViewContext) -> Body:
    view = context.state.view
    return BUILDERS[type(view)](context, view)


def _warning(context: ViewContext) -> IdleWarning:
    left = closes_in(context.state, context.moment) or 0.0
    note = context.say("idle.note", seconds=max(1, math.ceil(left)))
    return IdleWarning(context.say("idle.title"), note, context.say("idle.stay"), context.say("idle.leave"))
