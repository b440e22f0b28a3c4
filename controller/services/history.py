"""What reports ask of the past: rows of tickets and ratings by local day."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date


class TicketRow(NamedTuple):
    """One ticket as it stands; instants in ms since 1970 UTC, `day` and `hour` local to the centre when it was issued.

    `called_at` is the first call, `last_called_at` the call of its last visit, `started_at` the start of that visit;
    `target_s` the wait that was aimed at for it.
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


class History(Protocol):
    """Reads what is on disk, apart from the writer; every method blocks and is called in a worker thread."""

    def tickets(self, first: date, last: date) -> Iterator[TicketRow]:
        """Give the tickets of the local days from `first` to `last`, both included."""
        ...

    def ratings(self, first: date, last: date) -> Iterator[RatingRow]:
        """Give the ratings of visits on the local days from `first` to `last`, both included."""
        ...

    def groups(self) -> Mapping[str, str]:
        """Give the group of every service that was ever configured, by the latest version that has it."""
        ...
