"""A counter, the table of its actions, and what its last action can be taken back to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import CounterStatus
from controller.domain.commands import Action

if TYPE_CHECKING:
    from collections.abc import Mapping

CLOSED, OPEN, PAUSED, CALLING, SERVING = CounterStatus
_AS_NEXT: Final = frozenset({OPEN, CALLING, SERVING})
_IN_HAND: Final = frozenset({CALLING, SERVING})

ALLOWED: Final[Mapping[Action, frozenset[CounterStatus]]] = {
    Action.OPEN: frozenset({CLOSED}),
    Action.CLOSE: frozenset({OPEN, PAUSED}),
    Action.NEXT: _AS_NEXT,
    Action.RECALL: frozenset({CALLING}),
    Action.START: frozenset({CALLING}),
    Action.FINISH: _IN_HAND,
    Action.NO_SHOW: frozenset({CALLING}),
    Action.PARK: _IN_HAND,
    Action.PAUSE: frozenset({OPEN}),
    Action.RESUME: frozenset({PAUSED}),
    Action.UNDO: frozenset({OPEN, PAUSED, CALLING, SERVING}),
    Action.TRANSFER: _IN_HAND,
    Action.CALL: _AS_NEXT,
    Action.RETURN: frozenset(CounterStatus),
    Action.CONTINUE: _IN_HAND,
    Action.WALK_IN: _AS_NEXT,
    Action.HAND_OVER: _IN_HAND,
}
"""In which states of a counter an action is allowed (contract 5, and our three further ones)."""


@dataclass(slots=True)
class UndoPoint:
    """What a counter's last next, call, finish, no_show, park or transfer can be taken back to.

    `act` is the id that its events share. `before` holds the counter's own fields, `tickets` those of every ticket it
    moved with the event that moved it, in that order; `versions` are the tickets' versions since, by this counter.
    """

    act: str
    at: int
    before: dict[str, Any]
    tickets: dict[str, tuple[str, str, dict[str, Any]]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Counter:
    """One counter today. `visit` is in hand; `run` counts its last calls that were all of priority tickets.

    `ended` is the last visit that ended as done: (visit, number, instant). `awaits_since` is set while it has asked
    for the next arrival. `served` counts its calls of today.
    """

    id: str
    status: CounterStatus = CounterStatus.CLOSED
    since: int = 0
    officer: str | None = None
    visit: str | None = None
    reason: str | None = None
    ended: tuple[str, str, int] | None = None
    run: int = 0
    served: int = 0
    last_next_at: int | None = None
    awaits_since: int | None = None
    undo: UndoPoint | None = None

    @property
    def has_in_hand(self) -> bool:
        """Tell whether a visit is in hand."""
        return self.visit is not None


def require(counter: Counter, action: Action) -> None:
    """Refuse an action that the state does not allow: `counter_closed` on a closed counter, else `bad_state`."""
    if counter.status in ALLOWED[action]:
        return
    if counter.status is CounterStatus.CLOSED:
        raise RefusedError(Code.COUNTER_CLOSED, f"counter {counter.id} is closed; open it first")
    raise RefusedError(Code.BAD_STATE, f"counter {counter.id} is {counter.status}; {action} is not possible")
