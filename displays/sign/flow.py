"""The sign of a counter as a pure flow: counter states and calls in; what stands and what flashes out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from broker.contract.payloads import CounterState, CounterStatus
from displays.base.calls import HandledCalls, flash, is_too_old

if TYPE_CHECKING:
    from broker.contract.payloads import Call


@dataclass(frozen=True, slots=True)
class SignFlow:
    """The state of a sign; `called_at` is when the number that stands was last called, in real seconds."""

    counter: str
    state: CounterState | None = None
    acted: HandledCalls = field(default_factory=HandledCalls)
    called_at: float | None = None


@dataclass(frozen=True, slots=True)
class SignFace:
    """What stands on a sign: a status, the number in hand if any, and the phase of its flash or None."""

    status: CounterStatus | None
    number: str | None
    recall: int
    light: bool | None


def hear_state(flow: SignFlow, state: CounterState, age_s: float, now: float) -> SignFlow:
    """Take the counter's state in; a number that is called anew flashes, unless the call is older than 30 seconds.

    `age_s` is the age of `state.since` in real seconds: after a reconnect the broker hands out states of long ago.
    """
    if state == flow.state:
        return flow
    calling = state.status is CounterStatus.CALLING
    renewed = calling and (flow.state is None or _called(flow.state) != _called(state))
    if renewed and not is_too_old(age_s):
        return replace(flow, state=state, called_at=now)
    return replace(flow, state=state, called_at=flow.called_at if calling and not renewed else None)


def hear_call(flow: SignFlow, call: Call, age_s: float, now: float) -> SignFlow:
    """Take a call in at once, before the state that follows; one of another counter or acted on changes nothing.

    A call that the counter's state has passed by is remembered, so that it is acted on once, but not shown.
    """
    if call.counter != flow.counter or is_too_old(age_s) or flow.acted.has(call):
        return flow
    flow = replace(flow, acted=flow.acted.with_(call))
    if shows(flow, call):
        return flow if flow.called_at is not None else replace(flow, called_at=now)
    if flow.state is not None and call.at < flow.state.since:
        return flow
    return replace(flow, state=_calling(call, flow.state), called_at=now)


def _calling(call: Call, before: CounterState | None) -> CounterState:
    return CounterState(
        counter=call.counter,
        label=call.label,
        status=CounterStatus.CALLING,
        number=call.number,
        recall=call.recall,
        since=call.at,
        waiting=before.waiting if before else 0,
    )


def shows(flow: SignFlow, call: Call) -> bool:
    """Tell whether this very call or recall stands on the sign."""
    return flow.state is not None and _called(flow.state) == (CounterStatus.CALLING, call.number, call.recall)


def face(flow: SignFlow, now: float) -> SignFace:
    """Give what stands at a moment."""
    if flow.state is None:
        return SignFace(None, None, 0, None)
    return SignFace(flow.state.status, flow.state.number, flow.state.recall, flash(flow.called_at, now))


def _called(state: CounterState) -> tuple[CounterStatus, str | None, int]:
    return state.status, state.number, state.recall
