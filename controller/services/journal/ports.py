"""What the services ask of the world: the store, ids, and the words they share with it.

All rows are immutable. Instants are milliseconds since 1970 UTC, `day` is a local date as `YYYY-MM-DD`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from controller.domain.decision.decision import Secret
    from controller.domain.events import Event
    from controller.domain.numbers.high_water import HighWater, Restored
    from controller.services.journal.chain import DayClosing

KEEP_REQUESTS_MS = 48 * 3600 * 1000
"""How long the answer to a request is kept for its repeats."""

UNREADABLE = "unreadable"
"""The key under which `Sent.body` keeps a text that could not be read."""

FAR = 9_000_000_000_000_000
"""The instant that stands for: for ever."""

HOLDER = "http:holder "
"""How the sender of a request begins that came from whoever holds a slip; a digest of the slip's token follows."""

VOID = ""
"""The digest of a request id that was given up by its sender and may never do anything."""


class StoreError(Exception):
    """The store could not be written or read; nothing was done."""


class NoSuchVersionError(StoreError):
    """The store can be read and has no such version of the configuration."""


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """Whose request this is: `sender` is a device or a user, `digest` tells its content apart (`at` aside)."""

    sender: str
    id: str
    digest: str


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as stored; `day` is the day it belongs to, which a late offline ticket puts in the past."""

    seq: int
    epoch: int
    day: str
    config: int
    event: Event


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row of the journal that is no event, why, and whether it may have given a number."""

    seq: int
    reason: str
    may_issue: bool = True


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """A request and the JSON text of its first answer."""

    sender: str
    id: str
    digest: str
    reply: str
    at: int


@dataclass(frozen=True, slots=True)
class StoredCommand:
    """A device command on its way. `state` is `sent`, or `unknown` after an interim result.

    `fault` says why the stored row cannot be read, if it cannot: such a command is set aside and never sent.
    """

    id: str
    device: str
    op: str
    body: dict[str, Any]
    ttl_s: int
    at: int
    state: str = "sent"
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the centre's configuration, as JSON with the keys of the TOML file."""

    version: int
    at: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Credential:
    """The hash of a device's password, as Mosquitto's dynamic security keeps it; `pending` while it is being granted.

    A pending one lies beside the valid one of the same device and counts for nothing after a crash.
    """

    device: str
    password: str
    salt: str
    iterations: int
    at: int
    pending: bool = False


@dataclass(slots=True)
class WriteBatch:
    """All that one transaction writes. Rows of projections replace those with the same id; `gone` are visits undone.

    Of the outbox, by id: `settled` are done, `unknown` have an interim result, `aside` can never be sent.
    `revoked` are devices whose credentials are deleted, `unstaged` those of which only the pending one is.
    `reserved` is the mark of numbers that has to be on the disk before the transaction is.
    """

    journal: list[StoredEvent] = field(default_factory=list)
    tickets: list[tuple[Any, ...]] = field(default_factory=list)
    visits: list[tuple[Any, ...]] = field(default_factory=list)
    ratings: list[tuple[Any, ...]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    secrets: list[tuple[Secret, int]] = field(default_factory=list)
    answered: list[StoredAnswer] = field(default_factory=list)
    sent: list[StoredCommand] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    credentials: list[Credential] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    unstaged: list[str] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    closings: list[DayClosing] = field(default_factory=list)
    reserved: HighWater | None = None

    def __bool__(self) -> bool:
        return any(
            (
                self.journal,
                self.answered,
                self.sent,
                self.settled,
                self.unknown,
                self.aside,
                self.versions,
                self.credentials,
                self.revoked,
                self.unstaged,
                self.secrets,
                self.marks,
                self.closings,
            )
        )


@dataclass(frozen=True, slots=True)
class RecoveredDay:
    """What a controller finds on disk when it starts.

    `day` is the last day in the journal, `written` its events in order, `secrets` what was kept apart from them by
    (what, subject). `restored` says where each series continues after the last restore, `floors` what an older program
    wrote of it, by day; `mark` is how far numbers were reserved. `unreadable` are rows of the day's journal that are no
    events.
    """

    epoch: int
    seq: int
    last_at: int
    day: str | None
    written: tuple[StoredEvent, ...]
    secrets: dict[tuple[str, str], str]
    version: Version | None
    floors: dict[str, dict[str, int]]
    restored: Restored | None
    mark: HighWater
    unreadable: tuple[UnreadableRow, ...] = ()


class Ids(Protocol):
    """Where fresh ids and tokens come from."""

    def new_id(self) -> str:
        """Give a UUID that no one else has; later ones sort behind earlier ones."""
        ...

    def new_token(self) -> str:
        """Give 22 characters that nobody can guess."""
        ...


class Store(Protocol):
    """The disk. Every method may raise `StoreError`; `commit` then has written nothing at all."""

    async def recover(self) -> RecoveredDay:
        """Read what the last run left."""
        ...

    async def commit(self, batch: WriteBatch) -> None:
        """Write everything of a batch in one transaction and return when it will survive a power cut."""
        ...

    async def day(self, day: str) -> RecoveredDay:
        """Read one day as `recover` does the last one."""
        ...

    async def day_of(self, token: str) -> str | None:
        """Give the day of the ticket with this token, or None."""
        ...

    async def past(self, token: str) -> dict[str, Any] | None:
        """Give the data of the last event about the ticket with this token, or None."""
        ...

    async def made(self, sender: str, request: str) -> dict[str, Any] | None:
        """Give the data of the last event about the ticket that a request made, or None when it made none."""
        ...

    async def keys(self) -> Collection[tuple[str, str, int]]:
        """Give (sender, id, instant) of every answered request that is kept; void ones lie far ahead."""
        ...

    async def replies(self, keys: Sequence[IdempotencyKey]) -> list[StoredAnswer | None]:
        """Give the first answers to these requests, in order."""
        ...

    async def outbox(self) -> list[StoredCommand]:
        """Give the device commands that have no final result, oldest first."""
        ...

    async def mark(self, name: str) -> str | None:
        """Give a single value that was written by this name."""
        ...

    async def version(self, version: int) -> Version:
        """Return a version of the configuration, with empty data where it is no JSON object."""
        ...

    async def highest_numbers(self, since: str) -> dict[str, dict[str, int]]:
        """Return by day the highest number of each series, from the journal and the table of tickets."""
        ...

    async def events(self, after: int, limit: int) -> list[StoredEvent]:
        """Give events of the journal in order, those after a sequence number."""
        ...

    async def purge(self, at: int) -> int:
        """Delete secrets past their date and requests kept long enough; give how many rows went."""
        ...
