"""The sheet where somebody chooses how the screen shall be; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.flow.modes import Mode
from kiosk.views.view import AccessBody, Choice

if TYPE_CHECKING:
    from kiosk.views.context import Sight


_ICONS = {Mode.LOW: "wheelchair", Mode.LARGE: "letters", Mode.CONTRAST: "contrast", Mode.SPOKEN: "speaker"}


def sheet(sight: Sight) -> AccessBody:
    """Give every mode with whether it is chosen; reading aloud only where something can be heard."""
    offered = [mode for mode in Mode if mode is not Mode.SPOKEN or sight.state.speaks]
    choices = tuple(
        Choice(mode, sight.say(f"access.{mode}"), mode in sight.state.modes, _ICONS[mode]) for mode in offered
    )
    return AccessBody(sight.say("access.title"), sight.say("access.note"), choices, sight.say("access.done"))
