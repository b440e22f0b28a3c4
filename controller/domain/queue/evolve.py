"""What each event does to the hall: the same in any process, so that a replay of the journal gives the same day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from broker.contract.payloads import CounterStatus, Status
from controller.domain.events import Event, EventType
from controller.domain.queue.counter import UndoPoint
from controller.domain.queue.ticket import Ended, SlipState, Visit
from controller.domain.queue.ticket_record import FLOW, flow_of, ticket_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from controller.domain.queue.counter import Counter
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.ticket import Ticket

UNDOABLE: Final = frozenset({"next", "call", "finish", "no_show", "park", "transfer"})
"""Actions that a counter can take back."""

_IMAGE: Final = (*FLOW, "counter", "officer")
_COUNTER_IMAGE: Final = ("status", "since", "visit", "ended", "run", "served", "awaits_since")


def day_of(hall: Hall, now: int) -> date:
    """Give the local date of an instant at the hall's centre."""
    return hall.centre.calendar.day(now).date


def evolve(hall: Hall, event: Event) -> None:
    """Apply one event. An event of a later day than the hall's begins that day."""
    data = event.data
    today = day_of(hall, event.at)
    if data.get("day", str(today)) != str(today):
        _evolve_late(hall, event)
        return
    if hall.day is None or today > hall.day:
        hall.turn_to(today)
    hall.last_at = max(hall.last_at, event.at)
    _EVOLVE[event.type](hall, event)


def settle(hall: Hall, now: int) -> None:
    """Begin the day of `now` when the hall's own day is over and closed; else do nothing."""
    today = day_of(hall, now)
    if hall.day is None or (today > hall.day and not is_living(hall)):
        hall.turn_to(today)


def is_living(hall: Hall) -> bool:
    """Tell whether anybody waits, is parked or in hand, or a counter is open."""
    return bool(
        hall.parked
        or any(hall.lines.waiting.values())
        or any(counter.status is not CounterStatus.CLOSED for counter in hall.counters.values())
    )


def _evolve_late(hall: Hall, event: Event) -> None:
    """Apply an event that came on a later day than the one that it belongs to: a hand-in that was kept overnight."""
    data = event.data
    hall.last_at = max(hall.last_at, event.at)
    if str(hall.day) != data["day"]:
        return
    if event.type is EventType.ISSUED:
        ticket = ticket_of(data)
        ticket.status = Status.EXPIRED
        ticket.token = hall.secrets.get(("token", ticket.id))
        hall.add(ticket)
    elif event.type is EventType.RENUMBERED:
        _renumbered(hall, event)


# ---- tickets ----


def _move(hall: Hall, ticket: Ticket, fields: dict[str, Any]) -> None:
    """Change a ticket, and where it is found with it."""
    if ticket.status is Status.WAITING:
        hall.lines.remove(ticket)
    elif ticket.status is Status.PARKED:
        del hall.parked[ticket.id]
    elif ticket.status is Status.SERVING:
        hall.services[ticket.service].serving -= 1
    for name, value in fields.items():
        setattr(ticket, name, value)
    if ticket.status is Status.WAITING:
        hall.lines.add(ticket)
    elif ticket.status is Status.PARKED:
        hall.parked[ticket.id] = ticket
    elif ticket.status is Status.SERVING:
        hall.services[ticket.service].serving += 1


def _issued(hall: Hall, event: Event) -> None:
    data = event.data
    ticket = ticket_of(data)
    ticket.token = hall.secrets.get(("token", ticket.id))
    if data.get("printer") is not None:
        ticket.slip = SlipState.PENDING
        ticket.slip_kiosk, ticket.slip_printer = data["device"], data["printer"]
    if data.get("serial") is not None:
        hall.series[ticket.series] = data["serial"]
        hall.floors.pop(ticket.series, None)
    if data.get("replaces") is not None:
        hall.voided.add((data["device"], data["replaces"]))
    hall.services[ticket.service].issued += 1
    hall.add(ticket)


def _moved(hall: Hall, event: Event) -> None:
    ticket = hall.tickets[event.data["id"]]
    ticket.version += 1
    _move(hall, ticket, flow_of(event.data))


def _renumbered(hall: Hall, event: Event) -> None:
    data = event.data
    ticket = hall.tickets[data["id"]]
    hall.rename(ticket, data["number"], hall.secrets.get(("token", ticket.id)))
    if data.get("device") and data.get("request"):
        hall.requests[(data["device"], data["request"])] = ticket.id


def _rated(hall: Hall, event: Event) -> None:
    hall.visits[event.data["visit"]].rating = event.data["rating"]
    hall.tickets[event.data["id"]].version += 1


def _printed(hall: Hall, event: Event) -> None:
    data = event.data
    ticket = hall.tickets[data["id"]]
    if data["copy"]:
        ticket.copied = True
        ticket.slip_kiosk = data.get("kiosk") or ticket.slip_kiosk
        return
    if data.get("fallback") is not None:
        ticket.slip, ticket.slip_printer = SlipState.PENDING, data["fallback"]
    elif data["ok"] is None:
        ticket.slip = SlipState.UNKNOWN if data["final"] else SlipState.PENDING
    else:
        ticket.slip = SlipState.PRINTED if data["ok"] else SlipState.FAILED


# ---- visits at counters ----


def _point(hall: Hall, event: Event, ticket: Ticket) -> None:
    """Keep what the counter's action can be taken back to, before it is applied."""
    data = event.data
    counter = hall.counters[data["counter"]]
    if data["action"] not in UNDOABLE:
        counter.undo = None
        return
    if counter.undo is None or counter.undo.act != data["act"]:
        counter.undo = UndoPoint(data["act"], event.at, {name: getattr(counter, name) for name in _COUNTER_IMAGE})
    image = {name: getattr(ticket, name) for name in _IMAGE}
    counter.undo.tickets[ticket.id] = (event.type.value, data["visit"], image)


def _touch(hall: Hall, counter: Counter, ticket: Ticket, data: dict[str, Any]) -> None:
    """Apply a counter's move of a ticket, and note for its undo that this was not somebody else."""
    ticket.version += 1
    if counter.undo is not None and ticket.id in counter.undo.tickets:
        counter.undo.versions[ticket.id] = ticket.version
    _move(hall, ticket, flow_of(data))
    ticket.counter, ticket.officer = counter.id, data["officer"]


def _called(hall: Hall, event: Event) -> None:
    data = event.data
    ticket, counter = hall.tickets[data["id"]], hall.counters[data["counter"]]
    _point(hall, event, ticket)
    _touch(hall, counter, ticket, data)
    zone = hall.centre.counters[counter.id].zone
    visit = Visit(
        id=data["visit"], ticket=ticket.id, service=ticket.service, counter=counter.id, zone=zone,
        officer=data["officer"], priority=ticket.is_priority, called_at=event.at, recalled_at=event.at,
        rule=data["rule"], score=data["score"], second=data["second"], overtook=data["overtook"],
        manual=data["manual"], reason=data["reason"],
    )  # fmt: skip
    hall.visits[visit.id] = visit
    hall.services[visit.service].calls.append(visit)
    counter.visit, counter.status, counter.since = visit.id, CounterStatus.CALLING, event.at
    counter.awaits_since = None
    if data["action"] == "next":
        counter.last_next_at = event.at
    if data["rule"] == "continued":
        return
    counter.run = counter.run + 1 if visit.priority else 0
    counter.served += 1
    if data["rule"] != "walk_in":
        hall.called_in.setdefault(zone, []).append(visit)


def _recalled(hall: Hall, event: Event) -> None:
    data = event.data
    counter, visit = hall.counters[data["counter"]], hall.visits[data["visit"]]
    _touch(hall, counter, hall.tickets[data["id"]], data)
    visit.recall, visit.recalled_at = data["recall"], event.at
    called = hall.called_in[visit.zone]
    called.remove(visit)
    called.append(visit)


def _started(hall: Hall, event: Event) -> None:
    data = event.data
    counter = hall.counters[data["counter"]]
    _touch(hall, counter, hall.tickets[data["id"]], data)
    hall.visits[data["visit"]].started_at = event.at
    counter.status, counter.since = CounterStatus.SERVING, event.at


_ENDS: Final = {
    EventType.FINISHED: Ended.DONE,
    EventType.NO_SHOW: Ended.NO_SHOW,
    EventType.PARKED: Ended.PARKED,
    EventType.TRANSFERRED: Ended.TRANSFERRED,
}


def _ended(hall: Hall, event: Event) -> None:
    data = event.data
    ticket, counter = hall.tickets[data["id"]], hall.counters[data["counter"]]
    _point(hall, event, ticket)
    _touch(hall, counter, ticket, data)
    visit = hall.visits[data["visit"]]
    visit.officer, visit.ended_at, visit.ended = data["officer"], event.at, _ENDS[event.type]
    visit.result, visit.quantity = data.get("result"), data.get("quantity")
    counter.visit, counter.status, counter.since = None, CounterStatus.OPEN, event.at
    if data["action"] == "next":
        counter.last_next_at = event.at
    if visit.ended is Ended.DONE:
        counter.ended = (visit.id, ticket.number, event.at)
        hall.services[visit.service].served.append(visit)


def _undone(hall: Hall, event: Event) -> None:
    data = event.data
    counter, ticket = hall.counters[data["counter"]], hall.tickets[data["id"]]
    point = counter.undo
    if point is None:
        raise ValueError(f"the journal takes back an action that counter {counter.id} did not do")
    _, visit_id, image = point.tickets.pop(ticket.id)
    visit = hall.visits[visit_id]
    ticket.version += 1
    _move(hall, ticket, image)
    if data["undid"] == EventType.CALLED:
        del hall.visits[visit_id]
        hall.services[visit.service].calls.remove(visit)
        hall.called_in[visit.zone].remove(visit)
    else:
        if visit.ended is Ended.DONE:
            hall.services[visit.service].served.remove(visit)
        visit.ended_at = visit.ended = visit.result = visit.quantity = None
    if not point.tickets:
        _restore(counter, point)


def _restore(counter: Counter, point: UndoPoint) -> None:
    ended = counter.ended
    for name, value in point.before.items():
        setattr(counter, name, value)
    if counter.ended != ended:
        counter.ended = None  # the visit that had ended goes on
    counter.undo = None


# ---- counters and configuration ----


def _counter_opened(hall: Hall, event: Event) -> None:
    counter = hall.counters[event.data["counter"]]
    counter.officer = event.data["officer"]
    if counter.visit is None:
        counter.status, counter.since = CounterStatus.OPEN, event.at
    else:  # handed over with the visit in hand
        counter.undo = None
        hall.visits[counter.visit].officer = counter.officer


def _counter_closed(hall: Hall, event: Event) -> None:
    counter = hall.counters[event.data["counter"]]
    counter.status, counter.since = CounterStatus.CLOSED, event.at
    counter.officer = counter.reason = counter.undo = counter.awaits_since = None


def _counter_paused(hall: Hall, event: Event) -> None:
    counter = hall.counters[event.data["counter"]]
    counter.status, counter.since = CounterStatus.PAUSED, event.at
    counter.reason, counter.awaits_since = event.data["reason"], None


def _counter_resumed(hall: Hall, event: Event) -> None:
    counter = hall.counters[event.data["counter"]]
    if event.data.get("awaits"):
        counter.awaits_since = event.at
        return
    counter.status, counter.since, counter.reason = CounterStatus.OPEN, event.at, None


def _config_published(hall: Hall, event: Event) -> None:
    version = event.data["version"]
    hall.use(hall.centres[version], version)


_EVOLVE: Final[dict[EventType, Callable[[Hall, Event], None]]] = {
    EventType.ISSUED: _issued,
    EventType.CALLED: _called,
    EventType.RECALLED: _recalled,
    EventType.STARTED: _started,
    EventType.FINISHED: _ended,
    EventType.NO_SHOW: _ended,
    EventType.PARKED: _ended,
    EventType.TRANSFERRED: _ended,
    EventType.RETURNED: _moved,
    EventType.CANCELLED: _moved,
    EventType.EXPIRED: _moved,
    EventType.REPRIORITISED: _moved,
    EventType.UNDONE: _undone,
    EventType.RATED: _rated,
    EventType.PRINTED: _printed,
    EventType.RENUMBERED: _renumbered,
    EventType.COUNTER_OPENED: _counter_opened,
    EventType.COUNTER_CLOSED: _counter_closed,
    EventType.COUNTER_PAUSED: _counter_paused,
    EventType.COUNTER_RESUMED: _counter_resumed,
    EventType.CONFIG_PUBLISHED: _config_published,
}
