"""The wait for a number; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.flow.state import Stage
from kiosk.views.messages import BusyBody

if TYPE_CHECKING:
    from kiosk.flow.state import Issuing
    from kiosk.views.context import ViewContext

SLOW_AFTER_S = 1.5


def issuing(context: ViewContext, view: Issuing) -> BusyBody:
    """Give the wait for a number, and from when on it is said that it takes longer."""
    if view.stage is Stage.PRINTED:
        return BusyBody(context.say("issuing.printed"), context.say("issuing.note"))
    slow = context.moment.real - view.since >= SLOW_AFTER_S
    return BusyBody(context.say("issuing.title"), context.say("issuing.slow" if slow else "issuing.note"))
