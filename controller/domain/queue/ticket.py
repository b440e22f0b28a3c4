"""A ticket, its visits at counters, and the table of its moves: each is looked up, an absent one is `bad_state`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Status
from controller.domain.centre.model import NORMAL
from controller.domain.events import EventType

if TYPE_CHECKING:
    from broker.contract.payloads import Origin

MOVES: Final[dict[tuple[Status, EventType], Status]] = {
    (Status.WAITING, EventType.CALLED): Status.CALLED,
    (Status.WAITING, EventType.CANCELLED): Status.CANCELLED,
    (Status.WAITING, EventType.EXPIRED): Status.EXPIRED,
    (Status.WAITING, EventType.REPRIORITISED): Status.WAITING,
    (Status.CALLED, EventType.RECALLED): Status.CALLED,
    (Status.CALLED, EventType.STARTED): Status.SERVING,
    (Status.CALLED, EventType.FINISHED): Status.DONE,
    (Status.CALLED, EventType.NO_SHOW): Status.NO_SHOW,
    (Status.CALLED, EventType.PARKED): Status.PARKED,
    (Status.CALLED, EventType.TRANSFERRED): Status.WAITING,
    (Status.SERVING, EventType.FINISHED): Status.DONE,
    (Status.SERVING, EventType.PARKED): Status.PARKED,
    (Status.SERVING, EventType.TRANSFERRED): Status.WAITING,
    (Status.PARKED, EventType.RETURNED): Status.WAITING,
    (Status.PARKED, EventType.CALLED): Status.CALLED,
    (Status.PARKED, EventType.CANCELLED): Status.CANCELLED,
    (Status.PARKED, EventType.EXPIRED): Status.EXPIRED,
    (Status.NO_SHOW, EventType.RETURNED): Status.WAITING,
    (Status.NO_SHOW, EventType.CALLED): Status.CALLED,
    (Status.DONE, EventType.CALLED): Status.CALLED,  # only as the next service of the same visit, see `act_further`
}
"""Where an event leads a ticket; an event that is not here for a state cannot happen in it."""

LIVING: Final = frozenset({Status.WAITING, Status.CALLED, Status.SERVING, Status.PARKED})
"""A ticket in one of these still wants something of the centre."""

IN_HAND: Final = frozenset({Status.CALLED, Status.SERVING})


@dataclass(frozen=True, slots=True)
class NotifiedWait:
    """A wait in seconds: what is expected, and the range that people are told."""

    expected_s: int
    low_s: int
    high_s: int


class SlipState(StrEnum):
    """What is known of a ticket's slip."""

    NONE = "none"  # nobody was asked to print it
    PENDING = "pending"  # a printer has been asked and has not given its final word
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"  # the printer's final word is that it does not know


class Ended(StrEnum):
    """How a visit ended."""

    DONE = "done"
    NO_SHOW = "no_show"
    PARKED = "parked"
    TRANSFERRED = "transferred"


@dataclass(slots=True, kw_only=True)
class Visit:
    """One call of a ticket to a counter; `id` is the call's id on the wire. Instants in ms since 1970 UTC.

    `rule`, `score` and `second` (the number that came second) say why it was called, `overtook` how many of its
    service that were issued earlier were waiting then, `reason` the code of a manual call. `recalled_at` is the last
    time that it was called out.
    """

    id: str
    ticket: str
    service: str
    counter: str
    zone: str
    officer: str | None
    priority: bool
    called_at: int
    recalled_at: int
    rule: str
    score: float | None = None
    second: str | None = None
    overtook: int = 0
    manual: bool = False
    reason: str | None = None
    recall: int = 0
    started_at: int | None = None
    ended_at: int | None = None
    ended: Ended | None = None
    result: str | None = None
    quantity: int | None = None
    rating: str | None = None


@dataclass(slots=True, kw_only=True)
class Ticket:
    """One number of today. Instants in ms since 1970 UTC; `seq` is its place among the issued of the day.

    `told` is the wait that its holder was told at issue. `to` binds it to a counter (`counter:ID`) or to an officer
    (`officer:USER`). `joined_at` is when it last began to wait, `visit` its visit in hand or the last one,
    `version` grows with every move, so that an undo sees whether anybody else has touched it.
    """

    id: str
    seq: int
    number: str
    series: str
    service: str
    priority: str
    channel: Origin
    lang: str
    issued_at: int
    joined_at: int
    status: Status = Status.WAITING
    token: str | None = None
    told: NotifiedWait | None = None
    to: str = ""
    counter: str | None = None
    officer: str | None = None
    visit: str | None = None
    called_at: int | None = None
    last_called_at: int | None = None
    started_at: int | None = None
    ended_at: int | None = None
    recalls: int = 0
    transfers: int = 0
    park_until: int | None = None
    slip: SlipState = SlipState.NONE
    slip_kiosk: str | None = None
    slip_printer: str | None = None
    slip_request: str | None = None
    copied: bool = False
    device: str | None = None
    request: str | None = None
    other_numbers: tuple[str, ...] = ()
    carried_from: str | None = None
    version: int = 0

    @property
    def is_priority(self) -> bool:
        """Tell whether it has any class but `normal`."""
        return self.priority != NORMAL

    def is_called(self, number: str) -> bool:
        """Tell whether a number is this ticket's, its first one included."""
        return number == self.number or number in self.other_numbers


def moved(ticket: Ticket, by: EventType) -> Status:
    """Give the state that an event leads a ticket to; `bad_state` when it cannot happen in its state."""
    status = MOVES.get((ticket.status, by))
    if status is None:
        raise RefusedError(Code.BAD_STATE, f"{ticket.number} is {ticket.status}, so it cannot be {by}")
    return status
