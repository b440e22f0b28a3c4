"""The highest numbers that a device has seen today, on its disk and in its birth."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from broker.contract.channels import CONTROLLER_STATE
from broker.contract.payloads import ControllerState
from broker.contract.times import parse_instant
from devices.base.highest_numbers import HighestNumbers, HighestNumbersFile

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.device_centre import Centre

ZONE = "Asia/Ho_Chi_Minh"
NIGHT = parse_instant("2026-11-23T23:59:00+07:00")


@pytest.mark.parametrize(
    ("seen", "kept"),
    [
        (("A007", "A012", "A009"), ("A012",)),
        (("A007", "T001"), ("A007", "T001")),
        (("A999", "A1000", "A998"), ("A999", "A1000")),
        (("ĐK001", "Z1-004", "A", "x7", ""), ("ĐK001",)),
        (("B1002", "B1001"), ("B1002",)),
    ],
)
def test_the_highest_of_each_beginning_and_length_is_kept(seen: tuple[str, ...], kept: tuple[str, ...]) -> None:
    known = HighestNumbers()
    for number in seen:
        known = known.with_(number, "2026-11-23")

    assert known.numbers == kept


def test_a_later_day_begins_again_and_a_number_of_an_earlier_one_counts_to_it() -> None:
    known = HighestNumbers().with_("A354", "2026-11-23").with_("A002", "2026-11-24")

    assert known == HighestNumbers("2026-11-24", ("A002",))
    assert known.with_("A355", "2026-11-23") == HighestNumbers("2026-11-24", ("A355",))


async def test_what_was_seen_is_on_disk_by_local_day(tmp_path: Path) -> None:
    file = HighestNumbersFile(tmp_path / "highest.json")
    writing = asyncio.create_task(file.run())
    file.note("A354", NIGHT, ZONE)
    async with asyncio.timeout(5):
        while HighestNumbersFile(tmp_path / "highest.json").known != file.known:  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.001)
    writing.cancel()

    assert file.known.told() == {"day": "2026-11-23", "numbers": ["A354"]}


def test_a_file_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    (tmp_path / "highest.json").write_text("[]")

    assert HighestNumbersFile(tmp_path / "highest.json").known == HighestNumbers()


async def test_a_device_says_it_again_to_each_controller_that_was_started_anew(centre: Centre) -> None:
    device = centre.device()
    await centre.run(device)
    for session in ("one", "one", "two"):
        state = ControllerState(online=True, session=session, version="1", at=NIGHT)
        await centre.link.publish(CONTROLLER_STATE, state)

    await centre.state()
    await centre.state()
    assert centre.states.empty()
