"""The hall in memory, and what of it is not on disk yet: commands go in, one batch of rows comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from broker.contract.errors import Code, RefusedError
from controller.domain.commands import Tick
from controller.domain.decide import decide
from controller.domain.decision.decision import DecisionContext
from controller.domain.events import EventType
from controller.domain.numbers.high_water import merged
from controller.domain.queue.hall import PERSON, Hall
from controller.services.engine.outbox import command_for
from controller.services.journal.chain import DayClosing
from controller.services.journal.damage import DamagedDay, rebuild
from controller.services.journal.ports import StoredEvent, StoreError, Version, WriteBatch
from controller.services.journal.projections import Projector
from controller.services.journal.replay import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.runtime.clock import Clock
    from controller.domain.centre.centre import Centre
    from controller.domain.commands import Command
    from controller.domain.decision.decision import Decision, Effect, Secret
    from controller.domain.events import Event
    from controller.domain.numbers.high_water import Numbers, Restored
    from controller.domain.queue.hall import Estimator
    from controller.services.journal.ports import Ids, RecoveredDay, Store
    from controller.services.journal.set_aside import QuarantinedRows

log = structlog.get_logger()

DAY_MS = 24 * 3600 * 1000
KEPT_DAYS = {"token": 30, "dossier": 30, "note": 7, "reason": 7, "comment": 365}
"""How long what may not stand in an event is kept, by what it is."""


def kept_days(what: str) -> int:
    """Give the days that a secret is kept."""
    return KEPT_DAYS.get(what, 7)


class DaySession:
    """One run of the hall from a known state of the disk; thrown away when a commit fails."""

    def __init__(
        self, hall: Hall, recovered: RecoveredDay, clock: Clock, ids: Ids, damage: DamagedDay | None = None
    ) -> None:
        self.hall = hall
        self.batch = WriteBatch()
        self._projector = Projector(hall)
        self._effects: list[Effect] = []
        self._clock = clock
        self._ids = ids
        self._epoch = recovered.epoch
        self._seq = recovered.seq
        self._recovered = recovered
        self._restored = recovered.restored
        self.mark = recovered.mark
        """How far numbers are reserved, the batch included."""
        self._given = _given(recovered)
        self._damage = damage or DamagedDay()
        self._day_ends = self._end_of_day()

    @classmethod
    async def recover(
        cls,
        store: Store,
        clock: Clock,
        ids: Ids,
        first: Centre | None,
        estimator: Estimator | None,
        aside: QuarantinedRows,
    ) -> DaySession:
        """Rebuild the hall from disk; an empty store begins with a first configuration, else it is StoreError."""
        try:
            recovered = await store.recover()
            if recovered.version is not None:
                hall, damage = await rebuild(store, recovered, estimator, aside, first)
                return cls(hall, recovered, clock, ids, damage)
        except UNREADABLE as error:
            raise StoreError(
                f"the journal of the last day cannot be replayed ({type(error).__name__}: {error});"
                " nothing was changed. `luot verify --data DIR` names every fault;"
                " `luot restore FROM --data DIR` puts a backup back"
            ) from error
        if recovered.seq:
            raise StoreError(
                "the store has a journal and no configuration, so it is damaged; nothing was changed."
                " Put a backup back with `luot restore FROM --data DIR`"
            )
        if first is None:
            raise StoreError("the store holds no configuration yet: start once with --centre FILE")
        version = Version(1, clock.now(), first.to_document())
        await store.commit(WriteBatch(versions=[version]))
        return cls(Hall(first, version.version, estimator), recovered, clock, ids)

    def now(self) -> int:
        """Give the instant for rules and events: the clock's, but never before the journal's last."""
        return max(self._clock.now(), self.hall.last_at)

    def do(self, command: Command) -> dict[str, Any]:
        """Decide a command and apply its events; give the JSON-ready answer, or raise Refused with nothing changed.

        Any other exception means that the hall is no longer to be trusted.
        """
        if self.now() >= self._day_ends:
            self._turn()
        return self._carry(self._decide(command))

    def _turn(self) -> None:
        """Close the day that is over and begin the next, before anything else is decided in it."""
        day, seq, known = self.hall.day, self._seq, len(self.batch.journal)
        self._carry(self._decide(Tick()))
        self._day_ends = self._end_of_day()
        if day is not None and self.hall.day != day:
            own = sum(written.day == str(day) for written in self.batch.journal[known:])
            self.batch.closings.append(DayClosing(str(day), seq + own, self.now()))

    def _end_of_day(self) -> int:
        day = self.hall.day
        if day is None:
            return 0
        self.hall.floors = self._damage.above(str(day), self._floors(str(day)))
        return self.hall.centre.calendar.on(day).end

    def _floors(self, day: str) -> Numbers:
        """Return the numbers above which each series continues on a day, of those that this epoch has not gone on with.

        A store in which a series is far behind its mark was put there by hand: it continues above the mark.
        """
        restored = {} if self._restored is None else self._restored.on(day, self.mark)
        known = merged([self._recovered.floors.get(day, {}), restored])
        ahead = {series: floor for series, floor in known.items() if (day, series) not in self._given}
        ranges = self.hall.centre.ranges
        beyond = self.mark.beyond(day, self.hall.series)
        return merged([ahead, {one: end for one, end in beyond.items() if one in ranges and ranges[one].last is None}])

    @property
    def unsettled(self) -> Restored | None:
        """What the last restore knew, while its epoch has given no number."""
        given = self.mark.epoch == self._epoch and self.mark.since is not None
        return None if given else self._restored

    def continue_from(self, restored: Restored) -> None:
        """Take what became known of the last restore since."""
        self._restored = restored
        self._day_ends = self._end_of_day()

    def _carry(self, decision: Decision) -> dict[str, Any]:
        """Apply a decision and collect its rows; give its answer."""
        self.hall.centres.update(decision.centres)
        if decision.centres:
            # Another time zone may end the day at another instant.
            self._day_ends = 0
        if decision.secrets:
            self.hall.learn({(secret.what, secret.subject): secret.value for secret in decision.secrets})
            now = self.now()
            self.batch.secrets += [(secret, self._purge_at(secret, now)) for secret in decision.secrets]
        for event in decision.events:
            self._write(event)
        if decision.effects is not None:
            self._carry_out(decision.effects(self.hall))
        return plain(decision.answer(self.hall))

    def _purge_at(self, secret: Secret, now: int) -> int:
        if secret.what == PERSON:
            return self.hall.centre.calendar.day(now).end
        return now + kept_days(secret.what) * DAY_MS

    def _decide(self, command: Command) -> Decision:
        moment = DecisionContext(self.now(), self._ids.new_id, self._ids.new_token)
        try:
            return decide(self.hall, command, moment)
        except RefusedError:
            raise
        except Exception as error:
            log.exception("decision_failed", command=type(command).__name__)
            raise RefusedError(Code.TRY_AGAIN, "the controller failed to decide; nothing was done") from error

    def _write(self, event: Event) -> None:
        day = self._projector.apply(event)
        self._seq += 1
        self.batch.journal.append(StoredEvent(self._seq, self._epoch, day, self.hall.version, event))
        self._reserve(day, event)
        learn: Callable[[Hall, Event], None] | None = getattr(self.hall.estimator, "happened", None)
        if learn is not None:
            learn(self.hall, event)

    def _reserve(self, day: str, event: Event) -> None:
        """Have the block of a number on the disk before the number, and the epoch before its first event."""
        mark = self.mark.begin(self._epoch)
        number = event.data.get("serial") if event.type is EventType.ISSUED else None
        if number is not None:
            series = event.data["series"]
            self._given.add((day, series))
            if not mark.covers(self._epoch, day, series, number):
                mark = mark.reserve(self._epoch, day, series, number)
        if mark is not self.mark:
            self.mark = self.batch.reserved = mark

    def _carry_out(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            sent = command_for(effect, self._ids.new_id, self.now())
            if sent is None:
                self._effects.append(effect)
            else:
                self.batch.sent.append(sent)

    def close(self) -> tuple[WriteBatch, tuple[Effect, ...]]:
        """Give all that is not on disk yet, with the effects that no device command carries; begin anew."""
        rows = self._projector.take()
        batch, effects = self.batch, tuple(self._effects)
        batch.tickets = list(rows.tickets.values())
        batch.visits = [row for row in rows.visits.values() if row is not None]
        batch.gone = [visit for visit, row in rows.visits.items() if row is None]
        batch.ratings = list(rows.ratings.values())
        self.batch, self._effects = WriteBatch(), []
        return batch, effects


def _given(recovered: RecoveredDay) -> set[tuple[str, str]]:
    """Name by day the series of which the present epoch has given a number."""
    return {
        (written.day, str(written.event.data.get("series")))
        for written in recovered.written
        if written.epoch == recovered.epoch
        and written.event.type is EventType.ISSUED
        and written.event.data.get("serial") is not None
    }


def plain(answer: BaseModel | dict[str, Any]) -> dict[str, Any]:
    """Give an answer as JSON-ready values."""
    if isinstance(answer, BaseModel):
        return answer.model_dump(mode="json")
    found: dict[str, Any] = to_jsonable_python(answer)
    return found
