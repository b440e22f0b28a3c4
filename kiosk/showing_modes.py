"""The sheet where somebody chooses how the screen shall be; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.faces import AccessBody, Choice
from kiosk.modes import Mode

if TYPE_CHECKING:
    from kiosk.showing import Sight


def sheet(sight: Sight) -> AccessBody:
    """Give every mode with whether it is chosen."""
    choices = tuple(Choice(mode.value, sight.say(f"access.{mode.value}"), mode in sight.state.modes) for mode in Mode)
    return AccessBody(sight.say("access.title"), sight.say("access.note"), choices, sight.say("access.done"))
