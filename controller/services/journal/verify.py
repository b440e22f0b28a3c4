"""Whether the journal proves what the store says: its hash chain, every day replayed, every call decided again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from controller.domain.centre.centre import parse_centre
from controller.domain.events import EventType
from controller.domain.recheck import recheck_event
from controller.services.journal.projections import Projector
from controller.services.journal.replay import UNREADABLE, empty_hall, wanted_versions
from controller.services.journal.verify_chain import ChainAudit, StoredChain, audit_chain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from controller.domain.centre.centre import Centre
    from controller.domain.events import Event
    from controller.domain.queue.hall import Hall
    from controller.services.journal.ports import RecoveredDay, StoredEvent, Version
    from controller.services.journal.projections import Rows

    Progress = Callable[[str, int, int], None]

Row = tuple[Any, ...]

CHAIN, DAYS = "chain", "days"
"""What `verify` goes through: the events of the chain, then the days."""


class StoredBooks(StoredChain, Protocol):
    """The store as an auditor reads it."""

    def days(self) -> list[str]:
        """Name every day."""
        ...

    def day(self, day: str) -> tuple[RecoveredDay, Mapping[str, Mapping[str, Row]]]:
        """Give a day's events and its rows by table and id, of one instant."""
        ...

    def version(self, version: int) -> Version:
        """Give one version of the configuration."""
        ...

    def sequence(self) -> Iterator[tuple[int, int]]:
        """Give (seq, epoch) of every event in order."""
        ...


@dataclass(slots=True)
class VerifyResult:
    """What was gone through, and a sentence for each thing that does not agree."""

    chain: ChainAudit
    days: int = 0
    calls: int = 0
    differences: list[str] = field(default_factory=list)


def verify(books: StoredBooks, went_on: Progress = lambda _what, _done, _of: None) -> VerifyResult:
    """Recompute the chain, replay every day and decide its calls again.

    `went_on` hears what is done (`CHAIN`, `DAYS`), how far, and of how much.
    """
    found = VerifyResult(audit_chain(books, lambda done, of: went_on(CHAIN, done, of)))
    found.differences += [*_gaps(books.sequence()), *found.chain.differences]
    days, centres = books.days(), _Centres(books)
    for place, day in enumerate(days, start=1):
        _Day(day, found).check(books, centres)
        went_on(DAYS, place, len(days))
    found.days = len(days)
    return found


class _Centres:
    """The versions of the configuration, each read once."""

    def __init__(self, books: StoredBooks) -> None:
        self._books = books
        self._known: dict[int, Centre] = {}

    def of(self, versions: set[int]) -> dict[int, Centre]:
        """Give these versions."""
        for one in versions - self._known.keys():
            self._known[one] = parse_centre(self._books.version(one).data, stored=True)
        return {one: self._known[one] for one in versions}


class _Day:
    """One day replayed."""

    def __init__(self, day: str, found: VerifyResult) -> None:
        self._day = day
        self._found = found
        self._before: Event | None = None

    def check(self, books: StoredBooks, centres: _Centres) -> None:
        """Add a line for each thing that does not agree."""
        found = self._found.differences
        try:
            recovered, rows = books.day(self._day)
            found += [f"{self._day} event {one.seq} cannot be read ({one.reason})" for one in recovered.unreadable]
            projector = Projector(empty_hall(recovered, centres.of(wanted_versions(recovered))))
            for written in recovered.written:
                found += self._decided_again(projector, written)
        except UNREADABLE as error:
            found.append(f"{self._day}: its journal cannot be replayed ({type(error).__name__}: {error})")
            return
        for table, replayed in _tables(projector.take()).items():
            found += _compare(f"{self._day} {table}", replayed, rows[table])
        found += _disagreeing(self._day, projector.hall, rows["tickets"])

    def _decided_again(self, projector: Projector, written: StoredEvent) -> list[str]:
        """Hold one event against the hall before it, and apply it."""
        event = written.event
        where = f"{self._day} event {written.seq}, {event.type} of {event.data.get('number')}"
        found = [f"{where}: {clause}" for clause in recheck_event(projector.hall, event, self._before)]
        projector.apply(event)
        self._found.calls += event.type is EventType.CALLED
        self._before = event
        return found


def _tables(rows: Rows) -> dict[str, dict[str, Row]]:
    visits = {visit: row for visit, row in rows.visits.items() if row is not None}
    return {"tickets": rows.tickets, "visits": visits, "ratings": rows.ratings}


def _compare(where: str, replayed: Mapping[str, Row], stored: Mapping[str, Row]) -> Iterator[str]:
    for one in sorted(replayed.keys() | stored.keys()):
        if one not in stored:
            yield f"{where}: {one} is in the journal and not in the table"
        elif one not in replayed:
            yield f"{where}: {one} is in the table and not in the journal"
        elif replayed[one] != stored[one]:
            yield f"{where}: {one} is {stored[one]} and should be {replayed[one]}"


def _disagreeing(day: str, hall: Hall, stored: Mapping[str, Row]) -> Iterator[str]:
    """Compare the tickets that the rules ended with: a second look, past what the events say of themselves."""
    for ticket in hall.tickets.values():
        row = stored.get(ticket.id)
        if row is not None and (row[3], row[4], row[7]) != (ticket.number, ticket.service, ticket.status.value):
            known = f"{ticket.number} {ticket.service} {ticket.status}"
            yield f"{day} tickets: {ticket.id} is {known} by the rules and {row} in the table"


def _gaps(sequence: Iterator[tuple[int, int]]) -> Iterator[str]:
    last, era = 0, 1
    for seq, epoch in sequence:
        if seq != last + 1:
            yield f"journal: after {last} comes {seq}"
        if epoch < era:
            yield f"journal: {seq} goes back from epoch {era} to {epoch}"
        last, era = seq, epoch
