"""The journal replayed says what the tables say, until somebody changes one of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from controller.domain.commands import Cancel, Offline, Rate, Reprioritise
from controller.services.journal.ports import IdempotencyKey
from controller.services.journal.verify import verify
from controller.store.audit import Audit
from controller.store.database import FILE

if TYPE_CHECKING:
    from pathlib import Path

DAY_MS = 24 * 3600 * 1000


def found(folder: Path) -> list[str]:
    with closing(Audit(folder / FILE)) as audit:
        return verify(audit).differences


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        connection.execute(statement)


async def live_a_day(rig: Any) -> None:
    """A bit of everything that a day can hold."""
    for counter in ("c1", "c2"):
        await rig.act("open", counter)
    served = await rig.serve_one()
    await rig.engine.do(Rate(token=served["token"], score=1, version=1, reasons=("slow",), comment="lâu quá"))
    for _ in range(6):
        await rig.issue()
    await rig.act("next")
    await rig.act("recall")
    await rig.act("no_show")
    await rig.act("next")
    await rig.act("undo")
    await rig.act("next")
    await rig.act("transfer", service="result", note="xem lại")
    await rig.act("call", number="A004", reason="nhờ")
    await rig.act("park")
    await rig.act("return", number="A004")
    await rig.engine.do(Reprioritise(number="A005", priority="elderly", reason="75 tuổi"))
    cancelled = await rig.issue("result")
    await rig.engine.do(Cancel(token=cancelled["token"]))
    await rig.issue(key=IdempotencyKey("kiosk-1", "kept", "d"), request="kept")
    await rig.act("next", "c2")


async def test_a_lived_day_and_the_morning_after_agree(rig: Any, hand_clock: Any) -> None:
    await live_a_day(rig)
    yesterday = hand_clock.at
    hand_clock.at += DAY_MS
    await rig.issue()
    await rig.issue(offline=Offline(number="Z1-001", token="offline-token-00000001", at=yesterday))
    await rig.issue(
        key=IdempotencyKey("kiosk-1", "late", "d"), request="late",
        offline=Offline(number="Z1-002", token="offline-token-00000002", at=yesterday, replaces="kept"),
    )  # fmt: skip

    assert found(rig.folder) == []


async def test_it_is_equal_before_and_after_a_purge(rig: Any, hand_clock: Any) -> None:
    await live_a_day(rig)
    hand_clock.at += 400 * DAY_MS
    await rig.engine._purge()

    assert found(rig.folder) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE tickets SET status = 'done' WHERE number = 'A005'", "should be"),
        ("UPDATE visits SET counter = 'c2' WHERE counter = 'c1'", "should be"),
        ("DELETE FROM ratings", "is in the journal and not in the table"),
        (
            "UPDATE ratings SET id = 'another'",
            "is in the table and not in the journal",
        ),
        ("DELETE FROM journal WHERE type = 'cancelled'", "after"),
        ("UPDATE journal SET epoch = 2 WHERE seq = 3", "goes back from epoch 2 to 1"),
        ("UPDATE journal SET data = json_set(data, '$.id', 'nobody') WHERE type = 'recalled'", "cannot be replayed"),
    ],
)  # fmt: skip
async def test_whatever_was_changed_is_named(rig: Any, statement: str, said: str) -> None:
    await live_a_day(rig)
    change(rig.folder, statement)

    assert any(said in line for line in found(rig.folder))
