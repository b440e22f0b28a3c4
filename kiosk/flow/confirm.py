"""What is asked before it is done: a number that no obvious touch chose, a number that is given back; pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from broker.contract.errors import Code
from broker.contract.payloads import Origin, Status, Ticket
from kiosk.flow import issue
from kiosk.flow.actions import Action, AskCancel, CancelNumber, TakeNumber
from kiosk.flow.config import NORMAL
from kiosk.flow.effects import Ask, Forget, Transition
from kiosk.flow.state import (
    Cancelled,
    Cancelling,
    Confirm,
    ConfirmCancel,
    Found,
    Groups,
    Notice,
    Search,
    Services,
    Shown,
    State,
    service_open,
)

if TYPE_CHECKING:
    from kiosk.flow.context import StepContext
    from kiosk.flow.events import Replied

CANCEL_S = 8.0
"""So long an answer is awaited."""


def answer(state: State, action: Action, moment: StepContext) -> Transition:
    """Give the state after a number was asked to be given back, or after the answer to what was asked."""
    view = state.view
    match action:
        case TakeNumber() if isinstance(view, Confirm):
            return issue.begin(state, view.service, moment)
        case AskCancel() if isinstance(view, Found | Shown) and may_cancel(state, view.ticket):
            return replace(state, view=ConfirmCancel(view.ticket, view)), ()
        case CancelNumber() if isinstance(view, ConfirmCancel):
            asked = Ask(moment.id, "cancel", {"token": view.ticket.token})
            return replace(state, view=Cancelling(moment.id, moment.real)), (asked,)
        case _:
            return state, ()


def may_cancel(state: State, ticket: Ticket) -> bool:
    """Tell whether a ticket can be given back here: it waits, its token is known, and the controller knows of it."""
    return (
        bool(ticket.token) and ticket.status is Status.WAITING and ticket.channel is not Origin.OFFLINE and state.live
    )


def kept(state: State, view: ConfirmCancel, moment: StepContext) -> State:
    """Go back to the number, which is kept, with what has been heard of its slip meanwhile."""
    back = view.back
    if isinstance(back, Shown):
        back = issue.with_news(state, replace(back, since=moment.real))
    return replace(state, view=back)


def cancelled(state: State, reply: Replied, moment: StepContext) -> State:
    """Take the answer to a number that is given back."""
    ticket = issue.ticket_of(reply.result)
    if ticket is None:
        return replace(state, view=Notice(reply.code or Code.BAD_REQUEST, moment.real))
    return replace(state, view=Cancelled(ticket.number, moment.real))


def wait_cancelled(state: State, view: Cancelling, moment: StepContext) -> Transition:
    """Let time pass while a number is given back."""
    if moment.real - view.since < CANCEL_S:
        return state, ()
    return replace(state, view=Notice(Code.TRY_AGAIN, moment.real)), (Forget(view.request),)


def choose(state: State, view: Groups | Services | Search, service: str, moment: StepContext) -> Transition:
    """Ask for a number at once where one touch said it all; after a search, or with a priority, ask first."""
    known = state.config is not None and state.config.service(service) is not None
    obvious = not isinstance(view, Search) and state.priority == NORMAL
    if obvious or not known or not service_open(state, service, moment.instant):
        return issue.begin(state, service, moment)
    return replace(state, view=Confirm(service, view)), ()
