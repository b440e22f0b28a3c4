"""Whether the hash chain of the journal is what its rows give: recomputed from the first event to the last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from controller.services.journal.chain import EVERY, Chain, Checkpoint, SealReason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from controller.services.journal.chain import ChainRow


class CheckpointPage(NamedTuple):
    """What the store says of its chain at one instant: `last` is the last event, `epoch` the one in force.

    `checkpoints` is None in a store that was written before there was a chain.
    """

    checkpoints: Sequence[Checkpoint] | None
    last: int
    epoch: int


class StoredChain(Protocol):
    """The store as an auditor of the chain reads it."""

    def seals(self) -> CheckpointPage:
        """Give the checkpoints, and where the journal ends."""
        ...

    def rows(self, last: int) -> Iterator[ChainRow]:
        """Give the rows of the journal up to an event in order, as stored."""
        ...


@dataclass(slots=True)
class ChainAudit:
    """What was found: a sentence for each difference, and the checkpoints that are sound from the first event on."""

    events: int = 0
    differences: list[str] = field(default_factory=list)
    sound: list[Checkpoint] = field(default_factory=list)

    @property
    def closing(self) -> Checkpoint | None:
        """Give the last closing of a day that is sound."""
        return next((one for one in reversed(self.sound) if one.kind == SealReason.CLOSING), None)

    def anchored(self, anchor: str) -> Checkpoint | None:
        """Give the sound checkpoint whose head begins with these digits."""
        return next((one for one in self.sound if one.head.startswith(anchor)), None)


NO_CHAIN = (
    "the journal has no hash chain: a store of an earlier release gets one when its controller starts;"
    " when this one had been started by this release, its chain was removed"
)


def audit_chain(books: StoredChain, went_on: Callable[[int, int], None] = lambda _done, _of: None) -> ChainAudit:
    """Recompute the chain; `went_on` hears of (events so far, events in all) at each checkpoint."""
    seals, found = books.seals(), ChainAudit()
    found.events = seals.last
    if seals.checkpoints is None:
        found.differences.append(NO_CHAIN)
        return found
    walk = _Walk(books.rows(seals.last), found)
    for checkpoint in seals.checkpoints:
        walk.to(checkpoint)
        went_on(walk.chain.seq, seals.last)
    walk.end(seals)
    went_on(seals.last, seals.last)
    return found


class _Walk:
    """Goes through rows and checkpoints side by side. Behind a difference it goes on from what is stored."""

    def __init__(self, rows: Iterable[ChainRow], found: ChainAudit) -> None:
        self.chain = Chain()
        self._rows = iter(rows)
        self._ahead = next(self._rows, None)
        self._found = found

    def to(self, stored: Checkpoint) -> None:
        """Take in the rows up to a checkpoint and compare its head."""
        begin, before = self.chain.seq + 1, len(self._found.differences)
        self._take(stored.seq)
        if self.chain.seq != stored.seq:
            self._say(f"the checkpoint after event {stored.seq} is behind {self.chain.seq}: events are missing")
        if self.chain.since > EVERY:
            self._say(f"between events {begin} and {stored.seq} a checkpoint is missing")
        made = self.chain.seal(stored.kind, stored.at, epoch=self._epoch_of(stored), day=stored.day)
        if made.head != stored.head and len(self._found.differences) == before:
            where = f"events {begin} to {stored.seq}" if begin <= stored.seq else f"the checkpoint after {stored.seq}"
            self._say(f"{where} are not what was written: their hash does not give the head {_short(stored.head)}")
        if self._found.differences:
            self.chain = Chain.after(stored)
        else:
            self._found.sound.append(stored)

    def _epoch_of(self, stored: Checkpoint) -> int:
        if stored.kind == SealReason.FORK:
            if stored.epoch <= self.chain.epoch:
                self._say(f"the restore after event {stored.seq} goes from epoch {self.chain.epoch} to {stored.epoch}")
        elif stored.epoch != self.chain.epoch:
            self._say(f"the checkpoint after event {stored.seq} is of epoch {stored.epoch}, not {self.chain.epoch}")
        return stored.epoch

    def end(self, seals: CheckpointPage) -> None:
        """Take in the rows behind the last checkpoint."""
        begin = self.chain.seq + 1
        self._take(seals.last)
        if self.chain.since >= EVERY:
            self._say(f"behind event {begin - 1} a checkpoint is missing")
        if seals.epoch != self.chain.epoch:
            self._say(f"the store is in epoch {seals.epoch}, and its last recorded restore began {self.chain.epoch}")

    def _take(self, last: int) -> None:
        while self._ahead is not None and self._ahead.seq <= last:
            row, self._ahead = self._ahead, next(self._rows, None)
            if row.epoch != self.chain.epoch:
                self._say(f"event {row.seq} is of epoch {row.epoch}, and no recorded restore says so")
                self.chain.epoch = row.epoch
            self.chain.add(row)

    def _say(self, sentence: str) -> None:
        self._found.differences.append(f"journal: {sentence}")


def _short(head: str) -> str:
    return f"{head[:16]}…"
