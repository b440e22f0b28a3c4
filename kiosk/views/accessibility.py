"""The sheet where somebody chooses how the screen shall be; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.flow.modes import Mode
from kiosk.views.parts import Choice

if TYPE_CHECKING:
    from kiosk.views.context import ViewContext


@dataclass(frozen=True, slots=True)
class AccessBody:
    """The choice of how the screen shall be."""

    title: str
    note: str
    choices: tuple[Choice, ...]
    done: str


_ICONS = {Mode.LOW: "wheelchair", Mode.LARGE: "letters", Mode.CONTRAST: "contrast", Mode.SPOKEN: "speaker"}


def sheet(context: ViewContext) -> AccessBody:
    """Give every mode with whether it is chosen; reading aloud only where something can be heard."""
    offered = [mode for mode in Mode if mode is not Mode.SPOKEN or context.state.speaks]
    choices = tuple(
        Choice(mode, context.say(f"access.{mode}"), mode in context.state.modes, _ICONS[mode]) for mode in offered
    )
    return AccessBody(context.say("access.title"), context.say("access.note"), choices, context.say("access.done"))
