"""The kiosk's flow: `step(state, event, moment)` gives the next state and what is to be done; pure.

    state     kiosk/flow/state.py     what is known and which view is shown
    event     kiosk/flow/events.py     a touch, a reply, a configuration, the passing of time
    effects   kiosk/flow/effects.py    requests, prints, what goes to disk; showing the state is not an effect

Every view has a way back to the first screen: by touch, by reply, or by time alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from broker.contract.errors import Code
from broker.contract.payloads import Status
from kiosk.flow import accessibility, confirm, issue, modes, procedures, scan, staff, touch
from kiosk.flow.actions import Action, GoBack, GoHome, OpenLanguages, OpenModes, Speak, ToggleMode, WalkAway
from kiosk.flow.config import NORMAL
from kiosk.flow.effects import Forget, Remember, Transition
from kiosk.flow.events import (
    Configured,
    CounterChanged,
    DiskChanged,
    Event,
    Identify,
    LiveChanged,
    LookedAround,
    OfflineRejected,
    OfflineSubmitted,
    PinChecked,
    Pressed,
    PrinterAttached,
    ProceduresChanged,
    Replied,
    Scanned,
    SeriesLearned,
    ServiceChanged,
    SlipEnded,
    Tick,
    Touched,
    TrialEnded,
    VoidAnswered,
)
from kiosk.flow.state import (
    MENUS,
    Cancelled,
    Cancelling,
    Confirm,
    Found,
    Groups,
    Issuing,
    Looking,
    Notice,
    Pin,
    Priorities,
    Rating,
    Reading,
    Services,
    Shown,
    Staff,
    State,
    Thanks,
    Welcome,
)

if TYPE_CHECKING:
    from kiosk.flow.config import KioskConfig
    from kiosk.flow.context import StepContext
    from kiosk.flow.state import View
Answered = (
    Replied
    | VoidAnswered
    | SlipEnded
    | OfflineSubmitted
    | OfflineRejected
    | PinChecked
    | LookedAround
    | TrialEnded
    | DiskChanged
    | SeriesLearned
)
Learnt = Configured | ServiceChanged | CounterChanged | PrinterAttached | LiveChanged | Identify

IDLE_WARNING_S = 40.0
IDLE_RESET_S = 60.0
READING_MORE_S = 90.0
"""Somebody who reads touches nothing for a while."""
TICKET_S = 30.0
NOTICE_S = 20.0
PASSING_S = 10.0
"""A notice after which the view before comes back: long enough to be read."""
THANKS_S = 6.0
LOOKUP_S = 8.0
IDENTIFY_S = 10.0


def step(state: State, event: Event, moment: StepContext) -> Transition:
    """Give the state after an event, and what is to be done."""
    after, effects = _step(state, event, moment)
    return accessibility.uncovered(state, after), effects


def _step(state: State, event: Event, moment: StepContext) -> Transition:
    match event:
        case Tick():
            after, effects = _tick(state, moment)
            after, asked = scan.keep_key(after, moment)
            return after, (*effects, *asked)
        case Touched(action):
            return _touched(replace(state, touched=moment.real, warned=False), action, moment)
        case Scanned():
            return scan.scan(state, event, moment)
        case Pressed(key) if isinstance(state.view, Pin):
            return staff.press(replace(state, touched=moment.real), key, moment)
        case Pressed():
            return replace(state, touched=moment.real, warned=False), ()
        case ProceduresChanged(book):
            return procedures.another_book(state, book), ()
        case Configured() | ServiceChanged() | CounterChanged() | PrinterAttached() | LiveChanged() | Identify():
            return _learn(state, event, moment)
        case _:
            return _answered(state, event, moment)


def _touched(state: State, action: Action, moment: StepContext) -> Transition:
    if state.config is None or not accessibility.belongs(state, action):
        return state, ()
    match action:
        case OpenModes() | OpenLanguages() | ToggleMode():
            return accessibility.choose(state, action), ()
        case GoBack() if accessibility.sheet_open(state):
            return accessibility.choose(state, action), ()
        case Speak() if state.languages_open:
            return touch.touch(accessibility.closed(state), action, moment)
        case WalkAway():
            return touch.touch(replace(state, modes=modes.NO_MODES), GoHome(), moment)
        case _:
            return touch.touch(state, action, moment)


def _learn(state: State, event: Learnt, moment: StepContext) -> Transition:
    match event:
        case Configured(config):
            return _configure(state, config, moment)
        case ServiceChanged(service, heard):
            others = {key: value for key, value in state.services.items() if key != service}
            return replace(state, services={**others, service: heard} if heard else others), (Remember(),)
        case CounterChanged(counter, label):
            labels = {key: value for key, value in state.labels.items() if key != counter}
            return replace(state, labels={**labels, counter: label} if label else labels), (Remember(),)
        case PrinterAttached(there):
            return replace(state, own_printer=there), ()
        case LiveChanged(live):
            return replace(state, live=live), ()
        case Identify():
            return replace(state, identify_until=moment.real + IDENTIFY_S), ()


def _answered(state: State, event: Answered, moment: StepContext) -> Transition:
    view = state.view
    match event:
        case Replied():
            return _reply(state, event, moment)
        case VoidAnswered(request) if isinstance(view, Issuing) and view.request == request:
            return issue.voided(state, view, event, moment)
        case SlipEnded():
            return issue.slip_ended(state, event), ()
        case OfflineSubmitted() | OfflineRejected():
            return issue.hand_in_ended(state, event, moment), ()
        case DiskChanged():
            return issue.disk_changed(state, event), ()
        case SeriesLearned(series):
            return issue.series_told(state, series)
        case PinChecked() | LookedAround() | TrialEnded():
            return staff.answered(state, event, moment)
        case _:
            return state, ()


def closes_in(state: State, moment: StepContext) -> float | None:
    """Give the seconds until the view goes back to the first screen by itself; None when it does not."""
    view, pace = state.view, modes.pace(state.modes)
    idle = state.touched + IDLE_RESET_S * pace - moment.real
    match view:
        case Issuing() | Looking() | Cancelling():
            return None
        case Rating() if view.request:
            return None
        case Pin():
            return state.touched + staff.PIN_S - moment.real
        case _ if accessibility.sheet_open(state):
            return idle
        case Reading():
            return idle + READING_MORE_S * pace
        case Shown() | Notice() | Thanks() | Cancelled():
            since = max(view.since, state.touched) if isinstance(view, Shown) else view.since
            return since + _stands_s(view) * pace - moment.real
        case Welcome():
            return idle if _welcomes_somebody(state) else None
        case _:
            return idle


def _stands_s(view: Shown | Notice | Thanks | Cancelled) -> float:
    match view:
        case Cancelled():
            return NOTICE_S
        case Shown():
            return TICKET_S
        case Notice():
            return NOTICE_S if view.back is None else PASSING_S
        case Thanks():
            return THANKS_S


def _welcomes_somebody(state: State) -> bool:
    """Tell whether the first screen stands as somebody wanted it, and not as it waits for the next."""
    return state.config is not None and (state.lang != state.config.languages[0] or bool(state.modes))


def _tick(state: State, moment: StepContext) -> Transition:
    view = state.view
    left = closes_in(state, moment)
    if left is not None and left <= 0 and isinstance(view, Notice) and view.back is not None:
        return replace(state, view=view.back, touched=moment.real), ()
    if left is not None and left <= 0:
        return touch.home(state, moment), ()
    if isinstance(view, Issuing):
        return issue.wait(state, view, moment)
    if isinstance(view, Staff) and view.request:
        return staff.wait(state, view, moment)
    if isinstance(view, Cancelling):
        return confirm.wait_cancelled(state, view, moment)
    if isinstance(view, Shown):
        return issue.slip_waits(state, view, moment), ()
    pending = view.request if isinstance(view, Looking | Rating) else None
    if pending and isinstance(view, Looking | Rating) and moment.real - view.since >= LOOKUP_S:
        return replace(state, view=Notice(Code.TRY_AGAIN, moment.real)), (Forget(pending),)
    warned = (
        left is not None
        and left <= IDLE_RESET_S - IDLE_WARNING_S
        and (isinstance(view, MENUS) or accessibility.sheet_open(state))
    )
    return (state if warned == state.warned else replace(state, warned=warned)), ()


def _configure(state: State, config: KioskConfig | None, moment: StepContext) -> Transition:
    state = replace(state, config=config, touched=moment.real if state.config is None else state.touched)
    if config is None:
        return (state if isinstance(state.view, Shown) else touch.home(state, moment)), (Remember(),)
    if state.lang not in config.languages:
        state = replace(state, lang=config.languages[0])
    if state.priority != NORMAL and state.priority not in {priority.id for priority in config.priorities}:
        state = replace(state, priority=NORMAL)
    return (state if _stands(state.view, config) else replace(state, view=Groups())), (Remember(),)


def _stands(view: View, config: KioskConfig) -> bool:
    """Tell whether what a view chooses from is still there."""
    match view:
        case Services(group):
            return bool(config.of_group(group))
        case Confirm(service, back):
            return config.service(service) is not None and _stands(back, config)
        case Priorities(back):
            return _stands(back, config)
        case _:
            return True


def _reply(state: State, reply: Replied, moment: StepContext) -> Transition:
    view = state.view
    if reply.request == state.identity.request:
        return scan.take_key(state, reply, moment), ()
    if isinstance(view, Issuing) and view.request == reply.request:
        return issue.answered(state, view, reply, moment)
    if isinstance(view, Looking) and view.request == reply.request:
        return _found(state, view, reply, moment), ()
    if isinstance(view, Cancelling) and view.request == reply.request:
        return confirm.cancelled(state, reply, moment), ()
    if isinstance(view, Staff) and view.request == reply.request:
        return staff.replied(state, view, reply)
    if isinstance(view, Rating) and view.request == reply.request:
        ended = Thanks(moment.real) if reply.code is None else Notice(reply.code, moment.real)
        return replace(state, view=ended), ()
    return state, ()


def _found(state: State, view: Looking, reply: Replied, moment: StepContext) -> State:
    ticket = issue.ticket_of(reply.result)
    if ticket is None:
        return replace(state, view=Notice(reply.code or Code.NOT_FOUND, moment.real))
    state = replace(state, touched=moment.real)
    has_scale = state.config is not None and bool(state.config.rating.levels)
    if view.token and has_scale and ticket.status is Status.DONE:
        return replace(state, view=Rating(view.token, ticket))
    return replace(state, view=Found(ticket))
