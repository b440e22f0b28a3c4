"""What became of every slip, on disk before its first byte leaves: the spool survives a power cut.

One file a job, replaced as a whole and synced. A job that was begun is never begun again; what is not known is kept
as not known. Finished jobs lose their ticket at once and their record after 48 hours.
"""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import structlog

from broker.clock import real_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from broker.clock import Clock

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
        """Tell whether its time has run out."""
        return real_seconds(clock, self.received) > self.ttl_s


@dataclass
class Spool:
    """The jobs and the voided requests of one printer, in `folder`; changes are seen at once and synced on await."""

    folder: Path
    clock: Clock
    jobs: dict[str, Job] = field(default_factory=dict)
    voided: dict[str, int] = field(default_factory=dict)

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
            except (ValueError, TypeError, KeyError, AttributeError):
                log.exception("spool_file_unreadable", file=path.name)
                path.replace(path.with_suffix(".unreadable"))

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
        await self.save(job)

    async def move(self, job: Job, state: State, error: str | None = None, why: str = "") -> None:
        """Move a job; the new state is on disk when this returns."""
        job.move(state, error, why)
        await self.save(job)

    async def save(self, job: Job) -> None:
        """Put a job on disk; a begin or a refusal that cannot be written leaves no record that still says queued."""
        path = self._path(job.key)
        try:
            await asyncio.to_thread(_write, path, asdict(job))
        except OSError:
            if job.state in {State.BEGUN, State.REFUSED}:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
            raise

    async def void(self, request: str) -> None:
        """Remember that nothing may be printed for a request any more."""
        self.voided[request] = self.clock.now()
        await asyncio.to_thread(_write, self.folder / "voided.json", dict(self.voided))

    async def purge(self) -> None:
        """Forget what is older than 48 hours and finished."""
        old = [
            job
            for job in self.jobs.values()
            if job.state in OUTCOMES and real_seconds(self.clock, job.received) > KEEP_S
        ]
        for job in old:
            del self.jobs[job.key]
            with suppress(FileNotFoundError):
                self._path(job.key).unlink()
        stale = [key for key, at in self.voided.items() if real_seconds(self.clock, at) > KEEP_S]
        for key in stale:
            del self.voided[key]
        if stale:
            await asyncio.to_thread(_write, self.folder / "voided.json", dict(self.voided))

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def _write(path: Path, data: dict[str, Any]) -> None:
    """Replace a file as a whole; when this returns, both the content and the name are on the disk."""
    fresh = path.with_suffix(".part")
    with fresh.open("wb") as file:
        file.write(json.dumps(data, ensure_ascii=False).encode())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
