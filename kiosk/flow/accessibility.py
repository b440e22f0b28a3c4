"""How a citizen wants the screen: low, large, in high contrast, read aloud; chosen on a sheet over any view; pure.

Where there are many languages they are chosen on a sheet too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow.actions import Action, GoBack, GoHome, OpenLanguages, OpenModes, Speak, Stay, ToggleMode, WalkAway
from kiosk.flow.modes import Mode

if TYPE_CHECKING:
    from kiosk.flow.state import State


ON_THE_SHEET = (OpenModes, OpenLanguages, ToggleMode, GoBack, GoHome, WalkAway, Speak, Stay)
"""What can be done while a sheet is open; it hides everything else."""


def belongs(state: State, action: Action) -> bool:
    """Tell whether an action can be meant: while a sheet is open, only what stands on one."""
    return not sheet_open(state) or isinstance(action, ON_THE_SHEET)


def sheet_open(state: State) -> bool:
    """Tell whether a sheet lies over the view."""
    return state.modes_open or state.languages_open


def closed(state: State) -> State:
    """Take the sheet away."""
    return replace(state, modes_open=False, languages_open=False)


def choose(state: State, action: OpenModes | OpenLanguages | ToggleMode | GoBack) -> State:
    """Open a sheet, choose a mode or take it back, close the sheet; a mode that nobody knows changes nothing."""
    match action:
        case OpenModes():
            return replace(closed(state), modes_open=not state.modes_open)
        case OpenLanguages():
            return replace(closed(state), languages_open=not state.languages_open)
        case ToggleMode(mode) if mode in set(Mode) and (mode != Mode.SPOKEN or state.speaks):
            return replace(state, modes=state.modes ^ {Mode(mode)})
        case GoBack():
            return closed(state)
        case _:
            return state


def uncovered(before: State, after: State) -> State:
    """Close the sheet when the view beneath became another one by itself: a number that comes must be seen."""
    return closed(after) if sheet_open(after) and type(before.view) is not type(after.view) else after
