"""After a restore no number is given before kiosks and signs said what they have seen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import DeviceState, Kind
from controller.domain.centre.centre import parse_centre
from controller.services.counts import Counts
from controller.services.devices.after_restore import AfterRestore
from controller.services.devices.presence import Presence
from controller.store.database import FILE
from controller.store.numbers import MARK_FILE
from controller.store.restore.backup import back_up, put_back
from tests.controller.conftest import document

if TYPE_CHECKING:
    from pathlib import Path

TODAY = "2026-11-23"
REPORTERS = ("kiosk-1", "kiosk-2", "sign-1")
LONG_S, SHORT_S = 30.0, 0.05


def birth(device: str, at: int, *numbers: str, day: str = TODAY) -> DeviceState:
    """Return the birth of a device that has seen numbers."""
    detail = {"highest": {"day": day, "numbers": list(numbers)}} if numbers else {}
    return DeviceState(online=True, session=f"session of {device}", kind=Kind.KIOSK, at=at, detail=detail)


async def restored(open_rig: Any, folder: Path) -> None:
    """Give a number, take a backup, lose store and mark, and put the backup back."""
    async with open_rig() as rig:
        await rig.issue()
        back_up(folder, folder / "copy.db")
    for name in (FILE, MARK_FILE):
        (folder / name).unlink()
    put_back(folder / "copy.db", folder, TODAY)


async def settled(rig: Any, births: dict[str, DeviceState], wait_s: float) -> Counts:
    """Let devices report after a restore; the counts."""
    presence, counts = Presence(rig.clock), Counts()
    after = AfterRestore(rig.engine, presence, counts, wait_s=wait_s)
    after.hold()
    with pytest.raises(RefusedError) as refused:
        await rig.issue()
    assert refused.value.code is Code.TRY_AGAIN
    settling = asyncio.create_task(after.settle(parse_centre(document()), rig.clock.now()))
    for device, state in births.items():
        await asyncio.sleep(0)
        presence.heard(device, state)
    await asyncio.wait_for(settling, 10)
    return counts


async def test_numbers_go_on_above_what_kiosks_and_signs_have_seen(open_rig: Any, tmp_path: Path) -> None:
    await restored(open_rig, tmp_path)
    async with open_rig() as rig:
        now = rig.clock.now()
        seen = {
            "kiosk-1": birth("kiosk-1", now, "A354"), "kiosk-2": birth("kiosk-2", now),
            "sign-1": birth("sign-1", now, "A301", "T120"),
        }  # fmt: skip
        counts = await settled(rig, seen, LONG_S)
        numbers = [(await rig.issue())["number"], (await rig.issue("result"))["number"]]
    async with open_rig() as rig:
        again = (await rig.issue())["number"]

    assert (numbers, again, counts.reports_refused) == (["A400", "T200"], "A401", set())


async def test_a_device_that_says_nothing_in_time_holds_nobody_up(open_rig: Any, tmp_path: Path) -> None:
    await restored(open_rig, tmp_path)
    async with open_rig() as rig:
        await settled(rig, {"kiosk-1": birth("kiosk-1", rig.clock.now(), "A354")}, SHORT_S)

        assert (await rig.issue())["number"] == "A400"


async def test_only_kiosks_and_signs_count_and_only_within_reach(open_rig: Any, tmp_path: Path) -> None:
    await restored(open_rig, tmp_path)
    async with open_rig() as rig:
        now = rig.clock.now()
        seen = {
            "keypad-1": birth("keypad-1", now, "A900"), "board-1": birth("board-1", now, "A900"),
            "kiosk-1": birth("kiosk-1", now, "A5000"), "kiosk-2": birth("kiosk-2", now, "A150"),
            "sign-1": birth("sign-1", now),
        }  # fmt: skip
        counts = await settled(rig, seen, LONG_S)

        assert (await rig.issue())["number"] == "A200"
    assert counts.reports_refused == {"kiosk-1"}


async def test_after_the_first_number_nothing_is_asked_or_held(open_rig: Any, tmp_path: Path) -> None:
    await restored(open_rig, tmp_path)
    async with open_rig() as rig:
        await settled(rig, {device: birth(device, rig.clock.now()) for device in REPORTERS}, LONG_S)
        await rig.issue()
    async with open_rig() as rig:
        after = AfterRestore(rig.engine, Presence(rig.clock), Counts())
        after.hold()

        assert (await rig.issue())["number"] == "A101"
        await asyncio.wait_for(after.settle(parse_centre(document()), rig.clock.now()), 5)


async def test_numbers_are_held_also_after_the_store_failed_in_between(open_rig: Any, tmp_path: Path) -> None:
    await restored(open_rig, tmp_path)
    async with open_rig() as rig:
        after = AfterRestore(rig.engine, Presence(rig.clock), Counts(), wait_s=SHORT_S)
        after.hold()
        rig.store.fail_before = 1
        with pytest.raises(RefusedError):
            await rig.engine.do(None, also=lambda batch: batch.marks.update(any="1"))
        with pytest.raises(RefusedError, match="asked first"):
            await rig.issue()
        await after.settle(parse_centre(document()), rig.clock.now())

        assert (await rig.issue())["number"] == "A100"
