"""Copies of the store: whole, and put back without giving a number twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from controller.services.journal.ports import StoreError
from controller.store.database import FILE
from controller.store.restore.backup import back_up, put_back, timezone_of

if TYPE_CHECKING:
    from pathlib import Path

TODAY = "2026-11-23"


async def test_a_copy_taken_while_working_holds_what_was_answered(open_rig: Any, tmp_path: Path) -> None:
    async with open_rig() as rig:
        await rig.issue()
        back_up(tmp_path, tmp_path / "copy.db")
        await rig.issue()
    put_back(tmp_path / "copy.db", tmp_path, TODAY)
    async with open_rig() as rig:
        tickets = await rig.engine.ask(lambda hall, _: [ticket.number for ticket in hall.tickets.values()])

    assert tickets == ["A001"]
    assert timezone_of(tmp_path / "copy.db") == "Asia/Ho_Chi_Minh"


async def test_after_a_restore_each_series_continues_at_the_next_hundred_above_what_is_known(
    open_rig: Any, tmp_path: Path
) -> None:
    async with open_rig() as rig:
        await rig.issue()
        back_up(tmp_path, tmp_path / "copy.db")
        for _ in range(100):
            await rig.issue()
    done = put_back(tmp_path / "copy.db", tmp_path, TODAY)
    async with open_rig() as rig:
        numbers = [(await rig.issue())["number"], (await rig.issue("result"))["number"], (await rig.issue())["number"]]
        written = await rig.store.events(1, 10)

    assert done.epoch == 2
    assert numbers == ["A200", "T100", "A201"]
    assert [(one.seq, one.epoch) for one in written] == [(2, 2), (3, 2), (4, 2)]


async def test_without_the_former_store_the_backup_is_all_that_is_known(open_rig: Any, tmp_path: Path) -> None:
    async with open_rig() as rig:
        for _ in range(3):
            await rig.issue()
        back_up(tmp_path, tmp_path / "copy.db")
    (tmp_path / FILE).unlink()
    put_back(tmp_path / "copy.db", tmp_path, TODAY)
    async with open_rig() as rig:
        assert (await rig.issue())["number"] == "A100"
    async with open_rig() as rig:
        assert (await rig.issue())["number"] == "A101"


async def test_a_backup_of_yesterday_does_not_begin_today_at_001(
    open_rig: Any, hand_clock: Any, tmp_path: Path
) -> None:
    async with open_rig() as rig:
        await rig.issue()
        back_up(tmp_path, tmp_path / "copy.db")
    hand_clock.at += 24 * 3600 * 1000
    put_back(tmp_path / "copy.db", tmp_path, "2026-11-24")
    async with open_rig() as rig:
        today = (await rig.issue())["number"]
    hand_clock.at += 24 * 3600 * 1000
    async with open_rig() as rig:
        tomorrow = (await rig.issue())["number"]

    assert (today, tomorrow) == ("A100", "A001")


async def test_what_was_there_stays_beside_it(open_rig: Any, tmp_path: Path) -> None:
    async with open_rig() as rig:
        await rig.issue()
        back_up(tmp_path, tmp_path / "copy.db")

    put_back(tmp_path / "copy.db", tmp_path, TODAY)

    assert (tmp_path / f"{FILE}.replaced").is_file()


def test_what_is_no_store_is_not_restored(tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_bytes(b"nothing" * 1000)

    with pytest.raises(StoreError):
        put_back(tmp_path / "copy.db", tmp_path, TODAY)
    with pytest.raises(StoreError, match="there is no store"):
        put_back(tmp_path / "absent.db", tmp_path, TODAY)
    assert not (tmp_path / FILE).exists()


async def test_a_backup_is_never_overwritten(open_rig: Any, tmp_path: Path) -> None:
    async with open_rig() as rig:
        await rig.issue()
        (tmp_path / "copy.db").write_text("precious")

        with pytest.raises(StoreError, match="exists"):
            back_up(tmp_path, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "precious"
