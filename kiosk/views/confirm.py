"""What is asked before it is done: a number, a cancellation; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.flow.state import Cancelled, Cancelling, Confirm, ConfirmCancel
from kiosk.views.menus import priority_button, service_tile
from kiosk.views.messages import BusyBody, MessageBody
from kiosk.views.parts import Detail
from kiosk.views.search import _with_group

if TYPE_CHECKING:
    from kiosk.flow.config import ServiceCard
    from kiosk.views.context import ViewContext


@dataclass(frozen=True, slots=True)
class ConfirmBody:
    """Is this wanted? `yes` does it; with `safe` the large button is the other one."""

    title: str
    name: str
    notes: tuple[Detail, ...]
    proof_title: str
    proof: str
    yes: str
    no: str
    priority: str = ""
    priority_chosen: bool = False
    safe: bool = False


def confirm(context: ViewContext, view: Confirm) -> ConfirmBody:
    """Give the question whether a number is wanted, with the priority and what has to be shown for it."""
    card = context.config.service(view.service)
    priority = next((entry for entry in context.config.priorities if entry.id == context.state.priority), None)
    proof = (context.read(priority.proof) or context.say("priority.note")) if priority else ""
    words, chosen = priority_button(context)
    return ConfirmBody(
        title=context.say("confirm.title"),
        name=context.read(card.name) if card else "",
        notes=_notes(context, card) if card else (),
        proof_title=context.say("confirm.proof") if proof else "",
        proof=proof,
        yes=context.say("confirm.yes"),
        no=context.say("confirm.no"),
        priority=words,
        priority_chosen=chosen,
    )


def confirm_cancel(context: ViewContext, view: ConfirmCancel) -> ConfirmBody:
    """Give the question whether a number is to be given back; the large button keeps it."""
    card = context.config.service(view.ticket.service)
    return ConfirmBody(
        title=context.say("cancel.title", number=view.ticket.number),
        name=context.read(card.name) if card else "",
        notes=(),
        proof_title="",
        proof=context.say("cancel.note"),
        yes=context.say("cancel.yes", number=view.ticket.number),
        no=context.say("cancel.no"),
        safe=True,
    )


def cancelled(context: ViewContext, view: Cancelling | Cancelled) -> BusyBody | MessageBody:
    """Give the moment while a number is given back, and what became of it."""
    if isinstance(view, Cancelling):
        return BusyBody(context.say("cancelling.title"), context.say("issuing.note"))
    title = context.say("cancelled.title", number=view.number)
    return MessageBody("check", "good", title, context.say("cancelled.note"), context.say("notice.again"))


def _notes(context: ViewContext, card: ServiceCard) -> tuple[Detail, ...]:
    tile = _with_group(context, service_tile(context, card))
    notes = [Detail("document", context.say("confirm.group"), tile.above)]
    notes += [Detail("queue", context.say("confirm.waiting"), _waiting(context, card))] if tile.note else []
    notes += [Detail("clock", context.say("ticket.wait"), tile.wait)] if tile.wait else []
    return tuple(note for note in notes if note.value)


def _waiting(context: ViewContext, card: ServiceCard) -> str:
    heard = context.state.services.get(card.id)
    count = heard.waiting if heard else 0
    if count == 0:
        return context.say("tile.waiting.none")
    return context.say("ticket.ahead.one") if count == 1 else context.say("ticket.ahead.many", count=count)
