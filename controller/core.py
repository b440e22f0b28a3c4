"""What of a controller works without any network: the store and all that is read from it, with the engine running."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from broker.contract.errors import RefusedError
from broker.link.link import LinkRefusedError
from broker.runtime.clock import SystemClock
from broker.runtime.clock_sync import is_synchronised
from controller.domain.estimate.learned import LearnedTimes
from controller.domain.estimate.queue_estimator import QueueEstimator
from controller.mqtt.heartbeat import AnotherControllerError
from controller.services.accounts.accounts import Accounts
from controller.services.configuration import Configuration
from controller.services.counts import Counts
from controller.services.day_key import DayKey
from controller.services.devices.credentials import Credentials
from controller.services.devices.inventory import kinds_of
from controller.services.engine.engine import Engine
from controller.services.engine.ids import RandomIds
from controller.services.engine.supervision import RepeatedFailureError, Supervisor
from controller.services.journal.set_aside import QuarantinedRows
from controller.services.procedures import Procedures
from controller.store.accounts import SqliteAccounts
from controller.store.credentials import SqliteCredentials
from controller.store.database import FILE, Database
from controller.store.day_key import KEY_FILE, DayKeyFile
from controller.store.files import keep_folder_private
from controller.store.journal import SqliteStore
from controller.store.passwords import Argon2
from controller.store.procedures import SqliteProcedures
from controller.store.restore.remains import refuse_lost_store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from broker.runtime.clock import Clock
    from broker.server.dynamic_security import DeviceUser
    from controller.domain.centre.centre import Centre
    from controller.services.journal.ports import WriteBatch

log = structlog.get_logger()

ESTIMATES = "estimates"
"""Names what the estimator has learnt, in the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """What works without any network: store, engine, configuration, users. `running` ends only with the engine."""

    store: SqliteStore
    engine: Engine
    configuration: Configuration
    accounts: Accounts
    procedures: Procedures
    day_key: DayKey
    memory: LearnedTimes
    credentials: Credentials
    ids: RandomIds
    counts: Counts
    aside: QuarantinedRows
    supervisor: Supervisor
    running: asyncio.Task[None]

    async def save_estimates(self) -> None:
        """Keep what the estimator has learnt."""

        def keep(batch: WriteBatch) -> None:
            batch.marks[ESTIMATES] = self.memory.to_json()

        await self.engine.do(None, also=keep)

    def broker_users(self) -> list[DeviceUser]:
        """Return who may sign in at the broker."""
        return self.credentials.users(kinds_of(self.configuration.centre()))


@asynccontextmanager
async def open_core(data: Path, clock: Clock, first: Centre | None) -> AsyncIterator[Core]:
    """Open the store of a data directory and run its engine; `StoreError` when it holds no centre and none is given."""
    counts = Counts()
    aside = QuarantinedRows(counts.set_aside)
    supervisor = Supervisor(
        clock, counts.restarts, ends=(AnotherControllerError, LinkRefusedError, RepeatedFailureError)
    )
    refuse_lost_store(data)
    keep_folder_private(data)
    database = Database(data / FILE)
    await database.open()
    hasher = Argon2()
    try:
        store, ids = SqliteStore(database, aside), RandomIds()
        learnt = await store.mark(ESTIMATES)
        memory = _learnt(learnt, aside)
        real = isinstance(clock, SystemClock)
        trust = is_synchronised if real else lambda: False
        engine = Engine(store, clock, ids, QueueEstimator(memory), supervisor, trust, aside)
        await engine.start(first)
        clock = engine.guard
        running = asyncio.create_task(engine.run(), name="engine")
        configuration = Configuration(engine, clock)
        await configuration.start(await store.version(await engine.ask(lambda hall, _: hall.version)))
        # Sessions end after real hours, also when a drill drives the clock of the hall.
        accounts = Accounts(SqliteAccounts(database, aside), hasher, clock if real else SystemClock())
        await accounts.start()
        procedures = Procedures(SqliteProcedures(database, aside), clock, configuration.centre, aside)
        await procedures.start()
        credentials = Credentials(engine, SqliteCredentials(database), clock, aside)
        await credentials.start()
        configuration.listen(credentials.published)
        core = Core(
            store=store, engine=engine, configuration=configuration, accounts=accounts, procedures=procedures,
            day_key=DayKey(engine, DayKeyFile(data / KEY_FILE), secrets.token_bytes),
            memory=memory, credentials=credentials, ids=ids, counts=counts, aside=aside,
            supervisor=supervisor, running=running,
        )  # fmt: skip
        try:
            yield core
        finally:
            if not running.done() and engine.ready:
                with suppress(RefusedError):
                    await core.save_estimates()
            engine.close()
            await running
    finally:
        hasher.close()
        await database.close()


def _learnt(text: str | None, aside: QuarantinedRows) -> LearnedTimes:
    """Read what wait estimates have learnt; what cannot be read, as after an upgrade, is learnt anew."""
    try:
        return LearnedTimes() if text is None else LearnedTimes.from_json(text)
    except (ValueError, RecursionError) as error:
        log.warning("estimates_forgotten", reason=str(error))
        aside.report("marks", ESTIMATES, error, "wait estimates learn again from nothing")
        return LearnedTimes()
