"""Opening, closing and pausing a counter, and whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broker.contract.errors import Code, RefusedError
from controller.domain.commands import CounterCommand, Rank
from controller.domain.events import EventType

if TYPE_CHECKING:
    from controller.domain.decision.builder import DecisionBuilder
    from controller.domain.queue.counter import Counter


def open_counter(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:
    """Open a counter for whoever opens it; by keypad, for its configured officer."""
    officer = command.officer
    if command.rank is Rank.KEYPAD:
        officer = builder.centre.counters[counter.id].officer
    if command.rank is not Rank.SUPERVISOR:
        leave_other(builder, counter, officer)
    builder.tell_counter(EventType.COUNTER_OPENED, counter, officer)


def leave_other(builder: DecisionBuilder, counter: Counter, officer: str | None) -> None:
    """Close the counter that an officer has open elsewhere; `bad_state` with a visit in hand there."""
    other = builder.hall.counter_of(officer)
    if other is None or other is counter:
        return
    if other.has_in_hand:
        raise RefusedError(Code.BAD_STATE, f"a visit is in hand at counter {other.id}; end it first")
    builder.tell_counter(EventType.COUNTER_CLOSED, other, other.officer, reason="moved")


def close(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:  # noqa: ARG001 - all actions are called alike
    """Close a counter that has nobody in hand."""
    builder.tell_counter(EventType.COUNTER_CLOSED, counter, counter.officer)


def pause(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:
    """Pause, with a reason: a configured code, or words of one's own, which are kept out of the event."""
    subject = f"{counter.id}:{builder.now}"
    builder.tell_counter(
        EventType.COUNTER_PAUSED, counter, counter.officer, reason=builder.reason(command.reason, subject)
    )


def resume(builder: DecisionBuilder, counter: Counter, command: CounterCommand) -> None:  # noqa: ARG001 - all actions are called alike
    """Go on after a pause."""
    builder.tell_counter(EventType.COUNTER_RESUMED, counter, counter.officer)
