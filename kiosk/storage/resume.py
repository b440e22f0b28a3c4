"""Going on after a crash with what stood on the screen: what is asked again, what is too old; pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from broker.contract.payloads import Origin, Status, Ticket
from kiosk.flow.effects import Effect, PrintOffline
from kiosk.flow.issue import PATIENCE_S
from kiosk.flow.state import Issuing, Looking, Rating, Shown, Slip, Stage, State
from kiosk.flow.step import IDLE_RESET_S, LOOKUP_S, closes_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.flow.context import StepContext
    from kiosk.flow.state import View
    from kiosk.storage.screen_session import SavedSession

ANSWER_S = 1.0
"""A request that is asked again has so long for its answer, however late it is already."""


def resumed(
    state: State, kept: SavedSession, moment: StepContext, given: Mapping[str, Ticket]
) -> tuple[State, tuple[Effect, ...]]:
    """Give the state to begin with, and what is to be done.

    `given` are the own numbers that wait to be handed in, by the request that they replace: one that was on disk
    before it was shown is shown, and nothing is asked again.
    """
    before = replace(state, **kept.fields)
    view = before.view
    if isinstance(view, Issuing) and view.request in given:
        slip = Slip.PRINTING if _has_own_printer(before) else Slip.NONE
        before = replace(before, view=Shown(given[view.request], moment.real, slip))
    elif moment.real < kept.real or _is_over(before, moment):
        return state, ()
    after = replace(before, view=_in_time(before.view, moment))
    return after, _again(after, kept)


def _is_over(state: State, moment: StepContext) -> bool:
    """Tell whether the view would have ended by now, so that it is no longer the same person's."""
    left = closes_in(state, moment)
    since = max(state.touched, getattr(state.view, "since", 0.0))
    return moment.real - since >= IDLE_RESET_S or (left is not None and left <= 0)


def _in_time(view: View, moment: StepContext) -> View:
    """Leave a moment for the answer; a void that was under way begins again."""
    if isinstance(view, Issuing):
        since = max(view.since, moment.real - PATIENCE_S + ANSWER_S)
        stage = Stage.ASKING if view.stage is Stage.VOIDING else view.stage
        return replace(view, since=since, stage=stage, answer=None)
    if isinstance(view, Looking) or (isinstance(view, Rating) and view.request):
        return replace(view, since=max(view.since, moment.real - LOOKUP_S + ANSWER_S))
    return view


def _again(state: State, kept: SavedSession) -> tuple[Effect, ...]:
    view = state.view
    if isinstance(view, Shown):
        # The spool prints a ticket of the own series once, however often it is told to.
        waits = view.ticket.channel is Origin.OFFLINE and view.slip is Slip.PRINTING
        return (PrintOffline(view.ticket),) if waits else ()
    asks = kept.ask is not None and kept.ask.id == getattr(view, "request", None)
    return (kept.ask,) if asks and kept.ask is not None else ()


def _has_own_printer(state: State) -> bool:
    return state.config is None or state.config.drives is not None


def ticket_given(id: str, number: str, fields: Mapping[str, Any]) -> Ticket:  # noqa: A002 - the field's name
    """Give the ticket of an own number from what is handed in for it; what cannot be read is a ValueError."""
    offline = fields["offline"]
    return Ticket.model_validate({
        "id": id, "number": number, "token": offline["token"], "service": fields["service"],
        "priority": fields["priority"], "status": Status.WAITING, "channel": Origin.OFFLINE, "lang": fields["lang"],
        "issued_at": offline["at"],
    })  # fmt: skip
