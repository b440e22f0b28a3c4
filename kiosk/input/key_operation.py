"""What a key that a person presses means on a screen; pure. What a code reader types never comes here.

    arrows, Tab     the focus goes to another target            Enter, space    the target with the focus is chosen
    1 to 9          the target of that number is chosen         0               the choice of how the screen shall be
    * or F8         the screen is read aloud, or no longer      Escape, Backspace   one screen back, never out

On a screen where something is typed, letters, digits and Backspace are for that; of a PIN they stay with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.flow.actions import EraseKey, GoBack, OpenModes, Stay, ToggleMode, TypeKey
from kiosk.flow.modes import Mode
from kiosk.views.staff import PinBody

if TYPE_CHECKING:
    from kiosk.flow.actions import Action
    from kiosk.flow.keys import Key
    from kiosk.views.view_model import ViewModel

ARROWS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
LISTEN = ("numpad*", "f8")


@dataclass(frozen=True, slots=True)
class Go:
    """The focus goes in a direction (x, y)."""

    step: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pass:
    """The focus goes to the next target in reading order."""


@dataclass(frozen=True, slots=True)
class Choose:
    """The target with the focus is chosen."""


@dataclass(frozen=True, slots=True)
class Nth:
    """The target of a number, from 1, is chosen."""

    number: int


@dataclass(frozen=True, slots=True)
class Do:
    """Something is done that needs no target."""

    action: Action


Operation = Go | Pass | Choose | Nth | Do


def operation(key: Key, face: ViewModel) -> Operation | None:
    """Give what a key means on a face; None when it is not for operating it."""
    name = key.name
    if name in ARROWS:
        return Go(ARROWS[name])
    if name in LISTEN:
        return Do(ToggleMode(Mode.SPOKEN))
    if name == "escape":
        return Do(Stay() if face.warning else GoBack())
    if name in {"tab", "enter"}:
        return Pass() if name == "tab" else Choose()
    if isinstance(face.body, PinBody):
        return None
    return _typed(key) if hasattr(face.body, "typed") and face.warning is None else _plain(key, face)


def _typed(key: Key) -> Operation | None:
    if key.name == "backspace":
        return Do(EraseKey())
    character = key.typed or key.meant
    return Do(TypeKey(character)) if len(character) == 1 and character.isprintable() else None


def _plain(key: Key, face: ViewModel) -> Operation | None:
    name = key.name.removeprefix("numpad")
    if name == "backspace":
        return Do(Stay() if face.warning else GoBack())
    if name == "space":
        return Choose()
    if name == "0":
        return Do(OpenModes())
    return Nth(int(name)) if len(name) == 1 and name in "123456789" else None
