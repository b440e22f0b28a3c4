"""Marks of persons on disk: for one day, apart from the journal, in no copy, and never in what a digest tells."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import Code, RefusedError
from controller.domain.commands import Cancel
from controller.services.engine.idempotency import digest_of
from controller.services.journal.ports import IdempotencyKey
from controller.services.journal.verify import verify
from controller.store.audit import Audit
from controller.store.database import FILE
from controller.store.restore.backup import back_up, put_back

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    Runs = Callable[..., AbstractAsyncContextManager[Any]]

ON = {"card": True}
ONE = "a" * 43
DAY_S = 24 * 3600


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("controller.services.engine.engine.TICK_S", 0.002)


def marks(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM secrets WHERE what = 'person'").fetchone()
        return int(count)


def raw_store(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob(f"{FILE}*"))


def faults(folder: Path) -> list[str]:
    with closing(Audit(folder / FILE)) as audit:
        return verify(audit).differences


async def test_marks_hold_over_a_restart_and_go_with_the_day(open_rig: Runs, tmp_path: Path) -> None:
    async with open_rig(identity=ON) as rig:
        await rig.issue(person=ONE)
    async with open_rig(identity=ON) as rig:
        with pytest.raises(RefusedError) as refused:
            await rig.issue(person=ONE)
        assert refused.value.code is Code.TOO_MANY_TICKETS
        assert marks(tmp_path / FILE) == 1
        before = faults(tmp_path)
        rig.clock.pass_seconds(DAY_S)
        async with asyncio.timeout(10):
            while marks(tmp_path / FILE):  # noqa: ASYNC110 - a disk has no event
                await asyncio.sleep(0.005)
        assert before == faults(tmp_path) == []
        assert (await rig.issue(person=ONE))["number"] == "A001"
    assert raw_store(tmp_path).count(ONE.encode()) == 1


async def test_a_repeated_request_gets_its_first_answer_also_when_it_was_refused(open_rig: Runs) -> None:
    async with open_rig(identity=ON) as rig:
        first, second = IdempotencyKey("kiosk-1", "r-1", "d"), IdempotencyKey("kiosk-1", "r-2", "d")
        ticket = await rig.issue(person=ONE, key=first)
        with pytest.raises(RefusedError):
            await rig.issue(person=ONE, key=second)
        await rig.engine.do(Cancel(token=ticket["token"]))
        assert (await rig.issue(person=ONE, key=first))["id"] == ticket["id"]
        with pytest.raises(RefusedError) as refused:
            await rig.issue(person=ONE, key=second)
        assert refused.value.code is Code.TOO_MANY_TICKETS
        assert (await rig.issue(person=ONE))["number"] == "A002"


async def test_neither_the_key_nor_a_mark_is_in_a_copy(open_rig: Runs, tmp_path: Path) -> None:
    async with open_rig(identity=ON) as rig:
        told = await rig.day_key.tell()
        await rig.issue(person=ONE)
        (tmp_path / "copies").mkdir()
        back_up(tmp_path, tmp_path / "copies" / "copy.db")
        secret = rig.day_key._key.secret
    copies = list((tmp_path / "copies").iterdir())
    assert [copy.name for copy in copies] == ["copy.db"]
    raw = copies[0].read_bytes()
    for trace in (ONE.encode(), told["key"].encode(), secret, secret.hex().encode()):
        assert trace not in raw
    put_back(copies[0], tmp_path, "2026-11-23")
    assert faults(tmp_path) == []


def test_a_mark_does_not_count_in_the_digest_of_a_request() -> None:
    asked = {"op": "issue", "service": "land"}
    assert digest_of(asked | {"person": ONE}) == digest_of(asked)
