"""What became of every slip, on disk before its first byte leaves: the spool survives a power cut.

One file a job, replaced as a whole and synced. A job that was begun is never begun again; what is not known is kept
as not known. Finished jobs lose their ticket at once and their record after 48 hours.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import structlog

from broker.runtime.clock import real_seconds
from broker.runtime.files import write_safely

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from broker.runtime.clock import Clock

KEEP_S = 48 * 3600
log = structlog.get_logger()


class State(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    BEGUN = "begun"
    UNKNOWN = "unknown"
    PRINTED = "printed"
    REFUSED = "refused"


MOVES: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.BEGUN, State.REFUSED}),
    # Refused after it was begun only when not a single byte was taken.
    State.BEGUN: frozenset({State.PRINTED, State.UNKNOWN, State.REFUSED}),
    State.UNKNOWN: frozenset({State.PRINTED}),
    State.PRINTED: frozenset(),
    State.REFUSED: frozenset(),
}

OUTCOMES: dict[State, bool | None] = {State.UNKNOWN: None, State.PRINTED: True, State.REFUSED: False}
"""What a result says of a job in this state; a state that is not here has no result."""


class WrongMove(Exception):  # noqa: N818 - it names what was tried
    """A job cannot go from its state to that one."""


@dataclass(slots=True)
class Job:
    """One slip to print. `received` is an instant in ms, `ttl_s` counts real seconds from then.

    `work` is the print command's ticket and slip, kept while they may be needed. `error` is a code of the contract,
    `why` a sentence for the log.
    """

    key: str
    request: str | None
    ticket: str
    number: str
    received: int
    ttl_s: float
    work: dict[str, Any]
    state: State = State.QUEUED
    error: str | None = None
    why: str = ""
    order: int = 0

    @property
    def outcome(self) -> bool | None:
        """True printed, False not printed, None not known; asked only of a job that has a result."""
        return OUTCOMES[self.state]

    def move(self, state: State, error: str | None = None, why: str = "") -> None:
        """Go to another state; a move that is not in the table is a WrongMove."""
        if state not in MOVES[self.state]:
            raise WrongMove(f"a job that is {self.state} cannot become {state}")
        self.state, self.error, self.why = state, error, why
        if state in {State.PRINTED, State.REFUSED, State.UNKNOWN}:
            self.work = {}

    def expired(self, clock: Clock) -> bool:
        """Tell whether its time has run out, by instants: one from the future is of a clock that was wrong, and old."""
        return abs(real_seconds(clock, self.received)) > self.ttl_s


@dataclass
class Spool:
    """The jobs and the voided requests of one printer, in `folder`; changes are seen at once and synced on await."""

    folder: Path
    clock: Clock
    jobs: dict[str, Job] = field(default_factory=dict)
    voided: dict[str, int] = field(default_factory=dict)
    _since: dict[str, float] = field(default_factory=dict)

    def load(self) -> None:
        """Read what an earlier process left; a file that cannot be read is set aside and told of."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(self.folder.glob("*.json")):
            try:
                data = json.loads(path.read_bytes())
                if path.name == "voided.json":
                    self.voided = {str(key): int(at) for key, at in data.items()}
                else:
                    job = Job(**{**data, "state": State(data["state"])})
                    self.jobs[job.key] = job
            except (OSError, ValueError, TypeError, KeyError, AttributeError):
                log.exception("spool_file_unreadable", file=path.name)
                with suppress(OSError):
                    path.replace(path.with_suffix(".unreadable"))
                self._take_as_unknown(path)
        for path in self.folder.glob("*.unreadable"):
            self._take_as_unknown(path)

    def _take_as_unknown(self, path: Path) -> None:
        """A record that cannot be read may be of a slip that is on paper: its job is never done again."""
        if path.stem not in self.jobs and path.stem != "voided":
            job = Job(path.stem, None, "", "", self.clock.now(), 0.0, {}, State.UNKNOWN, why="its record is unreadable")
            self.jobs[job.key] = job

    def waiting(self) -> Iterator[Job]:
        """Give the queued jobs in the order they came."""
        queued = (job for job in self.jobs.values() if job.state is State.QUEUED)
        yield from sorted(queued, key=lambda job: job.order)

    def of_request(self, request: str) -> Iterator[Job]:
        """Give the jobs that a request made."""
        return (job for job in self.jobs.values() if job.request == request)

    async def add(self, job: Job) -> None:
        """Take a job; it is on disk when this returns."""
        job.order = 1 + max((known.order for known in self.jobs.values()), default=0)
        self.jobs[job.key] = job
        self._since[job.key] = self.clock.monotonic()
        await self.save(job)

    def expired(self, job: Job) -> bool:
        """Tell whether a job's time has run out: in the process that took it no clock that is set changes that."""
        since = self._since.get(job.key)
        return job.expired(self.clock) if since is None else self.clock.monotonic() - since > job.ttl_s

    async def move(self, job: Job, state: State, error: str | None = None, why: str = "") -> None:
        """Move a job; the new state is on disk when this returns."""
        job.move(state, error, why)
        await self.save(job)

    async def save(self, job: Job) -> None:
        """Put a job on disk; a begin or a refusal that cannot be written leaves no record that still says queued."""
        path = self._path(job.key)
        try:
            await asyncio.to_thread(write_safely, path, json.dumps(asdict(job)))
        except OSError:
            if job.state in {State.BEGUN, State.REFUSED}:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
            raise

    async def void(self, request: str) -> None:
        """Remember that nothing may be printed for a request any more."""
        self.voided[request] = self.clock.now()
        await self._write_voided()

    async def purge(self) -> None:
        """Forget what is older than 48 hours and finished."""
        old = [
            job
            for job in self.jobs.values()
            if job.state in OUTCOMES and real_seconds(self.clock, job.received) > KEEP_S
        ]
        for job in old:
            self._path(job.key).unlink(missing_ok=True)
            del self.jobs[job.key]
            self._since.pop(job.key, None)
        stale = [key for key, at in self.voided.items() if real_seconds(self.clock, at) > KEEP_S]
        for key in stale:
            del self.voided[key]
        if stale:
            await self._write_voided()

    async def _write_voided(self) -> None:
        await asyncio.to_thread(write_safely, self.folder / "voided.json", json.dumps(self.voided))

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"
