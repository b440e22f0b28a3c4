"""The app over the real engine and a store on disk; only clock, broker and password cost are fakes."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest

from broker.contract.times import parse_instant
from broker.link.link import LinkDownError
from controller.domain.centre.centre import parse_centre
from controller.http.app import app_with_routes, attach_dependencies
from controller.http.dependencies import Dependencies
from controller.services.accounts.accounts import Accounts, Role
from controller.services.accounts.budget import CallBudget
from controller.services.configuration import Configuration
from controller.services.devices.credentials import Credentials
from controller.services.devices.granting import Granting
from controller.services.devices.inventory import Inventory
from controller.services.devices.presence import Presence
from controller.services.engine.engine import Engine
from controller.services.engine.ids import RandomIds
from controller.services.procedures import Procedures
from controller.store.accounts import SqliteAccounts
from controller.store.credentials import SqliteCredentials
from controller.store.database import FILE, Database
from controller.store.figures import FiguresStore
from controller.store.journal import SqliteStore
from controller.store.passwords import Argon2
from controller.store.procedures import SqliteProcedures
from tests.controller.conftest import InTurn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from fastapi import FastAPI

    from broker.contract.payloads import Kind

PASSWORD = "correct horse"

CENTRE: dict[str, Any] = {
    "centre": {
        "id": "quang-ngai",
        "name": {"vi": "Trung tâm Phục vụ hành chính công", "en": "Public Administrative Service Centre"},
        "languages": ["vi", "en"],
        "public_url": "http://hall.test",
    },
    "hours": [{"days": ["mon", "tue", "wed", "thu", "fri"], "open": ["07:00-17:00"]}],
    "group": [{"id": "fields", "name": {"vi": "Đất đai", "en": "Land"}}],
    "service": [
        {
            "id": "land", "group": "fields", "series": "A", "target_wait_min": 30,
            "name": {"vi": "Nộp hồ sơ đất đai", "en": "Submit a land file"},
        },
        {"id": "advice", "group": "fields", "series": "X", "name": {"vi": "Hướng dẫn", "en": "Advice"}},
    ],
    "counter": [
        {"id": "c1", "label": {"vi": "Quầy 1", "en": "Counter 1"}, "services": ["land"]},
        {"id": "c2", "label": {"vi": "Quầy 2", "en": "Counter 2"}, "services": ["land", "advice"]},
    ],
    "priority": [{"id": "elderly", "name": {"vi": "Từ đủ 75 tuổi", "en": "75 years or older"}, "weight": 3.0}],
    "rating": {
        "version": 1,
        "levels": [
            {"score": 3, "name": {"vi": "Rất hài lòng", "en": "Very satisfied"}, "satisfied": True},
            {"score": 2, "name": {"vi": "Hài lòng", "en": "Satisfied"}, "satisfied": True},
            {
                "score": 1, "name": {"vi": "Không hài lòng", "en": "Not satisfied"}, "satisfied": False,
                "reason": "required",
            },
        ],
        "reasons": [{"code": "slow", "name": {"vi": "Chờ lâu", "en": "Long wait"}}],
    },
    "device": [{"id": "kiosk-1", "kind": "kiosk", "offline": "Z1"}],
}  # fmt: skip


HALL = parse_centre(CENTRE)


@dataclass
class FakeClock:
    """A clock that stands until it is moved."""

    at: int = parse_instant("2026-11-23T08:00:00+07:00")
    seconds: float = 1000.0
    speed: float = 1.0

    def now(self) -> int:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def pass_seconds(self, seconds: float) -> None:
        self.at += int(seconds * 1000)
        self.seconds += seconds


@dataclass
class FakeBroker:
    """The broker's users, in memory; `away` from the given step on, and then it refuses all that follow."""

    granted: dict[str, str] = field(default_factory=dict)
    away: str = ""
    managed: bool = True

    def _reach(self, step: str) -> bool:
        if step == self.away:
            raise LinkDownError("the broker is away")
        return self.managed

    async def check(self) -> bool:
        return self._reach("check")

    async def grant(self, device: str, kind: Kind, password: str) -> bool:
        assert kind
        if self._reach("grant"):
            self.granted[device] = password
        return self.managed

    async def revoke(self, device: str) -> bool:
        if self._reach("revoke"):
            self.granted.pop(device, None)
        return self.managed

    async def sync(self, devices: Mapping[str, Kind]) -> frozenset[str]:
        self.granted = {device: word for device, word in self.granted.items() if device in devices}
        return frozenset(devices) - frozenset(self.granted)


@dataclass
class House:
    """One controller behind HTTP, with someone of each role signed in."""

    app: FastAPI
    parts: Dependencies
    clock: FakeClock
    real_clock: FakeClock
    broker: FakeBroker
    credentials: Credentials
    lacking: list[str]
    tokens: dict[str, str] = field(default_factory=dict)

    def client(self, user: str | None = None, address: str = "127.0.0.1") -> httpx.AsyncClient:
        """Give a client that is signed in as a user by bearer token, or nobody's."""
        headers = {"Authorization": f"Bearer {self.tokens[user]}"} if user else {}
        transport = httpx.ASGITransport(app=self.app, client=(address, 5000), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://hall.test", headers=headers)


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The application without parts: its routes are the same for every test."""
    return app_with_routes("0.0.test")


async def _parts(folder: Path, clock: FakeClock, real_clock: FakeClock, lacking: list[str]) -> AsyncIterator[Any]:
    database = Database(folder / FILE, InTurn)
    await database.open()
    store = SqliteStore(database)
    engine = Engine(store, clock, RandomIds())
    await engine.start(HALL)
    running = asyncio.create_task(engine.run())
    configuration = Configuration(engine, clock)
    await configuration.start(await store.version(1))
    broker, hasher = FakeBroker(), Argon2(time_cost=1, memory_kib=8)
    accounts = Accounts(SqliteAccounts(database), hasher, real_clock)
    await accounts.start()
    procedures = Procedures(SqliteProcedures(database), clock, configuration.centre)
    await procedures.start()
    credentials = Credentials(engine, SqliteCredentials(database), clock)
    await credentials.start()
    configuration.listen(credentials.published)

    async def ready() -> list[str]:
        return lacking

    parts = Dependencies(
        clock=clock, engine=engine, store=store, configuration=configuration,
        inventory=Inventory(configuration, Granting(credentials, broker), Presence(clock)), accounts=accounts,
        procedures=procedures,
        history=FiguresStore(database.path), centre=configuration.centre, ready=ready,
        metrics=lambda: (b"luot_up 1\n", "text/plain; version=0.0.4"), monitoring=(ip_network("127.0.0.0/8"),),
        version="0.0.test", budget=CallBudget(real_clock), strangers=Counter(),
    )  # fmt: skip
    yield parts, broker, credentials
    engine.close()
    await running
    hasher.close()
    await database.close()


class Morning(NamedTuple):
    """A store whose hall is open, and the tokens of who is signed in there."""

    store: Path
    tokens: dict[str, str]


async def _sign_in(folder: Path) -> dict[str, str]:
    """Open the hall and let someone of each role sign in; gives their tokens."""
    tokens = {}
    async for parts, _, _ in _parts(folder, FakeClock(), FakeClock(), []):
        for role in Role:
            await parts.accounts.add(role.value, role, PASSWORD)
            signed_in = await parts.accounts.sign_in(role.value, PASSWORD, "127.0.0.1")
            assert signed_in is not None
            tokens[role.value] = signed_in[0]
    return tokens


@pytest.fixture(scope="session")
def morning(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Morning:
    """A morning that begins once for all tests, of which each has a copy."""
    folder = tmp_path_factory.mktemp("morning")
    shutil.copy(empty_store, folder / FILE)
    with asyncio.Runner() as runner:
        return Morning(folder / FILE, runner.run(_sign_in(folder)))


@pytest.fixture
async def house(tmp_path: Path, app: FastAPI, morning: Morning) -> AsyncIterator[House]:
    """A controller whose hall is open, with the users `officer`, `supervisor` and `administrator`."""
    clock, real_clock = FakeClock(), FakeClock()
    lacking: list[str] = []
    shutil.copy(morning.store, tmp_path / FILE)
    async for parts, broker, credentials in _parts(tmp_path, clock, real_clock, lacking):
        attach_dependencies(app, parts)
        yield House(app, parts, clock, real_clock, broker, credentials, lacking, dict(morning.tokens))
