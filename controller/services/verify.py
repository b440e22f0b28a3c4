"""Whether the journal still tells what the projections say: every day replayed through the domain and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from controller.domain.centre import parse_centre
from controller.services.replay import project, wanted_versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from controller.domain.hall import Hall
    from controller.services.ports import Recovered, Version
    from controller.services.projections import Rows

Row = tuple[Any, ...]


class Books(Protocol):
    """The store as an auditor reads it."""

    def days(self) -> list[str]:
        """Name every day."""
        ...

    def day(self, day: str) -> tuple[Recovered, Mapping[str, Mapping[str, Row]]]:
        """Give a day's facts and its rows by table and id, of one instant."""
        ...

    def version(self, version: int) -> Version:
        """Give one version of the configuration."""
        ...

    def sequence(self) -> Iterator[tuple[int, int]]:
        """Give (seq, epoch) of every fact in order."""
        ...


def differences(books: Books) -> Iterator[str]:
    """Give one line for each thing that does not agree; nothing when all does."""
    yield from _gaps(books.sequence())
    for day in books.days():
        recovered, rows = books.day(day)
        centres = {one: parse_centre(books.version(one).data, stored=True) for one in wanted_versions(recovered)}
        try:
            projector = project(recovered, centres)
        except (KeyError, ValueError, AttributeError) as error:
            yield f"{day}: its journal cannot be replayed ({type(error).__name__}: {error})"
            continue
        for table, found in _tables(projector.take()).items():
            yield from _compare(f"{day} {table}", found, rows[table])
        yield from _disagreeing(day, projector.hall, rows["tickets"])


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
    """Compare the tickets that the rules ended with: a second look, past what the facts say of themselves."""
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
