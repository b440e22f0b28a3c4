"""How a citizen wants the screen: low, large, in high contrast, read aloud; chosen on a sheet over any view; pure."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.events import Action, GoBack, GoHome, OpenModes, Speak, Stay, ToggleMode, WalkAway

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from kiosk.states import State


class Mode(StrEnum):
    """One thing that may be different for a person; all of them combine."""

    LOW = "low"
    LARGE = "large"
    CONTRAST = "contrast"
    SPOKEN = "spoken"


NO_MODES: frozenset[Mode] = frozenset()
ON_THE_SHEET = (OpenModes, ToggleMode, GoBack, GoHome, WalkAway, Speak, Stay)
"""What can be done while the sheet is open; it hides everything else."""


def belongs(state: State, action: Action) -> bool:
    """Tell whether an action can be meant: while the sheet is open, only what stands on it."""
    return not state.modes_open or isinstance(action, ON_THE_SHEET)


def choose(state: State, action: OpenModes | ToggleMode | GoBack) -> State:
    """Open the sheet, choose a mode or take it back, close the sheet; a mode that nobody knows changes nothing."""
    match action:
        case OpenModes():
            return replace(state, modes_open=not state.modes_open)
        case ToggleMode(mode) if mode in set(Mode) and (mode != Mode.SPOKEN or state.speaks):
            return replace(state, modes=state.modes ^ {Mode(mode)})
        case GoBack():
            return replace(state, modes_open=False)
        case _:
            return state


def uncovered(before: State, after: State) -> State:
    """Close the sheet when the view beneath became another one by itself: a number that comes must be seen."""
    if after.modes_open and type(before.view) is not type(after.view):
        return replace(after, modes_open=False)
    return after


def pace(modes: AbstractSet[Mode]) -> float:
    """Give by how much longer than usual a screen waits: listening takes longer than reading."""
    return 2.0 if Mode.SPOKEN in modes else 1.0
