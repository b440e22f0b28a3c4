"""What each touch does in each view; a touch that does not belong to the view does nothing; pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow import confirm, issue, procedures, rating_scale, staff
from kiosk.flow.actions import (
    Action,
    AskCancel,
    Begin,
    CancelNumber,
    EraseKey,
    GiveScore,
    GoBack,
    GoHome,
    GoOn,
    LookUp,
    OpenFind,
    OpenGroup,
    OpenPriorities,
    OpenSearch,
    Speak,
    TakeNumber,
    TakePriority,
    TakeService,
    ToggleReason,
    ToggleTelex,
    TypeKey,
)
from kiosk.flow.config import NORMAL
from kiosk.flow.effects import Ask, Transition
from kiosk.flow.keyboard import typing
from kiosk.flow.modes import NO_MODES
from kiosk.flow.state import (
    MENUS,
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
    Priorities,
    ProcedureGroups,
    Procedures,
    Rating,
    Reading,
    ReceiptRead,
    Search,
    Services,
    State,
    View,
    Welcome,
    anything_open,
)

if TYPE_CHECKING:
    from kiosk.flow.context import StepContext


def home(state: State, moment: StepContext) -> State:
    """Give the first screen, in the centre's first language, with nothing left of the person before."""
    lang = state.config.languages[0] if state.config else state.lang
    config = state.config.narrow or state.config if state.config else None
    return replace(
        state, config=config, view=Welcome(), lang=lang, priority=NORMAL, warned=False, touched=moment.real,
        modes=NO_MODES, modes_open=False, languages_open=False,
    )  # fmt: skip


def touch(state: State, action: Action, moment: StepContext) -> Transition:
    """Give the state after a touch, and what is to be done."""
    if state.config is None:
        return state, ()
    match action:
        case GoHome() | GoBack():
            return _leave(state, action, moment), ()
        case Speak(lang):
            return replace(state, lang=lang if lang in state.config.languages else state.lang), ()
        case Begin() | OpenGroup() | OpenPriorities() | TakePriority():
            return _menus(state, action, moment), ()
        case TakeService() | TakeNumber() | AskCancel() | CancelNumber():
            return _take(state, action, moment)
        case OpenFind() | OpenSearch() | TypeKey() | EraseKey() | LookUp() | ToggleTelex():
            return typing(state, action, moment)
        case GiveScore() | ToggleReason() | GoOn():
            return _rating(state, action, moment)
        case _:
            may_read = isinstance(action, procedures.ACTIONS)
            return (procedures.read if may_read else staff.touch)(state, action, moment)


def _take(state: State, action: TakeService | TakeNumber | AskCancel | CancelNumber, moment: StepContext) -> Transition:
    if not isinstance(action, TakeService):
        return confirm.answer(state, action, moment)
    view, service = state.view, action.service
    match view:
        case Groups() | Services() | Search():
            return confirm.choose(state, view, service, moment)
        case ReceiptRead(dossier) if state.config and state.config.receipt and service in state.config.receipt.services:
            return issue.begin(state, service, moment, dossier=dossier)
        case _:
            return state, ()


def _leave(state: State, action: GoHome | GoBack, moment: StepContext) -> State:
    view = state.view
    if isinstance(view, Issuing | Looking | Cancelling) or (isinstance(view, Rating) and view.request):
        return state
    if isinstance(action, GoBack) and (back := _one_back(state, view, moment)) is not None:
        return back
    return _first_screen(state, moment)


def _one_back(state: State, view: View, moment: StepContext) -> State | None:
    """Give the screen before; None when that is the first one."""
    match view:
        case Services() | CardWanted() | Search() | Procedures() | Reading():
            return replace(state, view=procedures.back(view) or Groups())
        case Priorities(back) | Confirm(back=back):
            return replace(state, view=back)
        case ConfirmCancel():
            return confirm.kept(state, view, moment)
        case Found():
            return replace(state, view=Find())
        case Notice(back=back) if back is not None:
            return replace(state, view=back)
        case Rating(answers=answers) if answers.score is not None:
            return replace(state, view=replace(view, answers=rating_scale.Answers()))
        case _:
            return None


def _first_screen(state: State, moment: StepContext) -> State:
    """Begin anew; who goes back on the way is still there and keeps the modes that they need to go on."""
    kept = state.modes if isinstance(state.view, MENUS) else NO_MODES
    return replace(home(state, moment), modes=kept)


def _menus(state: State, action: Action, moment: StepContext) -> State:
    config, view = state.config, state.view
    match action:
        case Begin() if isinstance(view, Welcome) and anything_open(state, moment.instant):
            return replace(state, view=Groups())
        case OpenGroup(group) if isinstance(view, Groups) and config and config.of_group(group):
            return replace(state, view=Services(group))
        case OpenGroup(group) if isinstance(view, ProcedureGroups):
            return procedures.open_group(state, group)
        case OpenPriorities() if isinstance(view, Groups | Services | Confirm) and config and config.priorities:
            return replace(state, view=Priorities(view))
        case TakePriority(priority) if isinstance(view, Priorities) and config:
            known = priority == NORMAL or any(entry.id == priority for entry in config.priorities)
            return replace(state, view=view.back, priority=priority) if known else state
        case _:
            return state


def _rating(state: State, action: Action, moment: StepContext) -> Transition:
    view = state.view
    if not isinstance(view, Rating) or view.request or state.config is None:
        return state, ()
    rating, answers = state.config.rating, view.answers
    match action:
        case GiveScore(score):
            answers = rating_scale.choose_level(rating, answers, score)
        case ToggleReason(code) if rating_scale.question(rating, answers) is rating_scale.Question.REASONS:
            answers = rating_scale.toggle_reason(rating, answers, code)
        case GoOn():
            answers = rating_scale.leave_reasons(rating, answers)
    if answers.score is None or rating_scale.question(rating, answers) is not rating_scale.Question.NOTHING:
        return replace(state, view=replace(view, answers=answers)), ()
    sent = replace(view, answers=answers, request=moment.id, since=moment.real)
    fields = {"token": view.token, **rating_scale.rate_fields(rating, answers)}
    return replace(state, view=sent), (Ask(moment.id, "rate", fields),)
