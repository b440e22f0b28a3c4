"""A damaged value in any column of any table: the controller starts, gives a number that nobody has, and says so.

The cases come from the tables as they are in the file, so a new table or column is among them at once.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import tempfile
from contextlib import asynccontextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from sqlite_utils import Database

from broker.contract.payloads import Origin
from broker.link.memory_link import MemoryBroker
from controller.core import open_core
from controller.domain.centre.centre import parse_centre
from controller.domain.commands import Action, CounterCommand, Issue, Rank, Rate
from controller.mqtt.adapter import MqttAdapter
from controller.mqtt.dependencies import MqttDependencies
from controller.reports.grouping import By
from controller.reports.registry import REPORTS, make_report
from controller.reports.report import ReportQuery
from controller.services.accounts.accounts import Role
from controller.services.devices.presence import Presence
from controller.services.journal.ports import IdempotencyKey, StoreError
from controller.services.journal.stored_centre import former_centres
from controller.services.journal.verify import verify
from controller.services.requests.issue import OUTAGES
from controller.store.audit import Audit
from controller.store.database import FILE, migrate
from controller.store.figures import FiguresStore
from tests.controller.conftest import HandClock, document

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import AsyncIterator

    from controller.core import Core

LONG = bool(os.environ.get("LUOT_LONG"))
DAY_S = 24 * 3600
PROCEDURES = """code,service,name.vi,papers.vi,fee.vi,time.vi
P1,land,Đăng ký,Đơn,0 đ,1 ngày
P2,land,Cấp lại,Đơn,0 đ,1 ngày
"""
PASSWORDS = "correct horse"

TEXTS: dict[str, bytes] = {"bytes that are no text": b'\xff\xfe{"a":'}
NUMBERS: dict[str, int] = {"far ahead": 2**62}
if LONG:
    TEXTS |= {"torn": b'{"a":', "nothing": b"", "a list": b"[]", "null": b"null", "a number": b"7"}
    TEXTS |= {"deep": b"[" * 100_000}
    NUMBERS |= {"below nothing": -1, "nought": 0}

TOGETHER = {"tickets", "visits", "ratings", "checkpoints"}
"""Tables whose columns are damaged one by one in the long run only: reports and `luot verify` read them."""

TOGETHER_NAME = "damaged"
OBVIOUS = {TOGETHER_NAME, next(iter(TEXTS))}
"""Values that no column of texts could hold rightly."""

NOTICED = {
    "journal": "data", "outbox": "body", "centres": "data", "users": "role", "credentials": "password",
    "procedures": "data",
}  # fmt: skip
"""Columns of which a damaged value is named by the start itself; what is only compared is found by `luot verify`."""


class Case(NamedTuple):
    """Values put into a row of a table: its `last` or `first` by key, or into `all` where the columns are no keys."""

    table: str
    values: dict[str, bytes | int]
    which: str = "last"
    name: str = TOGETHER_NAME

    @property
    def id(self) -> str:
        columns = "+".join(self.values) if len(self.values) < 3 else "everything"
        return f"{self.table}.{columns} {self.which} {self.name}"


def _bad(kind: type) -> bytes | int:
    return next(iter(TEXTS.values())) if kind is str else next(iter(NUMBERS.values()))


def cases() -> list[Case]:
    """Make the cases of every column of every table of the schema."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        migrate(Path(folder) / FILE)
        database = Database(Path(folder) / FILE)
        for table in tables_of(database):
            columns: dict[str, type] = database.table(table).columns_dict
            if table in TOGETHER and not LONG:
                keys = database.table(table).pks
                found.append(Case(table, {name: _bad(kind) for name, kind in columns.items() if name not in keys}))
                columns = {name: kind for name, kind in columns.items() if name in keys}
            found += [
                Case(table, {column: value}, which, name)
                for column, kind in columns.items()
                for name, value in (TEXTS if kind is str else NUMBERS).items()
                for which in (("last", "first", "all") if LONG or table == "marks" else ("last",))
            ]
        database.close()
    return found


def tables_of(database: Database) -> list[str]:
    """Name the tables of a store; sqlite-utils' own list of migrations is another program's."""
    return [name for name in database.table_names() if "sqlite" not in name]


class Base(NamedTuple):
    """A store with a row in every table, and the numbers that were given on its last day."""

    folder: Path
    numbers: frozenset[str]
    at: HandClock


def centre_document() -> dict[str, Any]:
    return document() | {"upstream": {"enabled": True}}


async def issue(core: Core, request: str, **more: Any) -> dict[str, Any]:
    command = Issue(service="land", origin=Origin.KIOSK, device="kiosk-1", request=request, **more)
    answer = await core.engine.do(command, key=IdempotencyKey("kiosk-1", request, "digest"))
    ticket: dict[str, Any] = answer["ticket"]
    return ticket


async def act(core: Core, action: str) -> None:
    await core.engine.do(CounterCommand(action=Action(action), counter="c1", rank=Rank.SUPERVISOR, officer="officer"))


async def fill(core: Core, clock: HandClock) -> frozenset[str]:
    """Work for a day and a morning, so that there is a row in every table; returns the numbers of the morning."""
    await core.accounts.add("chief", Role.ADMINISTRATOR, PASSWORDS)
    await core.accounts.add("officer", Role.OFFICER, PASSWORDS)
    await core.accounts.sign_in("officer", PASSWORDS, "here")
    await core.procedures.bring_in(PROCEDURES)
    staged = await core.credentials.stage("kiosk-1", parse_centre(document()).devices["kiosk-1"].kind, PASSWORDS)
    await core.engine.do(None, also=lambda batch: core.credentials.confirm(batch, staged))
    await issue(core, "yesterday")
    clock.pass_seconds(DAY_S)
    numbers = set()
    await act(core, "open")
    for request in ("one", "two", "three"):
        ticket = await issue(core, request, printer="printer-1", dossier="H17-0001")
        numbers.add(ticket["number"])
        clock.pass_seconds(60)
        if request == "one":
            await act(core, "next")
            await act(core, "start")
            await act(core, "finish")
            await core.engine.do(
                Rate(token=ticket["token"], score=1, version=1, reasons=("slow",), comment="Tôi đã chờ rất lâu.")
            )
    await core.configuration.publish(
        core.configuration.current().data | {"pause": [{"code": "lunch", "name": {"vi": "Nghỉ trưa"}}]},
        expected=core.configuration.current().version,
    )
    numbers.add((await issue(core, "four"))["number"])
    await core.save_estimates()
    marks = {OUTAGES: '{"kiosk-1":{"bound":1,"last":2}}', "upstream": "3", "floors": '{"2026-11-24":{"A":1}}'}
    await core.engine.do(None, also=lambda batch: batch.marks.update(marks))
    return frozenset(numbers)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    folder, clock = tmp_path_factory.mktemp("base"), HandClock()

    async def make() -> frozenset[str]:
        async with open_core(folder, clock, parse_centre(centre_document())) as core:
            return await fill(core, clock)

    return Base(folder, asyncio.run(make()), clock)


def test_every_table_has_a_row_to_damage(base: Base) -> None:
    database = Database(base.folder / FILE)
    empty = {table for table in tables_of(database) if not database[table].count}
    database.close()

    assert empty == set(), "give fill() a row for each new table, so that its columns are damaged too"


def damage(file: Path, case: Case) -> None:
    """Put the value of a case into one row of the store, or into all where the column is no key."""
    database = Database(file)
    table = database.table(case.table)
    order = ", ".join(f"{key} {'DESC' if case.which == 'last' else 'ASC'}" for key in table.pks)
    most = None if case.which == "all" and not case.values.keys() & set(table.pks) else 1
    conversions = {name: "CAST(? AS TEXT)" for name, value in case.values.items() if isinstance(value, bytes)}
    for key in [key for key, _ in table.pks_and_rows_where(order_by=order, limit=most)]:
        with suppress(sqlite3.IntegrityError):  # what the table itself refuses cannot be there
            table.update(key, case.values, conversions=conversions)
    database.close()


@asynccontextmanager
async def controller(folder: Path, clock: HandClock) -> AsyncIterator[Core]:
    """Run all of a controller but HTTP on a data directory, with a broker in memory."""
    async with open_core(folder, clock, parse_centre(centre_document())) as core:
        broker = MemoryBroker(core.configuration.centre().id, clock)
        link = broker.link("controller")
        devices = MqttAdapter(
            MqttDependencies(
                link=link, engine=core.engine, store=core.store, configuration=core.configuration,
                presence=Presence(clock), procedures=core.procedures, day_key=core.day_key, counts=core.counts,
                clock=clock, ids=core.ids, aside=core.aside, supervisor=core.supervisor, version="test",
            )
        )  # fmt: skip
        await devices.open(await former_centres(core.store, core.configuration.current().version, core.aside))
        running = [asyncio.create_task(work) for work in (link.run(), devices.run())]
        try:
            yield core
            assert not any(task.done() for task in running)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


async def a_start(folder: Path, clock: HandClock, request: str) -> tuple[str, Counter[str]]:
    """Start on a data directory and work a little; returns the number that was given, and what is set aside."""
    async with controller(folder, clock) as core:
        ticket = await issue(core, request)
        clock.pass_seconds(60)
        await core.store.events(0, 1000)
        await core.procedures.page(None, 0)
        assert not +core.counts.restarts
        return ticket["number"], core.counts.set_aside


def use_reports(folder: Path) -> None:
    """Make every report of the two days; the disk may be named as the reason why one cannot be made."""
    for name in REPORTS:
        try:
            make_report(
                ReportQuery(name, date(2026, 11, 23), date(2026, 11, 24), By.DAY, (1, 3)),
                FiguresStore(folder / FILE),
                0,
            )
        except StoreError:
            continue


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
async def test_a_damaged_value_ends_nothing_and_gives_no_number_twice(base: Base, tmp_path: Path, case: Case) -> None:
    shutil.copytree(base.folder, tmp_path, dirs_exist_ok=True)
    damage(tmp_path / FILE, case)
    clock = HandClock(at=base.at.now() + 60_000)

    first, noticed = await a_start(tmp_path, clock, "first")
    second, _ = await a_start(tmp_path, clock, "second")

    assert not base.numbers & {first, second}
    assert first != second
    if NOTICED.get(case.table) in case.values and case.name in OBVIOUS:
        assert noticed[case.table], noticed
    await asyncio.to_thread(use_reports, tmp_path)


def test_verify_names_a_row_that_is_no_fact(base: Base, tmp_path: Path) -> None:
    shutil.copytree(base.folder, tmp_path, dirs_exist_ok=True)
    damage(tmp_path / FILE, Case("journal", {"data": b"{"}))

    audit = Audit(tmp_path / FILE)
    found = verify(audit).differences
    audit.close()

    assert [line for line in found if "cannot be read" in line]
