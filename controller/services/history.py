"""What reports ask of the past: rows of tickets, ratings, calls and what happened at counters, by local day."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    from controller.services.journal.chain import Checkpoint


class TicketRow(NamedTuple):
    """One ticket as it stands; instants in ms since 1970 UTC, `day` and `hour` local to the centre when it was issued.

    `called_at` is the first call, `last_called_at` the call of its last visit, `started_at` the start of that visit;
    `target_s` the wait that was aimed at for it, `told_low_s` and `told_high_s` the range that its holder was told.
    """

    day: str
    hour: int
    issued_at: int
    service: str
    counter: str | None
    officer: str | None
    channel: str
    priority: str
    status: str
    called_at: int | None
    last_called_at: int | None
    started_at: int | None
    ended_at: int | None
    target_s: int | None
    told_low_s: int | None = None
    told_high_s: int | None = None


class RatingRow(NamedTuple):
    """One rating: the day, service, counter and officer of its visit, the rest of its ticket."""

    day: str
    hour: int
    service: str
    counter: str | None
    officer: str | None
    channel: str
    priority: str
    score: int
    version: int
    satisfied: bool


class CallRow(NamedTuple):
    """One call that stands: day, service, counter and officer of its visit, the rest of its ticket.

    `overtook` counts those of its service who had come earlier and waited then; `reason` is the code of a manual call.
    """

    day: str
    hour: int
    service: str
    counter: str | None
    officer: str | None
    channel: str
    priority: str
    rule: str
    overtook: int
    reason: str | None


class MoveRow(NamedTuple):
    """A counter that opened, closed, paused or resumed (`type` of the event), at an instant, with its officer."""

    day: str
    counter: str
    officer: str | None
    type: str
    at: int


class InHandRow(NamedTuple):
    """How long a visit was in hand: from its call to its end, None while it lasts."""

    day: str
    counter: str
    called_at: int
    ended_at: int | None


class ClosedRow(NamedTuple):
    """One ticket that the end of its day found alive; instants in ms since 1970 UTC.

    `became` is `carried_over` when it waits again on the next day, else its last status: `expired`, `no_show`, `done`.
    """

    number: str
    service: str
    priority: str
    issued_at: int
    became: str


class History(Protocol):
    """Reads what is on disk, apart from the writer; every method blocks and is called in a worker thread."""

    def tickets(self, first: date, last: date) -> Iterator[TicketRow]:
        """Give the tickets of the local days from `first` to `last`, both included."""
        ...

    def ratings(self, first: date, last: date) -> Iterator[RatingRow]:
        """Give the ratings of visits on the local days from `first` to `last`, both included."""
        ...

    def calls(self, first: date, last: date) -> Iterator[CallRow]:
        """Give the calls on the local days from `first` to `last`, both included; those taken back are not there."""
        ...

    def moves(self, first: date, last: date) -> Iterator[MoveRow]:
        """Give what happened to counters on those days, in the order of the journal."""
        ...

    def in_hand(self, first: date, last: date) -> Iterator[InHandRow]:
        """Give when visits were in hand on those days."""
        ...

    def closed(self, day: date) -> list[ClosedRow]:
        """Give the tickets that the end of a local day found alive, in the order in which they were ended."""
        ...

    def closing(self, day: date) -> Checkpoint | None:
        """Give the head of the journal at the last closing of a local day up to this one."""
        ...

    def timezone(self) -> ZoneInfo:
        """Give the time zone of the centre."""
        ...

    def groups(self) -> Mapping[str, str]:
        """Give the group of every service that was ever configured, by the latest version that has it."""
        ...
