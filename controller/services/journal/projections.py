"""What reports read: rows of tickets, visits and ratings that follow from the journal alone.

The same code makes them while the controller works and when `luot verify` replays the journal, so they can be compared.
A row is a tuple in the order of its table's columns (`controller/store/schema.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from controller.domain.events import EventType
from controller.domain.queue.evolve import evolve
from controller.services.journal.compact import compact

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from controller.domain.events import Event
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.ticket import Visit

Row = tuple[Any, ...]


@dataclass(slots=True)
class Rows:
    """Rows by id since the last `take`; a visit of None is one that never happened."""

    tickets: dict[str, Row] = field(default_factory=dict)
    visits: dict[str, Row | None] = field(default_factory=dict)
    ratings: dict[str, Row] = field(default_factory=dict)


class Projector:
    """Applies events to a hall and keeps the rows that they change."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.rows = Rows()

    def apply(self, event: Event) -> str:
        """Apply one event; give the local day that it belongs to, as `YYYY-MM-DD`."""
        visits = self._visits(event)
        evolve(self.hall, event)
        day = str(event.data.get("day") or self.hall.day)
        for visit in visits | self._visits(event):
            found = self.hall.visits.get(visit)
            self.rows.visits[visit] = None if found is None else visit_row(found, day)
        if "number" in event.data:
            self.rows.tickets[event.data["id"]] = ticket_row(event.data, self.hall.centre.timezone)
        if event.type is EventType.RATED:
            self.rows.ratings[event.data["rating"]] = rating_row(event, self.hall.visits[event.data["visit"]])
        return day

    def take(self) -> Rows:
        """Give the rows since the last call."""
        rows, self.rows = self.rows, Rows()
        return rows

    def _visits(self, event: Event) -> set[str]:
        """Name the visits that an event may change, as far as the hall knows them by now."""
        found = {event.data.get("visit")}
        counter = self.hall.counters.get(event.data.get("counter") or "")
        if counter is not None:
            found.add(counter.visit)
            if event.type is EventType.UNDONE and counter.undo is not None:
                found |= {visit for _, visit, _ in counter.undo.tickets.values()}
        return {visit for visit in found if visit is not None}


def ticket_row(data: dict[str, Any], timezone: ZoneInfo) -> Row:
    """Give the row of a ticket as the last event about it tells it."""
    hour = datetime.fromtimestamp(data["issued_at"] / 1000, timezone).hour
    told = data["told"] or {}
    return (
        data["id"], data["day"], hour, data["number"], data["service"], data["series"], data["priority"],
        data["status"], data["channel"], data["lang"], data["issued_at"], data["called_at"],
        data["last_called_at"], data["started_at"], data["ended_at"], data["last_counter"],
        data["last_officer"], data["recalls"], data["transfers"], data["target_s"], told.get("low_s"),
        told.get("high_s"), data["device"],
    )  # fmt: skip


def visit_row(visit: Visit, day: str) -> Row:
    """Give the row of one call and what came of it."""
    return (
        visit.id, visit.ticket, day, visit.service, visit.counter, visit.officer, visit.called_at, visit.started_at,
        visit.ended_at, None if visit.ended is None else visit.ended.value, visit.rule, int(visit.manual),
    )  # fmt: skip


def rating_row(event: Event, visit: Visit) -> Row:
    """Give the row of a rating; it counts on the day of its visit."""
    data = event.data
    return (
        data["rating"], data["id"], visit.id, data["day"], event.at, data["score"], data["version"],
        int(data["satisfied"]), visit.service, visit.counter, visit.officer, data["source"],
        compact(data.get("reasons", [])), compact(data.get("answers", {})),
    )  # fmt: skip
