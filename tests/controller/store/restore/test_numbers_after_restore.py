"""Where numbers go on after a restore: above all that is known, whatever the clock said."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import RefusedError
from controller.domain.numbers.high_water import HighWater
from controller.store.database import FILE
from controller.store.numbers import MARK_FILE, read_high_water, write_high_water
from controller.store.restore.backup import back_up, put_back
from tests.controller.store.restore.before_restore import COPY, TODAY, YESTERDAY, backed_up, issue

if TYPE_CHECKING:
    from pathlib import Path

DAY_MS = 24 * 3600 * 1000


async def test_with_the_store_lost_numbers_go_on_above_the_mark(open_rig: Any, tmp_path: Path) -> None:
    await backed_up(open_rig, tmp_path, 6, 348)
    (tmp_path / FILE).unlink()

    put_back(tmp_path / COPY, tmp_path, TODAY)

    assert await issue(open_rig, 1) == ["A400"]


async def test_a_clock_a_day_behind_at_the_restore_gives_no_number_again(
    open_rig: Any, hand_clock: Any, tmp_path: Path
) -> None:
    await backed_up(open_rig, tmp_path, 6, 3)
    put_back(tmp_path / COPY, tmp_path, YESTERDAY)

    assert await issue(open_rig, 1) == ["A100"]
    hand_clock.at += DAY_MS
    assert await issue(open_rig, 1) == ["A001"]


async def test_an_empty_backup_and_a_clock_behind_give_no_number_again(
    open_rig: Any, hand_clock: Any, tmp_path: Path
) -> None:
    await backed_up(open_rig, tmp_path, 0, 9)
    hand_clock.at -= DAY_MS * 3  # the Friday before
    put_back(tmp_path / COPY, tmp_path, "2026-11-20")
    first = await issue(open_rig, 1)
    hand_clock.at += DAY_MS * 3
    second = await issue(open_rig, 1)

    assert (first, second) == (["A100"], ["A200"])


async def test_a_clock_days_ahead_at_the_restore_gives_no_number_again(
    open_rig: Any, hand_clock: Any, tmp_path: Path
) -> None:
    await backed_up(open_rig, tmp_path, 6, 3)
    (tmp_path / FILE).unlink()
    (tmp_path / MARK_FILE).unlink()
    put_back(tmp_path / COPY, tmp_path, "2026-11-25")

    assert await issue(open_rig, 1) == ["A100"]
    hand_clock.at += DAY_MS
    assert await issue(open_rig, 1) == ["A200"]
    hand_clock.at += DAY_MS * 2
    assert await issue(open_rig, 1) == ["A001"]


async def test_a_later_day_has_no_first_number_until_one_was_given_in_the_new_epoch(
    open_rig: Any, hand_clock: Any, tmp_path: Path
) -> None:
    await backed_up(open_rig, tmp_path, 6, 3)
    put_back(tmp_path / COPY, tmp_path, YESTERDAY)
    hand_clock.at += DAY_MS

    assert await issue(open_rig, 1) == ["A100"]
    assert await issue(open_rig, 1) == ["A101"]
    hand_clock.at += DAY_MS
    assert await issue(open_rig, 1) == ["A001"]


async def test_days_far_ahead_count_until_somebody_says_that_they_were_a_mistake(open_rig: Any, tmp_path: Path) -> None:
    await backed_up(open_rig, tmp_path, 6, 0)
    mark = read_high_water(tmp_path / MARK_FILE)
    assert mark is not None
    write_high_water(tmp_path / MARK_FILE, mark.reserve(1, "2036-01-07", "A", 1))

    safe = put_back(tmp_path / COPY, tmp_path, TODAY)
    right = put_back(tmp_path / COPY, tmp_path, TODAY, clock_is_right=True)

    assert (safe.until, right.until) == ("2036-01-07", TODAY)
    assert "--clock-is-right" in safe.notes[-1]
    assert right.notes == ()


async def test_a_store_copied_into_place_by_hand_goes_on_above_its_mark(open_rig: Any, tmp_path: Path) -> None:
    await backed_up(open_rig, tmp_path, 6, 200)
    shutil.copy(tmp_path / COPY, tmp_path / FILE)

    assert await issue(open_rig, 2) == ["A300", "A301"]


async def test_a_series_with_a_last_number_goes_on_behind_the_one_given_last_and_people_are_warned(
    open_rig: Any, tmp_path: Path
) -> None:
    series = [{"id": "A", "first": 1, "last": 50}]
    async with open_rig(series=series) as rig:
        for _ in range(6):
            await rig.issue()
        back_up(tmp_path, tmp_path / COPY)
        for _ in range(17):
            await rig.issue()
    done = put_back(tmp_path / COPY, tmp_path, TODAY)
    async with open_rig() as rig:
        numbers = [(await rig.issue())["number"] for _ in range(28)]
    async with open_rig() as rig:
        after = (await rig.issue())["number"]

    assert "may be in use twice" in done.notes[-1]
    assert (numbers[0], numbers[-2:], after) == ("A024", ["A050", "A007"], "A008")


async def test_a_number_is_on_disk_as_given_before_it_is(open_rig: Any, tmp_path: Path) -> None:
    async with open_rig() as rig:
        await rig.issue()
        first = read_high_water(tmp_path / MARK_FILE)
        for _ in range(99):
            await rig.issue()
        second = read_high_water(tmp_path / MARK_FILE)

    assert first == HighWater(1, TODAY, {TODAY: {"A": 99}})
    assert second == HighWater(1, TODAY, {TODAY: {"A": 199}})


async def test_without_room_for_the_mark_no_number_is_given(open_rig: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_place: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    async with open_rig() as rig:
        with monkeypatch.context() as patched:
            patched.setattr("controller.store.numbers.write_whole", full)
            with pytest.raises(RefusedError, match="the store cannot be written"):
                await rig.issue()
        assert (await rig.issue())["number"] == "A001"


def test_a_mark_that_is_not_whole_is_none(tmp_path: Path) -> None:
    (tmp_path / MARK_FILE).write_text('{"mark": {"epoch": 1, "since": null, "days": {}}, "sha256": "0"}')

    assert read_high_water(tmp_path / MARK_FILE) is None
