"""Rows of the store as the services take them, damaged ones too: none of them ends a read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from broker.contract.times import BEGIN, END
from controller.domain.events import Event, EventType
from controller.services.journal.ports import UNREADABLE, StoredCommand, StoredEvent, UnreadableRow

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST_NUMBER: Final = 99_999
"""A number above this is damage and no number."""


def written_of(row: tuple[Any, ...]) -> StoredEvent:
    """Read a row of the journal; a ValueError when it is no event."""
    seq, epoch, day, config, kind, v, at, text = row
    data: Any = json.loads(text)
    if not isinstance(data, dict):
        raise ValueError("its data is not a JSON object")  # noqa: TRY004 - the row is at fault, not a caller
    if not BEGIN <= at < END:
        raise ValueError(f"its instant {at} lies outside of the calendar")
    return StoredEvent(seq, epoch, day, config, Event(EventType(kind), at, data, v))


def events_of(rows: Iterable[tuple[Any, ...]]) -> tuple[list[StoredEvent], list[UnreadableRow]]:
    """Read rows of the journal; those that are no events apart."""
    written, unreadable = [], []
    for row in rows:
        try:
            written.append(written_of(row))
        except (ValueError, RecursionError) as error:
            may_issue = row[4] == EventType.ISSUED or row[4] not in set(EventType)
            unreadable.append(UnreadableRow(row[0], f"{type(error).__name__}: {error}", may_issue))
    return written, unreadable


def sent_of(row: tuple[Any, ...]) -> StoredCommand:
    """Read a command; one whose body is no JSON object keeps its text, and its fault says so."""
    command, device, op, text, ttl_s, at, state = row
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        return StoredCommand(
            command, device, op, {UNREADABLE: text}, ttl_s, at, state, f"its body is not JSON: {error}"
        )
    if not isinstance(body, dict):
        return StoredCommand(command, device, op, {UNREADABLE: text}, ttl_s, at, state, "its body is not a JSON object")
    return StoredCommand(command, device, op, body, ttl_s, at, state)


def object_of(text: str) -> dict[str, Any]:
    """Read a JSON object; anything else is an empty one."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def numbers_by_day(rows: Iterable[tuple[str, str, Any]]) -> dict[str, dict[str, int]]:
    """Return the highest of (day, series, number) rows; what is no number of a series does not count."""
    highest: dict[str, dict[str, int]] = {}
    for day, series, number in rows:
        serial = str(number).removeprefix(series)
        if serial.isascii() and serial.isdecimal() and int(serial) <= LARGEST_NUMBER:
            known = highest.setdefault(day, {})
            known[series] = max(int(serial), known.get(series, 0))
    return highest
