"""The lobby board as a pure flow: calls and board states in; what stands, what flashes and what is spoken out.

Times are real seconds of the device's monotonic clock; ages are real seconds by the controller's clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from displays.base.calls import HandledCalls, flash, is_too_old

if TYPE_CHECKING:
    from broker.contract.payloads import Board, Call, ServiceState, Text

STAGE_S = 15.0
"""A call stands in large figures beside the others of the last seconds for so long."""

ROWS = 8
"""So many calls stand on a board (contract 6)."""

UNDONE_AFTER_S = 1.0
"""A call that a board leaves out is taken as undone only when it was heard so long before: states are coalesced."""


@dataclass(frozen=True, slots=True)
class ReceivedCall:
    """A call that was heard live, and when."""

    call: Call
    at: float


@dataclass(frozen=True, slots=True)
class BoardFlow:
    """The state of a board.

    `heard` holds the calls of the last seconds, newest first; `to_say` those that the voice still has to speak, in
    order of arrival; `saying` the one that it speaks now.
    """

    zone: str
    board: Board | None = None
    heard: tuple[ReceivedCall, ...] = ()
    acted: HandledCalls = field(default_factory=HandledCalls)
    to_say: tuple[Call, ...] = ()
    saying: Call | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One call as it stands: `light` is the phase of its flash or None, `staged` whether it stands in large figures."""

    id: str
    recall: int
    number: str
    counter: str
    label: Text
    priority: bool
    light: bool | None
    staged: bool


@dataclass(frozen=True, slots=True)
class ShownCalls:
    """What stands on the board at a moment."""

    rows: tuple[Row, ...]
    queues: tuple[ServiceState, ...]
    notice: Text | None
    at: int | None

    @property
    def stage(self) -> tuple[Row, ...]:
        """The calls in large figures: all of the last seconds side by side, otherwise the latest alone."""
        return tuple(row for row in self.rows if row.staged) or self.rows[:1]

    @property
    def earlier(self) -> tuple[Row, ...]:
        """The calls below them, newest first."""
        staged = {row.id for row in self.stage}
        return tuple(row for row in self.rows if row.id not in staged)


def hear_call(flow: BoardFlow, call: Call, age_s: float, now: float) -> BoardFlow:
    """Take a call in; one of another zone, one acted on before and one too old leave the very same flow."""
    if call.zone != flow.zone or is_too_old(age_s) or flow.acted.has(call):
        return flow
    others = tuple(heard for heard in flow.heard if heard.call.id != call.id)
    return replace(
        flow,
        heard=(ReceivedCall(call, now), *others)[: 4 * ROWS],
        acted=flow.acted.with_(call),
        to_say=(*flow.to_say, call),
    )


def hear_board(flow: BoardFlow, board: Board, now: float) -> BoardFlow:
    """Take the zone's state in; a call that it leaves out though there is room for it was undone, and is not spoken."""
    undone = {heard.call.id for heard in flow.heard if _is_undone(heard, board, now)}
    return replace(
        flow,
        board=board,
        heard=tuple(heard for heard in flow.heard if heard.call.id not in undone),
        to_say=tuple(call for call in flow.to_say if call.id not in undone),
    )


def _is_undone(heard: ReceivedCall, board: Board, now: float) -> bool:
    if now - heard.at < UNDONE_AFTER_S or any(call.id == heard.call.id for call in board.calls):
        return False
    return len(board.calls) < ROWS or heard.call.at > board.calls[-1].at


def say_next(flow: BoardFlow) -> tuple[BoardFlow, Call | None]:
    """Give the voice its next call; None while it speaks or when there is none."""
    if flow.saying is not None or not flow.to_say:
        return flow, None
    call, *rest = flow.to_say
    return replace(flow, saying=call, to_say=tuple(rest)), call


def said(flow: BoardFlow) -> BoardFlow:
    """The voice has ended what it was saying."""
    return replace(flow, saying=None)


def standing(flow: BoardFlow, now: float) -> ShownCalls:
    """Give what stands: calls heard since the board's state was made come first, then the board's own, newest first."""
    heard_at = {heard.call.id: heard for heard in flow.heard}
    listed = tuple(flow.board.calls) if flow.board else ()
    known = {call.id for call in listed}
    fresh = tuple(
        heard.call for heard in flow.heard if heard.call.id not in known and _outlives(heard, flow.board, now)
    )
    rows = tuple(_row(call, heard_at.get(call.id), now) for call in (*fresh, *listed)[:ROWS])
    if flow.board is None:
        return ShownCalls(rows, (), None, None)
    return ShownCalls(rows, tuple(flow.board.queues), flow.board.notice, flow.board.at)


def _outlives(heard: ReceivedCall, board: Board | None, now: float) -> bool:
    """A call that the board does not list stands while it is newer than the list, or while it is in large figures."""
    if board is None or len(board.calls) < ROWS or heard.call.at >= board.calls[-1].at:
        return True
    return now - heard.at < STAGE_S


def _row(call: Call, heard: ReceivedCall | None, now: float) -> Row:
    shown = heard.call if heard is not None and heard.call.recall > call.recall else call
    return Row(
        id=shown.id,
        recall=shown.recall,
        number=shown.number,
        counter=shown.counter,
        label=shown.label,
        priority=shown.priority,
        light=flash(heard.at if heard else None, now),
        staged=heard is not None and 0 <= now - heard.at < STAGE_S,
    )
