"""The checkpoints beside the journal: written with its events, made for an older journal, forked by a restore."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from controller.domain.commands import Tick
from controller.services.journal.chain import EVERY, Chain, ChainRow, Checkpoint
from controller.services.journal.verify import VerifyResult, verify
from controller.services.journal.verify_chain import NO_CHAIN
from controller.store import chain
from controller.store.audit import Audit
from controller.store.database import FILE, migrate
from controller.store.restore.backup import back_up, put_back

DAY_MS = 24 * 3600 * 1000


def stored(folder: Path) -> list[tuple[int, int, str, str | None]]:
    with closing(sqlite3.connect(folder / FILE)) as connection:
        return connection.execute("SELECT seq, epoch, kind, day FROM checkpoints ORDER BY id").fetchall()


def recomputed(folder: Path) -> list[str]:
    """The heads that the stored rows give with the stored checkpoints."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        made, running = [], Chain()
        for row in connection.execute(chain.CHECKPOINTS + " ORDER BY id").fetchall():
            one = Checkpoint(*row)
            for read in connection.execute(chain.ROWS, (running.seq, one.seq - running.seq)):
                running.add(ChainRow._make(read))
            made.append(running.seal(one.kind, one.at, epoch=one.epoch, day=one.day).head)
        assert made == [head for (head,) in connection.execute("SELECT head FROM checkpoints ORDER BY id")]
        return made


async def test_a_day_has_a_checkpoint_every_256_events_and_one_at_its_closing(rig: Any, hand_clock: Any) -> None:
    for _ in range(300):
        await rig.issue()
    hand_clock.at += DAY_MS
    await rig.issue()

    assert stored(rig.folder) == [(256, 1, "full", None), (512, 1, "full", None), (600, 1, "closing", "2026-11-23")]
    assert recomputed(rig.folder)[-1] == rig.store.closing.head


async def test_the_running_state_is_rebuilt_at_a_restart(open_rig: Any, tmp_path: Path) -> None:
    for _ in range(3):
        async with open_rig() as rig:
            for _ in range(100):
                await rig.issue()

    assert [one[0] for one in stored(tmp_path)] == [EVERY]
    recomputed(tmp_path)


async def test_a_closing_that_left_no_event_is_recorded_once_over_restarts(
    open_rig: Any, hand_clock: Any, tmp_path: Path
) -> None:
    async with open_rig() as rig:
        await rig.issue()
    hand_clock.at += DAY_MS
    for _ in range(3):
        async with open_rig() as rig:
            await rig.engine.do(Tick())
            hand_clock.at += DAY_MS
            await rig.engine.do(Tick())

    days = [str(day) for _, _, kind, day in stored(tmp_path) if kind == "closing"]
    assert days == sorted(set(days))
    assert days[0] == "2026-11-23"


async def test_a_commit_that_fails_leaves_the_chain_as_it_was(rig: Any) -> None:
    for step in range(EVERY + 20):
        if step % 50 == 7:
            setattr(rig.store, "fail_before" if step % 100 == 7 else "fail_after", 1)
            with pytest.raises(Exception, match="cannot be written"):
                await rig.issue()
        await rig.issue()

    assert len(recomputed(rig.folder)) == 1


async def test_a_writer_that_lost_sight_of_the_disk_reads_the_chain_again(rig: Any) -> None:
    await rig.issue()
    behind = rig.store._chain
    await rig.issue()
    rig.store._chain = behind
    for _ in range(EVERY):
        await rig.issue()

    assert len(recomputed(rig.folder)) == 1


async def test_a_restore_is_a_fork_with_its_epoch_and_instant(open_rig: Any, tmp_path: Path) -> None:
    async with open_rig() as rig:
        for _ in range(5):
            await rig.issue()
        back_up(tmp_path, tmp_path / "copy.db")
    put_back(tmp_path / "copy.db", tmp_path, "2026-11-23", 1_764_000_000_000)
    async with open_rig() as rig:
        for _ in range(EVERY):
            await rig.issue()

    assert stored(tmp_path)[0] == (5, 2, "fork", None)
    assert len(recomputed(tmp_path)) == 2


def forget_the_chain(folder: Path) -> None:
    """Make the store one of before there was a chain."""
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        connection.execute("DROP TABLE checkpoints")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'the_chain_of_the_journal'")


async def lived(open_rig: Any, hand_clock: Any) -> None:
    for _ in range(2):
        async with open_rig() as rig:
            for _ in range(200):
                await rig.issue()
            hand_clock.at += DAY_MS
            await rig.engine.do(Tick())


async def test_an_older_journal_gets_its_chain_at_the_upgrade(open_rig: Any, hand_clock: Any, tmp_path: Path) -> None:
    await lived(open_rig, hand_clock)
    with closing(sqlite3.connect(tmp_path / FILE)) as connection, connection:
        connection.execute("UPDATE journal SET epoch = 2 WHERE seq > 500")
        connection.execute("UPDATE marks SET value = '3' WHERE name = 'epoch'")
    forget_the_chain(tmp_path)

    migrate(tmp_path / FILE)

    assert stored(tmp_path) == [
        (256, 1, "full", None), (400, 1, "closing", "2026-11-23"), (500, 2, "fork", None), (756, 2, "full", None),
        (800, 2, "upgrade", None), (800, 3, "fork", None),
    ]  # fmt: skip
    recomputed(tmp_path)


async def test_an_upgrade_that_was_interrupted_goes_on_where_it_was(
    open_rig: Any, hand_clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lived(open_rig, hand_clock)
    forget_the_chain(tmp_path)
    monkeypatch.setattr(chain, "AT_ONCE", 100)
    monkeypatch.setattr(chain, "SAY_EVERY_S", 0)
    said: list[str] = []

    def break_off(sentence: str) -> None:
        said.append(sentence)
        if len(said) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(chain, "_on_error_output", break_off)
    with pytest.raises(KeyboardInterrupt):
        migrate(tmp_path / FILE)
    half = stored(tmp_path)
    migrate(tmp_path / FILE)

    assert said[:4] == [f"making the hash chain of the journal: {seq} of 800 events" for seq in (100, 200, 300, 400)]
    assert half == stored(tmp_path)[: len(half)]
    assert [day for _, _, kind, day in stored(tmp_path) if kind == "closing"] == ["2026-11-23"]
    recomputed(tmp_path)


async def test_a_store_that_an_earlier_release_wrote_is_proved_after_its_upgrade(
    open_rig: Any, hand_clock: Any, tmp_path: Path
) -> None:
    """Dumped from that release: two days with every kind of call, none of which says by which rules it was decided."""
    dump = Path(__file__).with_name("store_before_the_chain.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        connection.executescript(dump)
    before = verified(tmp_path)
    migrate(tmp_path / FILE)
    after = verified(tmp_path)
    hand_clock.at += 2 * DAY_MS
    async with open_rig() as rig:
        await rig.issue()

    assert before.differences == [NO_CHAIN]
    assert (after.differences, after.calls, after.days) == ([], 16, 2)
    assert [(one[0], one[2], one[3]) for one in stored(tmp_path)] == [
        (66, "closing", "2026-11-23"), (71, "upgrade", None), (73, "closing", "2026-11-24"),
    ]  # fmt: skip
    assert verified(tmp_path).differences == []


def verified(folder: Path) -> VerifyResult:
    with closing(Audit(folder / FILE)) as audit:
        return verify(audit)
