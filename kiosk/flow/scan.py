"""What a scan does: a slip is looked for, a receipt leads to the services that hand results back, a card gives the
number that waits for one; anything else only says so, and the screen comes back as it was. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from broker.contract.patterns import compiled
from kiosk.flow import issue, rejected_tickets
from kiosk.flow.effects import Ask, Transition
from kiosk.flow.person_marks import PersonMarks
from kiosk.flow.scanned_text import Card, Receipt, SlipCode, read_scan
from kiosk.flow.state import (
    CardWanted,
    Issuing,
    Looking,
    Notice,
    Pin,
    Rating,
    ReceiptRead,
    Shown,
    Staff,
    State,
    Thanks,
    View,
    Welcome,
)

if TYPE_CHECKING:
    from kiosk.flow.config import KioskConfig
    from kiosk.flow.context import StepContext
    from kiosk.flow.events import Replied, Scanned

BUSY = (Issuing, Looking, Shown, Rating, Pin, Staff)
"""Views that take no scan: they wait for an answer, show what somebody is reading or rating, or are the staff's."""
UNREAD_S = 8.0
"""So long it is said that a scan was not taken, above a view that stays just as it is."""


def scan(state: State, scanned: Scanned, moment: StepContext) -> Transition:
    """Take a scan."""
    config = state.config
    if config is None:
        return state, ()
    if isinstance(state.view, BUSY):
        return replace(state, unread_until=moment.real + UNREAD_S), ()
    state = replace(state, touched=moment.real, warned=False)
    match read_scan((scanned.text, scanned.typed), compiled(config.receipt.pattern) if config.receipt else None):
        case SlipCode(token) if rejected_tickets.holds(state.refused, token):
            return replace(state, view=Notice(rejected_tickets.NOT_TAKEN, moment.real)), ()
        case SlipCode(token):
            looking = Looking(moment.id, moment.real, token)
            return replace(state, view=looking), (Ask(moment.id, "lookup", {"token": token}),)
        case Receipt(dossier):
            return replace(state, view=ReceiptRead(dossier)), ()
        case Card(number):
            return _card(state, config, number, moment)
        case _:
            return _say(state, "bad_code" if config.receipt is None else "bad_scan", moment), ()


def unread(state: State, moment: StepContext) -> bool:
    """Tell whether a scan has just come to a view that takes none."""
    return isinstance(state.view, BUSY) and moment.real < state.unread_until


def _card(state: State, config: KioskConfig, number: str, moment: StepContext) -> Transition:
    """Use a card for the number that waits for one; without such a number it is of no use."""
    view = state.view
    if not isinstance(view, CardWanted):
        return _say(state, "card_later" if config.card_services else "card_unused", moment), ()
    mark = state.identity.mark(number, view.service) if state.identity.has_key(moment.day) else None
    return issue.ask(state, view.service, moment, dossier=view.dossier, mark=mark)


def _say(state: State, code: str, moment: StepContext) -> State:
    """Say something about a scan, and come back to the view that stood."""
    view = state.view
    back: View = view
    if isinstance(view, Notice):
        back = view.back or Welcome()
    return replace(state, view=Notice(code, moment.real, Welcome() if isinstance(back, Thanks) else back))


# ---- the day's key ----


def keep_key(state: State, moment: StepContext) -> Transition:
    """Drop a key whose day is over or that nothing needs; ask for the key of the day where marks are wanted."""
    identity, config = state.identity, state.config
    if config is None or not config.card_services:
        return (state if identity == PersonMarks() else replace(state, identity=PersonMarks())), ()
    if identity.key and identity.day != moment.day:
        identity = PersonMarks()
    asks = state.live and identity.wants_key(moment)
    if asks:
        identity = replace(identity, request=moment.id, asked=moment.real)
    after = state if identity == state.identity else replace(state, identity=identity)
    return after, (Ask(moment.id, "time", {}),) if asks else ()


def take_key(state: State, reply: Replied, moment: StepContext) -> State:
    """Take the answer to `time`."""
    return replace(state, identity=state.identity.taken(reply.result, moment.day))
