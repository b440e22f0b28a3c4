"""The hash chain over the journal: a running SHA-256 over the stored bytes of its rows, sealed at checkpoints.

    segment = SHA-256(checkpoint before it ‖ row ‖ row ‖ …)      its digest is the head of the next checkpoint

A head therefore depends on every row and every checkpoint before it. Rows are hashed as stored, never upcast, and
nothing that is purged is part of them. `docs/proof.md` describes the format: any program can recompute it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EVERY: Final = 256
"""Events between two checkpoints at most."""

_FIRST: Final = b"luot journal 1"


class ChainRow(NamedTuple):
    """One row of the journal, its columns as stored; texts as UTF-8 bytes where they come from the disk."""

    seq: int
    epoch: int
    day: str | bytes
    config: int
    type: str | bytes
    v: int
    at: int
    data: str | bytes


class SealReason(StrEnum):
    """Why a checkpoint was made."""

    FULL = "full"  # 256 events since the one before
    CLOSING = "closing"  # a day was closed
    FORK = "fork"  # a backup was restored: `epoch` begins after `seq`
    UPGRADE = "upgrade"  # the end of a journal that was written before there was a chain


class Checkpoint(NamedTuple):
    """The head (64 hexadecimal digits) of the chain after event `seq`; `day` is the day that a closing closed."""

    seq: int
    epoch: int
    kind: str
    day: str | None
    at: int
    head: str


class DayClosing(NamedTuple):
    """A day was closed at an instant, and `seq` is its last event."""

    day: str
    seq: int
    at: int


def row_bytes(row: ChainRow) -> bytes:
    """Return a row as it is hashed: numbers in decimal, then the three texts, whose lengths are among the numbers."""
    texts = [one if isinstance(one, bytes) else one.encode() for one in (row.day, row.type, row.data)]
    numbers = (row.seq, row.epoch, row.config, row.v, row.at, *map(len, texts))
    return b"%d,%d,%d,%d,%d,%d,%d,%d:" % numbers + b"".join(texts)


def checkpoint_bytes(checkpoint: Checkpoint) -> bytes:
    """Return a checkpoint as the next segment begins with it."""
    seq, epoch, kind, day, at, head = checkpoint
    return f"{head},{seq},{epoch},{kind},{day or ''},{at}:".encode()


@dataclass(slots=True)
class Chain:
    """The chain up to event `seq`, dated `at`, with `since` events after the last checkpoint."""

    seq: int = 0
    epoch: int = 1
    since: int = 0
    at: int = 0
    _running: hashlib._Hash = field(default_factory=lambda: hashlib.sha256(_FIRST))

    @classmethod
    def after(cls, checkpoint: Checkpoint) -> Chain:
        """Begin behind a stored checkpoint."""
        return cls(checkpoint.seq, checkpoint.epoch, 0, checkpoint.at, hashlib.sha256(checkpoint_bytes(checkpoint)))

    def copy(self) -> Chain:
        """Return the same state, to go on from without changing this one."""
        return Chain(self.seq, self.epoch, self.since, self.at, self._running.copy())

    def add(self, row: ChainRow) -> None:
        """Take in the next row."""
        self._running.update(row_bytes(row))
        self.seq, self.at = row.seq, row.at
        self.since += 1

    def seal(self, kind: SealReason | str, at: int, *, epoch: int | None = None, day: str | None = None) -> Checkpoint:
        """End the segment: return its checkpoint and begin the next one with it."""
        self.epoch = self.epoch if epoch is None else epoch
        made = Checkpoint(self.seq, self.epoch, str(kind), day, at, self._running.hexdigest())
        self._running = hashlib.sha256(checkpoint_bytes(made))
        self.since = 0
        return made


def extend(chain: Chain, rows: Iterable[ChainRow], closings: Iterable[DayClosing] = ()) -> Iterator[Checkpoint]:
    """Take rows into a chain; return the checkpoints that are due, a closing's behind the last event of its day."""
    due = sorted(closings, key=lambda one: one.seq)
    for row in rows:
        while due and due[0].seq < row.seq:
            yield _close(chain, due.pop(0))
        chain.add(row)
        if chain.since >= EVERY:
            yield chain.seal(SealReason.FULL, row.at)
    for closing in due:
        yield _close(chain, closing)


def _close(chain: Chain, closing: DayClosing) -> Checkpoint:
    return chain.seal(SealReason.CLOSING, closing.at, day=closing.day)
