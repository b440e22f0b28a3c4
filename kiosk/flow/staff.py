"""What the staff do at a kiosk, behind a PIN: take a number for somebody, print again, look at it, leave; pure.

A kiosk has no such menu without a `pin` in its configuration. What the controller grants to staff only is not granted
here either: a kiosk's word that somebody typed a PIN proves nothing to it (decision 10).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow.actions import Action, OpenStaff, PinEnter, PinErase, PinKey, TakeTask
from kiosk.flow.effects import Ask, CheckPin, Forget, Leave, LookAround, PrintTrial, Transition
from kiosk.flow.events import LookedAround, PinChecked, Replied, TrialEnded
from kiosk.flow.state import Groups, Pin, Staff, State, Task

if TYPE_CHECKING:
    from kiosk.flow.context import StepContext
    from kiosk.flow.keys import Key

LONGEST_PIN = 12
PIN_S = 20.0
"""So long after the last touch a PIN that was not finished is forgotten."""
TASK_S = 15.0
"""After so long nothing more is expected of a task."""
TWICE = frozenset({Task.RESTART, Task.EXIT})
"""Tasks that are done at their second touch."""


def touch(state: State, action: Action, moment: StepContext) -> Transition:
    """Give the state after a touch of the staff; any other changes nothing."""
    view = state.view
    if isinstance(action, OpenStaff):
        may = state.config is not None and state.config.pin is not None and not isinstance(view, Pin | Staff)
        may = may and not getattr(view, "request", None)
        return (replace(state, view=Pin()) if may else state), ()
    if isinstance(action, TakeTask):
        known = isinstance(view, Staff) and view.request is None and action.task in set(Task)
        return _task(state, Task(action.task), moment) if known else (state, ())
    if not isinstance(view, Pin) or view.request is not None or view.locked_until > moment.real:
        return state, ()
    match action:
        case PinKey(digit) if digit in "0123456789" and len(digit) == 1 and len(view.typed) < LONGEST_PIN:
            return replace(state, view=Pin(view.typed + digit)), ()
        case PinErase():
            return replace(state, view=Pin(view.typed[:-1])), ()
        case PinEnter() if view.typed:
            return replace(state, view=replace(view, request=moment.id)), (CheckPin(moment.id, view.typed),)
        case _:
            return state, ()


def press(state: State, key: Key, moment: StepContext) -> Transition:
    """Take a key of a keyboard while a PIN is asked for."""
    digit = key.name.removeprefix("numpad")
    if key.name == "enter":
        return touch(state, PinEnter(), moment)
    if key.name == "backspace":
        return touch(state, PinErase(), moment)
    return touch(state, PinKey(digit), moment)


def answered(state: State, event: PinChecked | LookedAround | TrialEnded, moment: StepContext) -> Transition:
    """Take what became of a look or a task; what nobody waits for any more changes nothing."""
    view = state.view
    match event:
        case PinChecked(request, ok, left_s) if isinstance(view, Pin) and view.request == request:
            if ok:
                return replace(state, view=Staff(), touched=moment.real), (LookAround(),)
            return replace(state, view=Pin(wrong=True, locked_until=moment.real + left_s), touched=moment.real), ()
        case LookedAround(about) if isinstance(view, Staff):
            return replace(state, view=replace(view, about=about)), ()
        case TrialEnded(request, ok, error) if isinstance(view, Staff) and view.request == request:
            said = {True: "printed", False: "failed", None: "unknown"}[ok]
            return replace(state, view=Staff(view.about, said=said, code=error or "")), (LookAround(),)
        case _:
            return state, ()


def replied(state: State, view: Staff, reply: Replied) -> Transition:
    """Take the answer to a reprint: the copy has been ordered, or why it has not."""
    said = Staff(view.about, said="ordered" if reply.code is None else "refused", code=reply.code or "")
    return replace(state, view=said), (LookAround(),)


def wait(state: State, view: Staff, moment: StepContext) -> Transition:
    """Let time pass in the staff's menu."""
    if view.request is None or moment.real - view.since < TASK_S:
        return state, ()
    return replace(state, view=Staff(view.about, said="unknown")), (Forget(view.request), LookAround())


def _task(state: State, task: Task, moment: StepContext) -> Transition:
    view = state.view
    if not isinstance(view, Staff) or state.config is None:
        return state, ()
    if task in TWICE and view.sure is not task:
        return replace(state, view=Staff(view.about, sure=task)), ()
    waits = Staff(view.about, request=moment.id, since=moment.real)
    match task:
        case Task.ASSIST:
            return replace(state, config=state.config.widened(), view=Groups()), ()
        case Task.REPRINT if state.last is not None and state.last.token is not None:
            return replace(state, view=waits), (Ask(moment.id, "reprint", {"token": state.last.token}),)
        case Task.TEST if state.own_printer:
            return replace(state, view=waits), (PrintTrial(moment.id),)
        case Task.RESTART | Task.EXIT:
            return replace(state, view=Staff(view.about)), (Leave(restart=task is Task.RESTART),)
        case _:
            return replace(state, view=Staff(view.about)), ()
