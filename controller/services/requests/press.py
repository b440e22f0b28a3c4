"""A button of a keypad (contract 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Button
from broker.runtime.clock import real_seconds
from controller.domain.commands import UNSAID, Action, CounterCommand, Rank

if TYPE_CHECKING:
    from broker.contract.payloads import Press
    from broker.runtime.clock import Clock

OLD_S = 5.0
"""A press that is older than this many real seconds does nothing."""

BOUNCE_S = 1.0
"""A plain `next` within this many real seconds of the last one is a bouncing contact."""


def act_of(press: Press, counter: str, clock: Clock) -> CounterCommand:
    """Give the action of a press; `bad_request` for an unknown button, `expired` for one that came too late."""
    if press.button not in set(Button):
        raise RefusedError(Code.BAD_REQUEST, f"there is no button {press.button[:32]!r}")
    if press.at is not None and real_seconds(clock, press.at) > OLD_S:
        raise RefusedError(Code.EXPIRED, f"the press is older than {OLD_S:.0f} s")
    return CounterCommand(
        action=Action(press.button),
        counter=counter,
        rank=Rank.KEYPAD,
        seen=press.for_ if press.has_for else UNSAID,
        bounce_ms=None if press.id is not None else int(BOUNCE_S * 1000 * clock.speed),
    )
