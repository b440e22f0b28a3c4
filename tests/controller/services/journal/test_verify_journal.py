"""A journal that was changed behind the controller's back: the chain notices, and where possible the rules do too."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from controller.domain.commands import Reprioritise, Tick
from controller.services.journal.chain import Chain, ChainRow, Checkpoint, SealReason
from controller.services.journal.verify import VerifyResult, verify
from controller.services.journal.verify_chain import NO_CHAIN, ChainAudit, audit_chain
from controller.store import chain
from controller.store.audit import Audit
from controller.store.database import FILE
from controller.store.restore.backup import back_up, put_back

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY_MS = 24 * 3600 * 1000


def verified(folder: Path) -> VerifyResult:
    with closing(Audit(folder / FILE)) as audit:
        return verify(audit)


def chain_of(folder: Path) -> ChainAudit:
    """Go through the chain only, as the first part of `verified` does: days take ten times as long."""
    with closing(Audit(folder / FILE)) as audit:
        return audit_chain(audit)


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def seal_again(folder: Path) -> None:
    """Do what a forger does: make every checkpoint fit the rows as they are now."""
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        running = Chain()
        for number, *row in connection.execute(f"SELECT id, {chain.CHECKPOINTS.removeprefix('SELECT ')}").fetchall():
            stored = Checkpoint._make(row)
            for read in connection.execute(chain.ROWS, (running.seq, stored.seq - running.seq)):
                running.add(ChainRow._make(read))
            made = running.seal(stored.kind, stored.at, epoch=stored.epoch, day=stored.day)
            connection.execute("UPDATE checkpoints SET head = ? WHERE id = ?", (made.head, number))


async def live_two_days(rig: Any) -> None:
    """Enough for two full segments, with calls of every kind, and the closings of two days."""
    for _ in range(2):
        await rig.act("open")
        for turn in range(75):
            await rig.issue(priority="elderly" if turn % 5 == 4 else "normal")
            rig.clock.pass_seconds(7)
            await rig.act("next")
            if turn % 20 == 3:
                await rig.act("undo")
                await rig.act("next")
            if turn % 20 == 5:
                await rig.act("transfer", service="result")
            if turn % 20 == 8:
                await rig.act("park")
                number = (await rig.issue())["number"]
                await rig.engine.do(Reprioritise(number=number, priority="elderly", reason="card"))
                await rig.act("call", number=number, reason="ill")
            if turn % 20 == 11:
                await rig.act("no_show")
                await rig.act("walk_in", service="land")
                await rig.act("continue", service="result")
            if turn % 10 == 1:
                await rig.issue()
        rig.clock.at += DAY_MS
        await rig.engine.do(Tick())


@pytest.fixture
async def folder(open_rig: Callable[..., Any], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two days that nobody has changed; lived once for all tests, each has a copy."""
    lived = tmp_path_factory.getbasetemp() / "two-days.db"
    if not lived.exists():
        async with open_rig() as rig:
            await live_two_days(rig)
        assert verified(tmp_path).differences == []
        back_up(tmp_path, lived)
    (tmp_path / "copy").mkdir()
    shutil.copy(lived, tmp_path / "copy" / FILE)
    return tmp_path / "copy"


async def test_every_call_of_a_lived_day_is_decided_again(folder: Path) -> None:
    found = verified(folder)

    assert found.calls > 120
    assert found.chain.closing is not None
    assert (found.chain.closing.day, found.days) == ("2026-11-24", 2)
    assert [one.kind for one in found.chain.sound].count("full") >= 2


CHANGES: dict[str, list[str]] = {
    "deleted": ["DELETE FROM journal WHERE seq = 100"],
    "cut off": ["DELETE FROM journal WHERE seq > 300"],
    "inserted": [
        "INSERT INTO journal SELECT 0, epoch, day, config, type, v, at, data FROM journal WHERE seq = 100",
    ],
    "moved up": [
        "UPDATE journal SET seq = -seq WHERE seq > 100", "UPDATE journal SET seq = 1 - seq WHERE seq < 0",
        "INSERT INTO journal SELECT 101, epoch, day, config, type, v, at, data FROM journal WHERE seq = 100",
    ],
    "exchanged": [
        "UPDATE journal SET seq = -1 WHERE seq = 100", "UPDATE journal SET seq = 100 WHERE seq = 101",
        "UPDATE journal SET seq = 101 WHERE seq = -1",
    ],
    "another epoch": ["UPDATE journal SET epoch = 2 WHERE seq = 100"],
    "another epoch from there on": ["UPDATE journal SET epoch = 2 WHERE seq >= 100"],
    "another day of a fact": ["UPDATE journal SET day = '2026-11-25' WHERE seq = 100"],
    "written otherwise": ["UPDATE journal SET data = data || ' ' WHERE seq = 100"],
    "a head": ["UPDATE checkpoints SET head = replace(head, substr(head, 1, 1), 'x') WHERE id = 1"],
    "no closing": ["DELETE FROM checkpoints WHERE kind = 'closing' AND day = '2026-11-23'"],
    "another closing": ["UPDATE checkpoints SET day = '2026-11-22' WHERE day = '2026-11-23'"],
    "no checkpoint": ["DELETE FROM checkpoints WHERE id = 1"],
    "none of them": ["DELETE FROM checkpoints"],
    "not even their table": ["DROP TABLE checkpoints"],
    "another epoch in force": ["UPDATE marks SET value = '2' WHERE name = 'epoch'"],
}  # fmt: skip


@pytest.mark.parametrize("statements", CHANGES.values(), ids=CHANGES)
async def test_whatever_is_changed_in_the_chain_is_noticed(folder: Path, statements: list[str]) -> None:
    change(folder, *statements)

    assert chain_of(folder).differences


async def test_a_store_without_a_chain_is_told_from_one_of_before(folder: Path) -> None:
    change(folder, "DROP TABLE checkpoints")

    assert chain_of(folder).differences == [NO_CHAIN]


def of_calls(changed: str, where: str = "") -> str:
    return f"UPDATE journal SET data = json_set(data, {changed}) WHERE type = 'called' {where}"  # noqa: S608 - our own


EARLIER = """
UPDATE journal SET data = json_set(data, '$.issued_at', json_extract(data, '$.issued_at') - 600000)
WHERE json_extract(data, '$.number') = 'A030'"""
WRITTEN_THEN = """
UPDATE journal SET at = at - 600000 WHERE json_extract(data, '$.number') = 'A030' AND type = 'issued'"""

FORGERIES: dict[str, tuple[list[str], str]] = {
    "scores and seconds of all calls": (
        [of_calls("'$.score', 1.5, '$.second', 'A001'", "AND json_extract(data, '$.rule') = 'score'")], "should be",
    ),
    "one score": ([of_calls("'$.score', json_extract(data, '$.score') + 1", "AND seq > 100")], "score is"),
    "one second": ([of_calls("'$.second', 'A002'", "AND json_extract(data, '$.second') IS NOT NULL")], "second is"),
    "one rule": ([of_calls("'$.rule', 'target'", "AND json_extract(data, '$.rule') = 'score'")], "rule is"),
    "how many were overtaken": ([of_calls("'$.overtook', 7")], "overtook is"),
    "a manual call made a chosen one": (
        [of_calls("'$.rule', 'score', '$.manual', json('false')", "AND json_extract(data, '$.manual')")],
        "by the rules",
    ),
    "a chosen call made a manual one": (
        [of_calls("'$.rule', 'manual', '$.manual', json('true')", "AND NOT json_extract(data, '$.manual')")],
        "has no reason",
    ),
    "the officer of a call": ([of_calls("'$.officer', 'friend'")], "officer is 'friend'"),
    "unknown rules": ([of_calls("'$.rules', 99")], "which this release does not know"),
    "an issue 10 minutes earlier": ([EARLIER], "its issue is dated"),
    "an issue 10 minutes earlier, written then": ([EARLIER, WRITTEN_THEN], "should be"),
}  # fmt: skip


@pytest.mark.parametrize(("statements", "said"), FORGERIES.values(), ids=FORGERIES)
async def test_a_forged_order_is_noticed_by_the_rules_though_the_chain_was_made_to_fit(
    folder: Path, statements: list[str], said: str
) -> None:
    change(folder, *statements)
    by_chain = chain_of(folder).differences
    seal_again(folder)
    found = verified(folder)

    assert by_chain
    assert found.chain.differences == []
    assert any(said in line for line in found.differences), found.differences[:5]


async def test_a_call_given_to_somebody_else_is_noticed_by_the_rules(rig: Any) -> None:
    """The journal of a hall in which another was called, chain and tables included: only the order gives it away."""
    await rig.act("open")
    first, second = await rig.issue(), await rig.issue()
    await rig.act("next")
    with closing(sqlite3.connect(rig.folder / FILE)) as connection, connection:
        exchanged = "replace(data, ?, ?)"
        connection.execute(
            f"UPDATE journal SET data = json_set({exchanged}, '$.number', 'A002') WHERE type = 'called'",  # noqa: S608
            (first["id"], second["id"]),
        )
    seal_again(rig.folder)

    assert any("by the rules A001 was next at c1 (score)" in line for line in verified(rig.folder).differences)


async def forge_consistently(folder: Path) -> str:
    """Rewrite an event that no rule can judge, in all places, and make the chain fit; return the head noted before."""
    noted = chain_of(folder).closing
    assert noted is not None
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        ((seq, data),) = connection.execute("SELECT seq, data FROM journal WHERE seq = 2").fetchall()
        connection.execute(
            "UPDATE journal SET data = ? WHERE seq = ?", (json.dumps(json.loads(data) | {"dossier": True}), seq)
        )
    seal_again(folder)
    return noted.head


async def test_only_the_anchor_notices_an_event_rewritten_with_its_whole_chain(folder: Path) -> None:
    noted = await forge_consistently(folder)
    found = verified(folder)

    assert found.differences == []
    assert found.chain.closing is not None
    assert found.chain.anchored(noted) is None
    assert found.chain.anchored(found.chain.closing.head) is not None


async def test_heads_of_every_closing_are_anchors_and_those_of_a_broken_chain_are_not(folder: Path) -> None:
    heads = {one.day: one.head for one in chain_of(folder).sound if one.kind == SealReason.CLOSING}
    change(folder, "UPDATE journal SET data = data || ' ' WHERE seq = (SELECT max(seq) FROM journal)")
    found = chain_of(folder)

    assert [found.anchored(heads[day]) is not None for day in ("2026-11-23", "2026-11-24")] == [True, False]


@pytest.fixture
async def restored(open_rig: Callable[..., Any], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a store that goes on from a backup; the first epoch went on for a while after it."""
    lived = tmp_path_factory.getbasetemp() / "restored.db"
    if not lived.exists():
        async with open_rig() as rig:
            for _ in range(5):
                await rig.issue()
            back_up(tmp_path, tmp_path / "copy.db")
            await rig.issue()
        put_back(tmp_path / "copy.db", tmp_path, "2026-11-23", rig.clock.now())
        async with open_rig() as rig:
            for _ in range(300):
                await rig.issue()
            rig.clock.at += DAY_MS
            await rig.engine.do(Tick())
        back_up(tmp_path, lived)
    (tmp_path / "restored").mkdir()
    shutil.copy(lived, tmp_path / "restored" / FILE)
    return tmp_path / "restored"


async def test_a_restore_is_a_fork_in_the_chain(restored: Path) -> None:
    found = verified(restored)

    assert found.differences == []
    assert [(one.seq, one.epoch) for one in found.chain.sound if one.kind == SealReason.FORK] == [(5, 2)]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM checkpoints WHERE kind = 'fork'",
        "UPDATE checkpoints SET at = at + 1 WHERE kind = 'fork'",
        "UPDATE checkpoints SET epoch = 3 WHERE kind = 'fork'",
        "UPDATE checkpoints SET kind = 'full' WHERE kind = 'fork'",
        "UPDATE journal SET epoch = 1",
    ],
)
async def test_a_fork_cannot_be_hidden(restored: Path, statement: str) -> None:
    change(restored, statement)

    assert chain_of(restored).differences


async def test_a_fork_without_events_after_it_cannot_be_hidden(open_rig: Any, tmp_path: Path) -> None:
    async with open_rig() as rig:
        await rig.issue()
        back_up(tmp_path, tmp_path / "copy.db")
    put_back(tmp_path / "copy.db", tmp_path, "2026-11-23", 1)
    before = verified(tmp_path).differences
    change(tmp_path, "DELETE FROM checkpoints WHERE kind = 'fork'")

    assert before == []
    assert verified(tmp_path).chain.differences == [
        "journal: the store is in epoch 2, and its last recorded restore began 1"
    ]
