"""What happened: the events of the journal, never rewritten (contract 11)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

EVENT_VERSION = 1


class EventType(StrEnum):
    """Types of events, as they stand in the journal and upstream."""

    ISSUED = "issued"
    CALLED = "called"
    RECALLED = "recalled"
    STARTED = "started"
    FINISHED = "finished"
    NO_SHOW = "no_show"
    PARKED = "parked"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNDONE = "undone"
    RATED = "rated"
    PRINTED = "printed"
    COUNTER_OPENED = "counter_opened"
    COUNTER_CLOSED = "counter_closed"
    COUNTER_PAUSED = "counter_paused"
    COUNTER_RESUMED = "counter_resumed"
    RENUMBERED = "renumbered"
    REPRIORITISED = "reprioritised"
    CONFIG_PUBLISHED = "config_published"


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    `at` is in milliseconds since 1970 UTC. `data` is JSON: for an event about a ticket the Ticket after it without its
    token (fields of `broker.contract.payloads.Ticket`, instants as integers of milliseconds), with `counter`,
    `officer`, `reason` and what else a replay needs; never free text and nothing personal.
    """

    type: EventType
    at: int
    data: dict[str, Any]
    v: int = EVENT_VERSION
