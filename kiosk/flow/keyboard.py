"""Typing a service or the number of a slip, key by key; pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow import telex
from kiosk.flow.actions import Action, EraseKey, LookUp, OpenFind, OpenSearch, ToggleTelex, TypeKey
from kiosk.flow.effects import Ask, Transition
from kiosk.flow.rejected_tickets import NOT_TAKEN, has_number
from kiosk.flow.state import (
    Find,
    Found,
    Groups,
    Looking,
    Notice,
    ProcedureGroups,
    Procedures,
    Search,
    Services,
    State,
    Welcome,
)

if TYPE_CHECKING:
    from kiosk.flow.context import StepContext

LONGEST_NUMBER = 10
LONGEST_SEARCH = 40
TELEX_LANGUAGE = "vi"


def typing(state: State, action: Action, moment: StepContext) -> Transition:
    """Give the state after a touch of a screen with a keyboard, or of the way to one."""
    view = state.view
    match action:
        case OpenFind():
            return (replace(state, view=Find()) if isinstance(view, Welcome | Found | Notice) else state), ()
        case OpenSearch() if isinstance(view, Groups | Services | ProcedureGroups | Procedures):
            of_procedures = isinstance(view, ProcedureGroups | Procedures)
            return replace(state, view=Search(telex=state.lang == TELEX_LANGUAGE, procedures=of_procedures)), ()
        case _ if isinstance(view, Search):
            return replace(state, view=_searching(view, action)), ()
        case _ if isinstance(view, Find):
            return _finding(state, view, action, moment)
        case _:
            return state, ()


def _searching(view: Search, action: Action) -> Search:
    match action:
        case TypeKey(key) if len(key) == 1 and key.isprintable() and len(view.typed) < LONGEST_SEARCH:
            return replace(view, typed=_after(view, key.lower()))
        case EraseKey():
            return replace(view, typed=telex.erase(view.typed) if view.telex else view.typed[:-1])
        case ToggleTelex():
            return replace(view, telex=not view.telex)
        case _:
            return view


def _after(view: Search, key: str) -> str:
    if key == " " and view.typed[-1:] in {"", " "}:
        return view.typed
    return telex.type_key(view.typed, key) if view.telex else view.typed + key


def _finding(state: State, view: Find, action: Action, moment: StepContext) -> Transition:
    match action:
        case TypeKey(key) if len(view.typed) < LONGEST_NUMBER and len(key) == 1 and (key.isalnum() or key == "-"):
            return replace(state, view=Find(view.typed + key.upper())), ()
        case EraseKey():
            return replace(state, view=Find(view.typed[:-1])), ()
        case LookUp() if _is_refused(state, view.typed, moment):
            return replace(state, view=Notice(NOT_TAKEN, moment.real)), ()
        case LookUp() if view.typed:
            looking = Looking(moment.id, moment.real, None)
            return replace(state, view=looking), (Ask(moment.id, "lookup", {"number": view.typed}),)
        case _:
            return state, ()


def _is_refused(state: State, number: str, moment: StepContext) -> bool:
    return state.config is not None and has_number(state.refused, number, moment.day, state.config.centre.timezone)
