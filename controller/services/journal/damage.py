"""A day whose journal has rows that cannot be applied: replayed without them, and no number of it given again.

A row that cannot be read is left out. A row that cannot be applied is left out with all other events of its ticket, for
half of a ticket's way would leave its counter in a state that never was. The rows stay in the journal as they are.

A row that was left out may have given a number, at most one. What the rest of the row and the table of tickets know of
it is not given again. Where a row may have given a number that nothing tells any more, each series continues at the
next full hundred above the highest number known plus those rows: decided once for the same rows and kept in a mark, so
that another restart does not move the numbers on again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from controller.domain.events import EventType
from controller.domain.queue.evolve import evolve
from controller.services.journal.ports import StoreError, WriteBatch
from controller.services.journal.replay import empty_hall, wanted_versions
from controller.services.journal.stored_centre import centre_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from controller.domain.centre.centre import Centre
    from controller.domain.queue.hall import Estimator, Hall
    from controller.services.journal.ports import RecoveredDay, Store, StoredEvent
    from controller.services.journal.set_aside import QuarantinedRows

MARK: Final = "damage"
HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class DamagedDay:
    """Rows of a day's journal that were left out, by sequence number, and the number each series continues above.

    `later` has what the table of tickets knows of days after it, of which the journal has nothing.
    """

    day: str = ""
    rows: frozenset[int] = frozenset()
    floors: dict[str, int] = field(default_factory=dict)
    later: dict[str, dict[str, int]] = field(default_factory=dict)

    def above(self, day: str, floors: Mapping[str, int]) -> dict[str, int]:
        """Return the numbers that the series of a day continue above, these floors and the damage considered."""
        own = self.floors if day == self.day else self.later.get(day, {})
        return {one: max(own.get(one, 0), floors.get(one, 0)) for one in own.keys() | floors.keys()}


def replay_around(
    recovered: RecoveredDay, centres: Mapping[int, Centre], estimator: Estimator | None
) -> tuple[Hall, dict[int, str]]:
    """Return the hall as those events of a day leave it that can be applied, and why each other row was left out."""
    left_out = {one.seq: one.reason for one in recovered.unreadable}
    while True:
        hall = empty_hall(recovered, centres, estimator)
        found = _apply(hall, recovered.written, left_out)
        if found is None:
            return hall, left_out
        failed, reason = found
        same = (one.seq for one in recovered.written if _ticket(one) == _ticket(failed) is not None)
        left_out |= dict.fromkeys((failed.seq, *same), reason)


def _apply(hall: Hall, written: Iterable[StoredEvent], left_out: Mapping[int, str]) -> tuple[StoredEvent, str] | None:
    """Apply events to a hall; returns the first that cannot be applied, after which the hall is of no use."""
    for one in written:
        if one.seq in left_out:
            continue
        try:
            if left_out and one.config != hall.version and one.event.type is not EventType.CONFIG_PUBLISHED:
                hall.use(hall.centres[one.config], one.config)  # the event that said so is among those left out
            evolve(hall, one.event)
            _check(hall, one)
        except Exception as error:  # noqa: BLE001 - what was stored may be anything, and the start goes on without it
            return one, f"{type(error).__name__}: {error}"
    return None


def _check(hall: Hall, written: StoredEvent) -> None:
    """Raise for a ticket whose words and instants could not be shown to anybody."""
    ticket = hall.tickets.get(_ticket(written) or "")
    if ticket is None:
        return
    words: tuple[Any, ...] = (ticket.id, ticket.number, ticket.service, ticket.priority, ticket.lang)
    instants: tuple[Any, ...] = (ticket.issued_at, ticket.joined_at, written.event.at)
    if not all(isinstance(word, str) and word for word in words):
        raise TypeError("a word of the ticket is no text")
    if not all(isinstance(instant, int) for instant in instants):
        raise TypeError("an instant of the ticket is no number")


def _ticket(written: StoredEvent) -> str | None:
    found = written.event.data.get("id")
    return found if isinstance(found, str) else None


async def rebuild(
    store: Store,
    recovered: RecoveredDay,
    estimator: Estimator | None,
    aside: QuarantinedRows,
    given: Centre | None = None,
) -> tuple[Hall, DamagedDay]:
    """Return the hall as the last day on disk leaves it, under the configuration in force, and the day's damage."""
    wanted = sorted(wanted_versions(recovered))
    centres = {version: await centre_of(store, version, aside, given) for version in wanted}
    hall, left_out = replay_around(recovered, centres, estimator)
    latest = max(centres) if recovered.version is None else recovered.version.version
    if hall.version != latest:
        hall.use(centres[latest], latest)
    return hall, await _damage_of(store, recovered, hall, left_out, aside)


async def _damage_of(
    store: Store, recovered: RecoveredDay, hall: Hall, left_out: Mapping[int, str], aside: QuarantinedRows
) -> DamagedDay:
    """Return what rows that were left out, or are not there, mean for the numbers of the day and those after it."""
    day = recovered.day or ""
    given = await store.highest_numbers(day)
    highest = given.pop(day, {})
    later = {one: _repeating_none(hall, numbers) for one, numbers in given.items()}
    for seq, reason in left_out.items():
        aside.report("journal", seq, reason, "the day goes on without it and gives no number again")
    lost = _lost_numbers(recovered, left_out)
    if not lost:
        ahead = {one: number for one, number in highest.items() if number > hall.series.get(one, 0)}
        return DamagedDay(day, floors=_repeating_none(hall, ahead), later=later)
    known = _read(await store.mark(MARK))
    if known.day == day and known.rows >= lost:
        return replace(known, later=later)
    every = _repeating_none(hall, dict.fromkeys(hall.centre.ranges, 0) | highest)
    floors = {one: ((number + len(lost)) // HUNDRED + 1) * HUNDRED - 1 for one, number in every.items()}
    made = DamagedDay(day, lost, floors)
    await _keep(store, made, aside)
    return replace(made, later=later)


def _lost_numbers(recovered: RecoveredDay, left_out: Mapping[int, str]) -> frozenset[int]:
    """Name the rows that may have given a number that nothing tells any more: at most one each."""
    unreadable = {one.seq for one in recovered.unreadable if one.may_issue}
    nameless = {
        one.seq
        for one in recovered.written
        if one.seq in left_out and one.event.type is EventType.ISSUED and not _names_number(one.event.data)
    }
    return frozenset(unreadable | nameless)


def _names_number(data: Mapping[str, Any]) -> bool:
    return isinstance(data.get("series"), str) and isinstance(data.get("serial"), int)


def _repeating_none(hall: Hall, numbers: Mapping[str, int]) -> dict[str, int]:
    """Leave out series that begin again after a last number: theirs say nothing about the next one."""
    ranges = hall.centre.ranges
    return {one: number for one, number in numbers.items() if one in ranges and ranges[one].last is None}


async def _keep(store: Store, damage: DamagedDay, aside: QuarantinedRows) -> None:
    text = json.dumps({"day": damage.day, "rows": sorted(damage.rows), "floors": damage.floors})
    try:
        await store.commit(WriteBatch(marks={MARK: text}))
    except StoreError as error:
        aside.report("marks", MARK, error, "the numbers move on once more at the next start")


def _read(text: str | None) -> DamagedDay:
    try:
        kept: Any = json.loads(text or "{}")
        floors = {str(series): int(floor) for series, floor in kept["floors"].items()}
        return DamagedDay(str(kept["day"]), frozenset(map(int, kept["rows"])), floors)
    except (ValueError, TypeError, KeyError, AttributeError):
        return DamagedDay()
