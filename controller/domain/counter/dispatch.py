"""Actions at a counter: who may do them, what the sender saw, and which module does each (contract 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import CounterStatus
from controller.domain.commands import Action, CounterCommand, NotGiven, Rank
from controller.domain.counter.call import call_next, call_number, recall, return_ticket, start
from controller.domain.counter.continue_visit import continue_visit, hand_over, walk_in
from controller.domain.counter.end import finish, no_show, park, transfer
from controller.domain.counter.open import close, open_counter, pause, resume
from controller.domain.counter.undo import undo
from controller.domain.queue.counter import require
from controller.domain.queue.views import counter_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.domain.decision.builder import DecisionBuilder
    from controller.domain.decision.decision import Decision
    from controller.domain.queue.counter import Counter

_ACTIONS: Final[dict[Action, Callable[[DecisionBuilder, Counter, CounterCommand], None]]] = {
    Action.OPEN: open_counter,
    Action.CLOSE: close,
    Action.NEXT: call_next,
    Action.RECALL: recall,
    Action.START: start,
    Action.FINISH: finish,
    Action.NO_SHOW: no_show,
    Action.PARK: park,
    Action.PAUSE: pause,
    Action.RESUME: resume,
    Action.UNDO: undo,
    Action.TRANSFER: transfer,
    Action.CALL: call_number,
    Action.RETURN: return_ticket,
    Action.CONTINUE: continue_visit,
    Action.WALK_IN: walk_in,
    Action.HAND_OVER: hand_over,
}


def act(builder: DecisionBuilder, command: CounterCommand) -> Decision:
    """Do an action at a counter; the answer is the counter's state."""
    counter = builder.hall.counters.get(command.counter)
    if counter is None:
        raise RefusedError(Code.NOT_FOUND, f"there is no counter {command.counter[:32]!r}")
    _check_rank(counter, command)
    if not _is_bounce(builder, counter, command):
        _check_seen(builder, counter, command)
        require(counter, command.action)
        _ACTIONS[command.action](builder, counter, command)
    return builder.decision(lambda hall: counter_state(hall, counter.id, builder.now))


def _check_rank(counter: Counter, command: CounterCommand) -> None:
    """Keep officers away from a counter that another officer has open."""
    if command.rank is not Rank.OFFICER or counter.status is CounterStatus.CLOSED:
        return
    if counter.officer is not None and counter.officer != command.officer:
        raise RefusedError(Code.NOT_ALLOWED, f"counter {counter.id} is another officer's")


def _is_bounce(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> bool:
    """Tell whether a contact has only bounced."""
    if command.action is not Action.NEXT or command.bounce_ms is None or counter.last_next_at is None:
        return False
    return builder.now - counter.last_next_at < command.bounce_ms


def _check_seen(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:
    """Do nothing for a sender who saw another number in hand."""
    if isinstance(command.seen, NotGiven):
        return
    ticket = builder.hall.in_hand(counter)
    agrees = command.seen is None if ticket is None else command.seen is not None and ticket.is_called(command.seen)
    if not agrees:
        number = "nobody" if ticket is None else ticket.number
        raise RefusedError(Code.BAD_STATE, f"counter {counter.id} has {number} in hand, not {command.seen or 'nobody'}")
