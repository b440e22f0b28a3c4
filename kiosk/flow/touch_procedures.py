"""What a finger does where procedures are read; pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow import procedures
from kiosk.flow.actions import NumberForThis, OpenProcedures, ReadProcedure, TurnList
from kiosk.flow.state import (
    Confirm,
    ProcedureGroups,
    Procedures,
    Reading,
    Search,
    Services,
    State,
    Welcome,
    service_open,
)

if TYPE_CHECKING:
    from kiosk.flow.actions import Action
    from kiosk.flow.context import Moment
    from kiosk.flow.effects import Effect
    from kiosk.flow.procedure_list import Book
    from kiosk.flow.state import View

Next = tuple[State, tuple["Effect", ...]]


ACTIONS = (OpenProcedures, ReadProcedure, TurnList, NumberForThis)
"""What a finger can do only where procedures are read, or to get there."""


def read(state: State, action: Action, moment: Moment) -> Next:
    """Give the state after a touch, and what is to be done."""
    view = state.view
    match action:
        case OpenProcedures() if isinstance(view, Welcome) and state.book.titles:
            return replace(state, view=ProcedureGroups()), ()
        case TurnList(by) if isinstance(view, Procedures):
            start = procedures.stretch_of(state, view).start // procedures.STRETCH + by
            turned = replace(view, stretch=max(0, start))
            found = procedures.stretch_of(state, turned)
            return replace(state, view=replace(view, stretch=found.start // procedures.STRETCH)), ()
        case ReadProcedure(code) if isinstance(view, Procedures | Search) and _lists(view) and state.book.title(code):
            return replace(state, view=Reading(code, view)), ()
        case NumberForThis() if isinstance(view, Reading):
            return _take(state, view, moment), ()
        case _:
            return state, ()


def open_group(state: State, group: str) -> State:
    """Show the procedures of a group."""
    return replace(state, view=Procedures(group)) if group in procedures.groups_of(state) else state


def back(view: View) -> View | None:
    """Give the view one screen back; None for one that belongs to no reading."""
    if isinstance(view, Reading):
        return view.back
    return ProcedureGroups() if _lists(view) else None


def _lists(view: View) -> bool:
    """Tell whether procedures can be chosen."""
    return isinstance(view, Procedures) or (isinstance(view, Search) and view.procedures)


def another_book(state: State, book: Book) -> State:
    """Take another list; whoever reads what it no longer has goes back to what there is."""
    after = replace(state, book=book)
    view = after.view.back if isinstance(after.view, Reading) and not book.title(after.view.code) else after.view
    if (isinstance(view, Procedures) and view.group not in procedures.groups_of(after)) or (
        isinstance(view, Search) and view.procedures and not book.titles
    ):
        view = ProcedureGroups()
    return replace(after, view=Welcome() if isinstance(view, ProcedureGroups) and not book.titles else view)


def _take(state: State, view: Reading, moment: Moment) -> State:
    """Ask whether a number is wanted, where it is clear for which service; else let the service be chosen."""
    title = state.book.title(view.code)
    if title is None or state.config is None:
        return state
    services = procedures.services_for(state.config, title)
    if not any(service_open(state, service, moment.instant) for service in services):
        return state
    if len(services) > 1:
        return replace(state, view=Services(title.group or ""))
    return replace(state, view=Confirm(services[0], view))
