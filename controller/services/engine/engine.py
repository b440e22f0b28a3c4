"""The heart: one writer takes the commands that wait, decides them in order and commits them together.

Nothing leaves before it is on disk: callers are answered, questions asked and listeners told only after the commit.

    engine = Engine(store, clock, ids, tokens)
    await engine.start(first_centre)            # rebuilds the day; then, as a task: engine.run()
    await engine.do(Issue(...), key=key)        # the JSON-ready answer, or Refused
    await engine.ask(lambda hall, now: ...)     # sees only what is on disk
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from broker.contract.errors import Code, RefusedError
from broker.contract.times import in_range
from controller.domain.clock_plausibility import known_since
from controller.domain.commands import Cancel, Issue, Rate, Reprint, Tick
from controller.services.engine.clock_guard import MARK, ClockGuard
from controller.services.engine.day_session import DaySession, plain
from controller.services.engine.idempotency import IdempotencyStore, Outcome, RepeatedRequest, first_answer
from controller.services.engine.numbering_hold import NumberingHold
from controller.services.engine.refusals import refusing
from controller.services.engine.supervision import Supervisor
from controller.services.engine.work import QueuedCommand, failure, resolve, try_again
from controller.services.engine.work_queue import WorkQueue
from controller.services.journal.ports import StoreError
from controller.services.journal.set_aside import QuarantinedRows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from broker.runtime.clock import Clock
    from controller.domain.centre.centre import Centre
    from controller.domain.commands import Command, Offline
    from controller.domain.decision.decision import Effect
    from controller.domain.queue.hall import Estimator, Hall
    from controller.services.engine.clock_guard import ClockHold
    from controller.services.journal.ports import IdempotencyKey, Ids, Store, WriteBatch

T = TypeVar("T")
log = structlog.get_logger()

MAX_BATCH = 256
"""Commands committed together at most: a rush shares one sync, and nobody waits for more than one of these."""

TICK_S = 1.0
"""Real seconds between two looks at the clock, for what only time does."""

TURN_S = 5.0
"""A writer that has not come round for so long hangs: the clock alone gives it work every second."""

DISK_S = 120.0
"""So long the writer may wait for the disk. A slow disk gets no faster by a restart of the program."""

PURGE_MS = 3600 * 1000
"""How often rows past their date are deleted, beside the turn of the day."""

KEEP_BELIEVED_MS = 24 * 3600 * 1000
"""How often the instant that the clock was believed at is stored."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What listeners hear after each commit, before anything else is decided; `ledger.hall` may be read until then.

    `seconds` is how long `commands` of them took, from the first decision to the disk.
    """

    ledger: DaySession
    batch: WriteBatch
    effects: tuple[Effect, ...]
    commands: int
    seconds: float


class Engine:
    """Decides, journals and answers; see the module's head.

    `guard` is its clock, and that of everything around it: while it holds the time, nothing is decided.
    `synchronised` tells whether the given clock is known to be right.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: Ids,
        estimator: Estimator | None = None,
        supervisor: Supervisor | None = None,
        synchronised: Callable[[], bool] = lambda: False,
        aside: QuarantinedRows | None = None,
    ) -> None:
        self._estimator = estimator
        self._aside = aside or QuarantinedRows()
        self._given: Centre | None = None
        self._supervisor = supervisor or Supervisor(clock)
        self._store = store
        self.guard = self._clock = ClockGuard(clock, synchronised)
        self._ids = ids
        self._ledger: DaySession | None = None
        self._memory = IdempotencyStore()
        self._waiting = WorkQueue()
        self._listeners: list[Callable[[Commit], None]] = []
        self._closing = False
        self.failed_at: float | None = None
        """When a batch was last lost, by the monotonic clock, while no event has been committed since."""
        self.numbers = NumberingHold(lambda: self._ledger)
        self._writing = False
        self._turned_at = clock.monotonic()
        self._seen = 0
        self._purged_at = 0
        self._purged_day: date | None = None

    @property
    def ready(self) -> bool:
        """Tell whether the last commit or rebuild succeeded."""
        return self._ledger is not None

    @property
    def turns(self) -> bool:
        """Return whether the writer came round of late, or has not waited for the disk for too long."""
        return self._clock.monotonic() - self._turned_at <= (DISK_S if self._writing else TURN_S)

    @property
    def purged_at(self) -> int:
        """Give when rows past their date were last deleted; 0 for not yet."""
        return self._purged_at

    @property
    def answered_at(self) -> Mapping[str, int]:
        """Give when each sender was last answered, of those whose answers are kept."""
        return self._memory.answered_at

    async def start(self, first: Centre | None = None) -> None:
        """Rebuild the day from the journal; an empty store begins with the given configuration as version 1."""
        self._given = first
        ledger = await self._rebuild()
        seen, hall = await self._store.mark(MARK), ledger.hall
        version = await self._store.version(hall.version)
        self._seen = known_since(hall.last_at, self._instant(MARK, seen), self._instant("version", version.at))
        self.guard.begin(self._seen, hall.centre.calendar, hall.last_at)

    def _instant(self, name: str, stored: str | int | None) -> int:
        """Read a stored instant; a damaged one counts as none."""
        try:
            return in_range(int(stored or 0))
        except ValueError as error:
            self._aside.report("marks", name, error, "the clock is judged by the last entry of the journal")
            return 0

    async def accept_clock(self) -> int:
        """Believe what the clock shows, as an administrator has confirmed; return the instant, which is on disk."""
        at = self.guard.reading
        await self._store_believed(at)
        self.guard.accept(at)
        return at

    async def run(self) -> None:
        """Write until closed or cancelled."""
        # Without its ticks the engine does not turn, which `turns` tells the watchdog.
        ticking = asyncio.create_task(self._supervisor.keep("tick", self._tick, vital=False), name="engine-tick")
        try:
            while self._waiting or not self._closing:
                await self._waiting.wait()
                while works := self._waiting.take(MAX_BATCH):
                    await self._cycle(works)
                    await self._waiting.gather(len(works))
        finally:
            ticking.cancel()

    def close(self) -> None:
        """Take nothing more; `run` returns when what waits is on disk."""
        self._closing = True
        self._waiting.close()

    def submit(
        self,
        command: Command | None,
        *,
        key: IdempotencyKey | None = None,
        also: Callable[[WriteBatch], None] | None = None,
    ) -> asyncio.Future[dict[str, Any]]:
        """Queue a command in order of the calls; the future gives the JSON-ready answer or raises Refused.

        A key makes its repeats get the first answer. `also` adds rows to the same transaction; with no command it
        is only these rows.
        """
        return self._queue(QueuedCommand(self._future(), command=command, key=key, also=also))

    async def do(
        self,
        command: Command | None,
        *,
        key: IdempotencyKey | None = None,
        also: Callable[[WriteBatch], None] | None = None,
    ) -> dict[str, Any]:
        """Do a command and give its JSON-ready answer once it is on disk; Refused when it was judged and refused."""
        return await self.submit(command, key=key, also=also)

    def inquire(
        self, question: Callable[[Hall, int], Any], *, key: IdempotencyKey | None = None
    ) -> asyncio.Future[Any]:
        """Queue a question; with a key its answer (a dict or a payload) is remembered like a command's."""
        return self._queue(QueuedCommand(self._future(), question=question, key=key))

    async def ask(self, question: Callable[[Hall, int], T]) -> T:
        """Answer a question about the hall and the present instant, between two commits."""
        answer: T = await self.inquire(question)
        return answer

    def refuse(self, refused: RefusedError, *, key: IdempotencyKey | None = None) -> asyncio.Future[Any]:
        """Refuse what never became a command; with a key its repeats get the same answer."""
        return self._queue(QueuedCommand(self._future(), question=refusing(refused), key=key))

    def listen(self, listener: Callable[[Commit], None]) -> Callable[[], None]:
        """Hear of each commit, before anything else is decided; gives what ends the hearing."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # ---- the writer ----

    def _future(self) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().create_future()

    def _queue(self, work: QueuedCommand) -> asyncio.Future[Any]:
        if self._closing:
            work.done.set_exception(RefusedError(Code.TRY_AGAIN, "the controller is stopping"))
        else:
            self._waiting.put(work)
        return work.done

    async def _tick(self) -> None:
        while True:
            try:
                if self._look() is not None:
                    await self.do(None)
                else:
                    await self.do(Tick())
                    if self._day() != self._purged_day or self._clock.now() - self._purged_at >= PURGE_MS:
                        await self._purge()
            except (RefusedError, StoreError) as error:
                log.warning("tick_failed", reason=str(error))
            await asyncio.sleep(TICK_S)

    def _look(self) -> ClockHold | None:
        if self._ledger is None:
            return self.guard.held
        return self.guard.look(self._ledger.hall.last_at, self._ledger.hall.centre.calendar)

    async def _purge(self) -> None:
        now, day = self._clock.now(), self._day()
        await self._keep_believed()
        await self._store.purge(now)
        self._memory.forget_before(now)
        self._purged_at, self._purged_day = now, day

    async def _keep_believed(self) -> None:
        """Store how far the clock was believed: a hall that is idle for weeks has no event that says so."""
        if self.guard.believed - self._seen > KEEP_BELIEVED_MS:
            await self._store_believed(self.guard.believed)

    async def _store_believed(self, at: int) -> None:
        await self.do(None, also=lambda batch: batch.marks.update({MARK: str(at)}))
        self._seen = at

    def _day(self) -> date | None:
        return self._ledger.hall.day if self._ledger is not None else self._purged_day

    async def _cycle(self, works: list[QueuedCommand]) -> None:
        self._writing, self._turned_at = True, self._clock.monotonic()
        asked = [work for work in works if work.question is not None and work.key is None]
        told = [work for work in works if work.question is None or work.key is not None]
        if told:
            await self._write(told)
        for work in asked:
            self._answer(work)
        self._writing, self._turned_at = False, self._clock.monotonic()

    def _answer(self, work: QueuedCommand) -> None:
        if work.done.done() or work.question is None:
            return
        if self._ledger is None:
            work.done.set_exception(try_again())
            return
        try:
            work.done.set_result(work.question(self._ledger.hall, self._ledger.now()))
        except Exception as error:  # noqa: BLE001 - whatever a question raises belongs to who asked it
            work.done.set_exception(error)

    async def _write(self, works: list[QueuedCommand]) -> None:
        started, written = self._clock.monotonic(), False
        try:
            ledger = self._ledger or await self._rebuild()
            outcomes = [self._decide(ledger, await self._prepared(ledger, work)) for work in works]
            batch, effects = ledger.close()
            if batch:
                await self._store.commit(batch)
            written = True
            asked = [outcome.key for outcome in outcomes if isinstance(outcome, RepeatedRequest)]
            repeats = iter(zip(asked, await self._store.replies(asked), strict=True) if asked else ())
        except Exception as error:  # noqa: BLE001 - whatever it was, memory may be ahead of the disk
            await self._lose(works, error, written=written)
            return
        if batch:
            if batch.journal:
                self.failed_at = None
            seconds = self._clock.monotonic() - started
            self._tell(Commit(ledger, batch, effects, len(works), seconds))
        for work, outcome in zip(works, outcomes, strict=True):
            resolve(work, first_answer(*next(repeats)) if isinstance(outcome, RepeatedRequest) else outcome)

    async def _prepared(self, ledger: DaySession, work: QueuedCommand) -> QueuedCommand:
        """Read from disk what the hall of today cannot know and the command depends on."""
        command = work.command
        if isinstance(command, Issue) and command.offline:
            work.command = replace(command, offline=await self._known(ledger, command.device, command.offline))
        elif isinstance(command, Rate | Cancel | Reprint) and await self._is_past(ledger, command.token):
            code = Code.NOT_RATEABLE if isinstance(command, Rate) else Code.BAD_STATE
            work.command, work.question = None, refusing(RefusedError(code, "the day of this ticket is over"))
        return work

    async def _known(self, ledger: DaySession, device: str | None, offline: Offline) -> Offline:
        """Add what the books of earlier days have of a number that is handed in."""
        made = await self._store.made(device, offline.replaces) if device and offline.replaces else None
        today = ledger.hall.by_token(offline.token) is not None
        return replace(offline, made=made, past=None if today else await self._store.past(offline.token))

    async def _is_past(self, ledger: DaySession, token: str | None) -> bool:
        if token is None or ledger.hall.by_token(token) is not None:
            return False
        return await self._store.past(token) is not None

    def _decide(self, ledger: DaySession, work: QueuedCommand) -> Outcome | RepeatedRequest:
        key, command = work.key, work.command
        if key is not None and self._memory.knows(key.sender, key.id):
            return RepeatedRequest(key)
        if key is not None and self._memory.is_full(key.sender):
            return RefusedError(Code.TRY_AGAIN, "too many requests of this sender in 48 hours; nothing was done")
        if (command is not None or key is not None) and (held := self.guard.held) is not None:
            return RefusedError(Code.TRY_AGAIN, str(held))
        if isinstance(command, Rate) and key is not None:
            command = replace(command, arrived=self._memory.arrived(key, ledger.now()))
        try:
            if work.question is not None:
                outcome: Outcome = plain(work.question(ledger.hall, ledger.now()))
            else:
                outcome = {} if command is None else ledger.do(command)
            if work.also is not None:
                work.also(ledger.batch)
        except RefusedError as refused:
            outcome = refused
        if key is not None:
            self._remember(ledger, key, command, outcome)
        return outcome

    def _remember(self, ledger: DaySession, key: IdempotencyKey, command: Command | None, outcome: Outcome) -> None:
        rows = [self._memory.note(key, outcome, ledger.now())]
        if isinstance(command, Issue) and command.offline and command.offline.replaces and isinstance(outcome, dict):
            rows.append(self._memory.void(key.sender, command.offline.replaces, ledger.now()))
        ledger.batch.answered.extend(row for row in rows if row is not None)

    async def _lose(self, works: list[QueuedCommand], error: Exception, *, written: bool) -> None:
        """Forget what memory holds beyond the disk and read the day again.

        When the disk is not the reason, one of the commands is: each is done again by itself, so that only that one
        fails. Otherwise all of them are to try again.
        """
        log.error("batch_lost", commands=len(works), reason=str(error), exc_info=not isinstance(error, StoreError))
        self._ledger = None
        self.failed_at = self._clock.monotonic()
        alone = len(works) > 1 and not written and not isinstance(error, StoreError)
        for work in () if alone else works:
            resolve(work, failure(error))
        try:
            await self._rebuild()
        except StoreError as again:
            log.warning("rebuild_failed", reason=str(again))
        for work in works if alone else ():
            await self._write([work])

    async def _rebuild(self) -> DaySession:
        ledger = await DaySession.recover(
            self._store, self._clock, self._ids, self._given, self._estimator, self._aside
        )
        self._memory.learn(await self._store.keys())
        self._ledger = ledger
        self.numbers.apply()
        return ledger

    def _tell(self, commit: Commit) -> None:
        for listener in list(self._listeners):
            try:
                listener(commit)
            except Exception:
                log.exception("listener_failed")
