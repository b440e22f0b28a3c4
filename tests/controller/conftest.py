"""A controller's inside over a real store in a folder of the test; only the clock and the failures are made."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from typing_extensions import override

from broker.contract.payloads import Origin
from broker.contract.times import parse_instant
from controller.domain.centre.centre import parse_centre
from controller.domain.commands import Action, CounterCommand, Issue, Rank
from controller.services.day_key import DayKey
from controller.services.engine.engine import Engine
from controller.services.engine.ids import RandomIds
from controller.services.journal.ports import IdempotencyKey, StoreError
from controller.services.procedures import Procedures
from controller.store.database import FILE, Database, migrate
from controller.store.day_key import KEY_FILE, DayKeyFile
from controller.store.journal import SqliteStore
from controller.store.procedures import SqliteProcedures

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from controller.services.journal.ports import RecoveredDay, WriteBatch

T = TypeVar("T")


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    at: int = parse_instant("2026-11-23T08:00:00+07:00")
    seconds: float = 1000.0
    speed: float = 1.0

    def now(self) -> int:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def pass_seconds(self, seconds: float) -> None:
        self.at += int(seconds * 1000 * self.speed)
        self.seconds += seconds


class InTurn:
    """Works in the thread of the test, after all else that was ready: threads would take longer than the work."""

    def __init__(self, _name: str) -> None: ...

    async def run(self, work: Callable[[], T]) -> T:
        await asyncio.sleep(0)
        return work()

    def close(self) -> None: ...


class FaultyStore(SqliteStore):
    """A real store whose commits fail when told: before anything is written, or after all of it was."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.fail_before = 0
        self.fail_after = 0
        self.away = False
        self.room: int | None = None
        """The largest batch that the disk still takes, in characters; small ones fit where large ones do not."""
        self.commits: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()

    def _be_there(self) -> None:
        if self.away:
            raise StoreError("the disk is gone")

    @override
    async def recover(self) -> RecoveredDay:
        self._be_there()
        return await super().recover()

    @override
    async def commit(self, batch: WriteBatch) -> None:
        await self.gate.wait()
        self._be_there()
        if self.room is not None and size_of(batch) > self.room:
            raise StoreError("database or disk is full")
        if self.fail_before:
            self.fail_before -= 1
            raise StoreError("the disk is full")
        await super().commit(batch)
        self.commits.append(len(batch.journal))
        if self.fail_after:
            self.fail_after -= 1
            raise StoreError("the power went before the answer")


def size_of(batch: WriteBatch) -> int:
    """Return about how many characters a batch takes on disk."""
    return len(str(batch))


@dataclass
class Rig:
    """One run of the engine on a data directory."""

    clock: HandClock
    store: FaultyStore
    engine: Engine
    procedures: Procedures
    day_key: DayKey
    folder: Path
    _asked: int = field(default=0)

    async def issue(self, service: str = "land", key: IdempotencyKey | None = None, **more: Any) -> dict[str, Any]:
        """Give a number at kiosk-1; the ticket."""
        self._asked += 1
        told = {"device": "kiosk-1", "request": f"{id(self)}-{self._asked}"} | more
        answer = await self.engine.do(Issue(service=service, origin=Origin.KIOSK, **told), key=key)
        ticket: dict[str, Any] = answer["ticket"]
        return ticket

    async def act(self, action: str, counter: str = "c1", **more: Any) -> dict[str, Any]:
        """Do an action at a counter as a supervisor."""
        return await self.engine.do(
            CounterCommand(action=Action(action), counter=counter, rank=Rank.SUPERVISOR, officer="officer", **more)
        )

    async def serve_one(self, counter: str = "c1") -> dict[str, Any]:
        """Issue, call and finish; the ticket."""
        ticket = await self.issue()
        await self.act("next", counter)
        await self.act("start", counter)
        await self.act("finish", counter)
        return ticket


def document() -> dict[str, Any]:
    """A small centre with a device of each kind."""
    return {
        "centre": {
            "id": "hall-a", "name": {"vi": "Trung tâm", "en": "Centre"}, "languages": ["vi", "en"],
            "public_url": "http://127.0.0.1:8000",
        },
        "hours": [{"days": ["mon", "tue", "wed", "thu", "fri"], "open": ["07:00-17:00"]}],
        "group": [{"id": "land", "name": {"vi": "Đất đai", "en": "Land"}}],
        "service": [
            {"id": "land", "group": "land", "series": "A", "name": {"vi": "Nộp"}, "target_wait_min": 30},
            {"id": "result", "group": "land", "series": "T", "name": {"vi": "Trả kết quả"}},
        ],
        "counter": [
            {"id": "c1", "label": {"vi": "Quầy 1"}, "services": ["land", "result"]},
            {"id": "c2", "label": {"vi": "Quầy 2"}, "services": ["land"]},
        ],
        "priority": [{"id": "elderly", "name": {"vi": "Từ đủ 75 tuổi"}, "weight": 3.0, "grant": "kiosk"}],
        "rating": {
            "levels": [
                {"score": 3, "name": {"vi": "Rất hài lòng"}, "satisfied": True},
                {"score": 1, "name": {"vi": "Không hài lòng"}, "satisfied": False, "reason": "required"},
            ],
            "reasons": [{"code": "slow", "name": {"vi": "Chờ lâu"}}],
        },
        "device": [
            {"id": "kiosk-1", "kind": "kiosk", "offline": "Z1", "printer": "printer-1"},
            {"id": "kiosk-2", "kind": "kiosk", "offline": "Z2"},
            {"id": "printer-1", "kind": "printer", "address": "tcp://127.0.0.1:9100", "width_mm": 80,
             "attached": "kiosk-1"},
            {"id": "keypad-1", "kind": "keypad", "counter": "c1"},
            {"id": "rater-1", "kind": "rater", "counter": "c1"},
            {"id": "sign-1", "kind": "sign", "counter": "c1"},
            {"id": "board-1", "kind": "board"},
        ],
    }  # fmt: skip


@pytest.fixture
def small_centre() -> dict[str, Any]:
    return document()


@pytest.fixture
def hand_clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as it is before the first start, made once."""
    path = tmp_path_factory.mktemp("store") / FILE
    migrate(path)
    return path


OpenRig = "Callable[[], AbstractAsyncContextManager[Rig]]"
SMALL_CENTRE = parse_centre(document())


@pytest.fixture
def open_rig(
    tmp_path: Path, hand_clock: HandClock, empty_store: Path
) -> Callable[..., AbstractAsyncContextManager[Rig]]:
    """Open the same data directory as often as wanted, one run after another; `tables` of the centre are changed."""

    @asynccontextmanager
    async def run(**tables: Any) -> AsyncIterator[Rig]:
        async with AsyncExitStack() as stack:
            if not (tmp_path / FILE).exists():
                shutil.copy(empty_store, tmp_path / FILE)
            database = Database(tmp_path / FILE, InTurn)
            await database.open()
            stack.push_async_callback(database.close)
            store = FaultyStore(database)
            engine = Engine(store, hand_clock, RandomIds())
            centre = parse_centre(document() | tables) if tables else SMALL_CENTRE
            await engine.start(centre)
            running = asyncio.create_task(engine.run())
            stack.push_async_callback(asyncio.wait_for, running, 10)
            stack.callback(engine.close)
            procedures = Procedures(SqliteProcedures(database), hand_clock, lambda: centre)
            await procedures.start()
            day_key = DayKey(engine, DayKeyFile(tmp_path / KEY_FILE), secrets.token_bytes)
            yield Rig(hand_clock, store, engine, procedures, day_key, tmp_path)

    return run


@pytest.fixture
async def rig(open_rig: Callable[[], AbstractAsyncContextManager[Rig]]) -> AsyncIterator[Rig]:
    async with open_rig() as opened:
        yield opened
