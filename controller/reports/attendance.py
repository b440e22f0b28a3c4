"""How long counters stood open, were paused and had nobody to serve, from what happened at them; pure.

A pause ends with its counter. A counter that nobody has closed yet counts until now, never past its day's midnight.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from controller.domain.events import EventType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

    from controller.services.history import InHandRow, MoveRow

HOUR_MS = 3_600_000


class Activity(StrEnum):
    """What a stretch of time at a counter was: `open` holds the others."""

    OPEN = "open"
    PAUSED = "paused"
    IDLE = "idle"


class Stretch(NamedTuple):
    """Some time at a counter, in ms since 1970 UTC; `day` is its local day."""

    kind: Activity
    day: str
    counter: str
    officer: str | None
    begin: int
    end: int


def midnight_after(day: str, timezone: ZoneInfo) -> int:
    """Return the instant at which a local day is over."""
    after = date.fromisoformat(day) + timedelta(days=1)
    return int(datetime(after.year, after.month, after.day, tzinfo=timezone).timestamp() * 1000)


def attendance(
    moves: Iterable[MoveRow], visits: Iterable[InHandRow], now: int, timezone: ZoneInfo
) -> Iterator[Stretch]:
    """Return every stretch of every counter; `moves` in the order of the journal."""
    by_counter: defaultdict[tuple[str, str], list[MoveRow]] = defaultdict(list)
    busy: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for move in moves:
        by_counter[move.day, move.counter].append(move)
    for visit in visits:
        over = min(now, midnight_after(visit.day, timezone)) if visit.ended_at is None else visit.ended_at
        busy[visit.day, visit.counter].append((visit.called_at, over))
    for place, counter_moves in by_counter.items():
        stretches = list(_stretches(counter_moves, min(now, midnight_after(place[0], timezone))))
        yield from stretches
        paused = [(one.begin, one.end) for one in stretches if one.kind is Activity.PAUSED]
        taken = sorted(busy[place] + paused)
        for one in stretches:
            if one.kind is Activity.OPEN:
                free = gaps(one.begin, one.end, taken)
                yield from (one._replace(kind=Activity.IDLE, begin=begin, end=end) for begin, end in free)


def _stretches(moves: list[MoveRow], over: int) -> Iterator[Stretch]:
    """Return the open and the paused stretches of one counter on one day, the last of them until `over`."""
    opened: MoveRow | None = None
    paused_at: int | None = None
    closing = moves[-1]._replace(type=EventType.COUNTER_CLOSED, at=max(over, moves[-1].at))
    for move in [*moves, closing]:
        if opened is not None and paused_at is not None and move.type != EventType.COUNTER_PAUSED:
            yield Stretch(Activity.PAUSED, move.day, move.counter, opened.officer, paused_at, move.at)
            paused_at = None
        if opened is not None and move.type in (EventType.COUNTER_CLOSED, EventType.COUNTER_OPENED):
            yield Stretch(Activity.OPEN, move.day, move.counter, opened.officer, opened.at, move.at)
            opened = None
        if move.type == EventType.COUNTER_OPENED:
            opened = move
        elif move.type == EventType.COUNTER_PAUSED:
            paused_at = move.at


def gaps(begin: int, end: int, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Return what is left of a stretch without those that are taken, which are in the order of their begin."""
    for first, last in taken:
        if first >= end:
            break
        if first > begin:
            yield begin, first
        begin = max(begin, last)
    if begin < end:
        yield begin, end


def by_hours(stretch: Stretch, timezone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """Cut a stretch at the local hours; give each hour of the day with its ms."""
    begin = stretch.begin
    while begin < stretch.end:
        local = datetime.fromtimestamp(begin / 1000, timezone)
        offset = int((local.utcoffset() or timedelta()).total_seconds() * 1000)
        until = min(stretch.end, (begin + offset) // HOUR_MS * HOUR_MS + HOUR_MS - offset)
        yield local.hour, until - begin
        begin = until
