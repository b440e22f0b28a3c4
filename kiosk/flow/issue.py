"""Asking for a number, and giving one of the kiosk's own when nobody answers (contract 4, Offline); pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from broker.contract.errors import Code
from broker.contract.payloads import Origin, Status, Ticket
from broker.contract.times import format_instant
from kiosk.flow.effects import (
    Ask,
    Effect,
    Forget,
    KeepOffline,
    KeepSeries,
    PrintOffline,
    Remember,
    Transition,
    VoidPrint,
)
from kiosk.flow.events import OfflineSubmitted, Replied, SlipEnded, VoidAnswered
from kiosk.flow.rejected_tickets import NOT_TAKEN
from kiosk.flow.series import Series
from kiosk.flow.state import CardWanted, Issuing, Notice, Outcome, Shown, Slip, Stage, State, service_open

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.flow.context import StepContext
    from kiosk.flow.events import DiskChanged, OfflineRejected
    from kiosk.flow.rejected_tickets import RefusedNumber

PATIENCE_S = 3.0
"""After so long without a reply a kiosk gives a number of its own."""
GIVE_UP_S = 30.0
"""After so long nothing more is expected of a request."""
SLIP_S = 15.0
"""After so long without news of a slip its outcome is unknown."""
ELSEWHERE_S = 25.0
"""And after so long, when a second printer was asked for it."""
PASSES_CLOSING = "estimate_passes_closing"
"""The warning of a reply whose ticket is likely to be called only after closing."""


def begin(state: State, service: str, moment: StepContext, *, dossier: str | None = None) -> Transition:
    """Ask for a number, or first for the card; a service that is known to be closed is told at once."""
    if state.config is None or state.config.service(service) is None:
        return replace(state, view=Notice(Code.UNKNOWN_SERVICE, moment.real)), ()
    if not service_open(state, service, moment.instant):
        return replace(state, view=Notice(Code.SERVICE_CLOSED, moment.real)), ()
    if state.config.wants_card(service) and state.identity.has_key(moment.day):
        return replace(state, view=CardWanted(service, dossier)), ()
    return ask(state, service, moment, dossier=dossier)


def ask(
    state: State, service: str, moment: StepContext, *, dossier: str | None = None, mark: str | None = None
) -> Transition:
    """Ask for a number, with the dossier and the mark of a person that go with it."""
    fields = {"service": service, "priority": state.priority, "lang": state.lang, **_further(dossier, mark)}
    view = Issuing(moment.id, service, moment.real, dossier=dossier, mark=mark)
    return replace(state, view=view), (Ask(moment.id, "issue", fields),)


def _further(dossier: str | None, mark: str | None) -> dict[str, str]:
    return {name: value for name, value in (("dossier", dossier), ("person", mark)) if value is not None}


def wait(state: State, view: Issuing, moment: StepContext) -> Transition:
    """Let time pass while a number is asked for."""
    passed = moment.real - view.since
    if passed >= GIVE_UP_S:
        return replace(state, view=Notice(Code.TRY_AGAIN, moment.real)), (Forget(view.request),)
    if view.stage is Stage.ASKING and passed >= PATIENCE_S and _has_series(state):
        return _void(state, view)
    return state, ()


def answered(state: State, view: Issuing, reply: Replied, moment: StepContext) -> Transition:
    """Take the reply to the request for a number."""
    ticket = ticket_of(reply.result)
    if view.stage is Stage.VOIDING:
        return replace(state, view=replace(view, answer=ticket)), ()
    if ticket is not None:
        late = (reply.result or {}).get("warning") == PASSES_CLOSING
        return _show(state, ticket, moment, view.mark, late=late)
    if reply.code == Code.TRY_AGAIN and view.stage is Stage.ASKING and _has_series(state):
        return _void(state, view)
    return replace(state, view=Notice(reply.code or Code.BAD_REQUEST, moment.real)), ()


def voided(state: State, view: Issuing, answer: VoidAnswered, moment: StepContext) -> Transition:
    """Go on once the own printer has said whether it prints for the unanswered request."""
    if view.stage is not Stage.VOIDING:
        return state, ()
    if not answer.begun:
        return _give_own(state, view, moment)
    ticket = view.answer or answer.ticket
    if ticket is None:
        return replace(state, view=replace(view, stage=Stage.PRINTED)), ()
    after, effects = _show(state, ticket, moment, view.mark)
    return after, (Forget(view.request), *effects)


def slip_ended(state: State, event: SlipEnded) -> State:
    """Note what became of a slip, for the ticket that is shown or for the one that is about to be."""
    outcome, known = Outcome(event.ticket, event.ok, event.error, event.elsewhere or {}), state.outcome
    if known is not None and known.ticket == event.ticket and known.ok is not None and event.ok is None:
        return state  # it came late: what is decided stays so
    state = replace(state, outcome=outcome)
    if isinstance(state.view, Shown) and state.view.ticket.id == event.ticket:
        return replace(state, view=_with_outcome(state.view, outcome))
    return state


def with_news(state: State, view: Shown) -> Shown:
    """Give a shown ticket with what has been heard of its slip."""
    outcome = state.outcome
    return _with_outcome(view, outcome) if outcome is not None and outcome.ticket == view.ticket.id else view


def slip_waits(state: State, view: Shown, moment: StepContext) -> State:
    """Call a slip unknown when nothing was heard of it for long."""
    patience_s = ELSEWHERE_S if view.elsewhere else SLIP_S
    if view.slip is Slip.PRINTING and moment.real - view.since >= patience_s:
        return replace(state, view=replace(view, slip=Slip.UNKNOWN))
    return state


def hand_in_ended(state: State, event: OfflineSubmitted | OfflineRejected, moment: StepContext) -> State:
    """Take what became of an offline number, and tell its holder who still stands there."""
    return _handed_in(state, event) if isinstance(event, OfflineSubmitted) else _refused(state, event.refused, moment)


def _handed_in(state: State, event: OfflineSubmitted) -> State:
    """Show what the controller knows of an offline number while it is on the screen; number and token stay."""
    view = state.view
    if not isinstance(view, Shown) or view.ticket.number != event.number:
        return state
    known = {"position": event.ticket.position, "wait": event.ticket.wait, "counters": event.ticket.counters}
    return replace(state, view=replace(view, ticket=view.ticket.model_copy(update=known)))


def _refused(state: State, refused: RefusedNumber, moment: StepContext) -> State:
    """Keep in mind that a number is in no queue."""
    state, view = replace(state, refused=(*state.refused, refused)), state.view
    if isinstance(view, Shown) and view.ticket.token == refused.token:
        return replace(state, view=Notice(NOT_TAKEN, moment.real))
    return state


def disk_changed(state: State, event: DiskChanged) -> State:
    """Say of the number that is shown whether it is on disk.

    While the process lives no number is given twice; one that begins on a disk that takes nothing gives none at all:
    it cannot know which were given before.
    """
    state, view = replace(state, may_give=state.may_give or event.takes), state.view
    if not isinstance(view, Shown) or view.ticket.channel is not Origin.OFFLINE:
        return state
    if view.ticket.number in event.stored:
        return replace(state, view=replace(view, stored=True))
    return state if event.takes else replace(state, view=replace(view, stored=False))


def series_told(state: State, told: Series) -> Transition:
    """Go on behind the numbers that the controller knows of this kiosk: its disk may be another one since."""
    series = state.series.told(told)
    return (state, ()) if series == state.series else (replace(state, series=series), (KeepSeries(series),))


def series_of(result: Mapping[str, Any] | None) -> Series | None:
    """Read the last own number that the controller knows; None when it tells of none."""
    match (result or {}).get("series"):
        case {"day": str(day), "last": int(last)} if last > 0:
            return Series(day, last)
        case _:
            return None


def ticket_of(result: Mapping[str, Any] | None) -> Ticket | None:
    """Read the ticket of a result; None when it holds none that can be read."""
    try:
        return Ticket.model_validate((result or {}).get("ticket"))
    except ValidationError:
        return None


def _has_series(state: State) -> bool:
    return state.config is not None and bool(state.config.offline) and state.may_give


def _void(state: State, view: Issuing) -> Transition:
    return replace(state, view=replace(view, stage=Stage.VOIDING)), (VoidPrint(view.request),)


def _show(state: State, ticket: Ticket, moment: StepContext, mark: str | None, *, late: bool = False) -> Transition:
    has_printer = state.config is not None and state.config.printer is not None
    view = Shown(ticket, moment.real, Slip.PRINTING if has_printer else Slip.NONE, late=late)
    view = with_news(state, view)
    state = replace(state, identity=state.identity.given(mark))
    return replace(state, view=view, last=ticket, taken=_one_more(state, ticket.service)), (Remember(),)


def _with_outcome(view: Shown, outcome: Outcome) -> Shown:
    slip = {True: Slip.PRINTED, False: Slip.FAILED, None: Slip.UNKNOWN}[outcome.ok]
    if outcome.ok is None and outcome.elsewhere:
        slip = Slip.PRINTING
    return replace(view, slip=slip, error=outcome.error, elsewhere=outcome.elsewhere)


def _give_own(state: State, view: Issuing, moment: StepContext) -> Transition:
    """Give the next number of the own series in place of the unanswered request."""
    config = state.config
    if config is None or not config.offline:
        return replace(state, view=Notice(Code.TRY_AGAIN, moment.real)), (Forget(view.request),)
    if view.mark in state.identity.marks:
        return replace(state, view=Notice(Code.TOO_MANY_TICKETS, moment.real)), (Forget(view.request),)
    series = state.series.after(moment.day, sure=moment.sure)
    ticket = Ticket(
        id=moment.id, number=f"{config.offline}-{series.last:03d}", token=moment.token, service=view.service,
        priority=state.priority, status=Status.WAITING, channel=Origin.OFFLINE, lang=state.lang,
        issued_at=moment.instant,
    )  # fmt: skip
    prints = state.own_printer
    shown = Shown(ticket, moment.real, Slip.PRINTING if prints else Slip.NONE)
    fields = hand_in_fields(ticket, view.request) | _further(view.dossier, view.mark)
    card = config.service(view.service)
    keep = KeepOffline(moment.id, ticket.number, fields, series, moment.real, card.name if card else {})
    after = replace(
        state, view=shown, series=series, last=ticket, taken=_one_more(state, view.service),
        identity=state.identity.given(view.mark),
    )  # fmt: skip
    effects: tuple[Effect, ...] = (Forget(view.request), keep)
    return after, (*effects, PrintOffline(ticket)) if prints else effects


def hand_in_fields(ticket: Ticket, replaces: str) -> dict[str, Any]:
    """Give the fields of the request that hands an offline ticket in."""
    offline = {
        "number": ticket.number, "token": ticket.token, "at": format_instant(ticket.issued_at), "replaces": replaces
    }  # fmt: skip
    return {"service": ticket.service, "priority": ticket.priority, "lang": ticket.lang, "offline": offline}


def _one_more(state: State, service: str) -> dict[str, int]:
    return {**state.taken, service: state.taken.get(service, 0) + 1}
