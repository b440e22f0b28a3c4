"""Offline numbers on disk."""

from __future__ import annotations

import os
import resource
from typing import TYPE_CHECKING

import pytest

from broker.runtime.files import write_safely
from kiosk.flow.effects import KeepOffline
from kiosk.flow.series import Series
from kiosk.flow.state import State
from kiosk.storage.last_known import read_last_known, write_last_known
from kiosk.storage.outbox import ROOM_BYTES, Outbox
from tests.gallery.kiosk.specimens import a_service
from tests.kiosk.conftest import HandClock

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-23"


def keep(number: int, at: str = "08:15:00") -> KeepOffline:
    fields = {
        "service": "land",
        "offline": {"number": f"Z1-{number:03d}", "at": f"{DAY}T{at}+07:00", "token": "t" * 22},
    }
    return KeepOffline(f"id-{number}", f"Z1-{number:03d}", fields, Series(DAY, number), 1000.0 + number)


def test_a_new_outbox_is_empty_and_begins_at_nothing(tmp_path: Path) -> None:
    fresh = Outbox(tmp_path / "outbox")
    assert (fresh.waiting, fresh.series()) == ((), Series())


def test_what_was_kept_is_there_after_a_restart_in_the_order_it_was_given(tmp_path: Path) -> None:
    first = Outbox(tmp_path)
    first.keep(keep(1, "08:15:00"))
    first.keep(keep(2, "08:16:00"))
    again = Outbox(tmp_path)
    assert [entry.number for entry in again.waiting] == ["Z1-001", "Z1-002"]
    assert again.waiting[0].fields == keep(1).fields
    assert again.series() == Series(DAY, 2)


def test_a_clock_that_was_set_changes_neither_the_order_nor_the_age_of_what_waits(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, boot="this one")
    outbox.keep(keep(1, "10:15:00"))
    outbox.keep(keep(2, "08:16:00"))
    for waiting in (outbox.waiting, Outbox(tmp_path, boot="this one").waiting):
        assert [entry.number for entry in waiting] == ["Z1-001", "Z1-002"]
        clock = HandClock(seconds=1302.0)
        assert [entry.sent_at(clock) - entry.at for entry in waiting] == [301_000, 300_000]


@pytest.mark.parametrize("boot", ["", "the next one"])
def test_the_age_of_what_was_given_before_the_machine_was_started_is_what_the_clock_says(
    tmp_path: Path, boot: str
) -> None:
    Outbox(tmp_path, boot="this one").keep(keep(1))
    (entry,) = Outbox(tmp_path, boot=boot).waiting
    clock = HandClock()
    assert entry.sent_at(clock) == clock.now()


def test_what_was_taken_in_is_forgotten_and_its_number_is_not_given_again(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.keep(keep(1))
    outbox.done(outbox.waiting[0])
    again = Outbox(tmp_path)
    assert again.waiting == ()
    assert again.series().after(DAY) == Series(DAY, 2)


def test_what_was_refused_is_put_aside_for_somebody_to_look_at(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.keep(keep(1))
    outbox.refuse(outbox.waiting[0], "unknown_service", 1)
    assert Outbox(tmp_path).waiting == ()
    assert [file.name for file in (tmp_path / "refused").iterdir()] == ["Z1-001_id-1.json"]
    assert Outbox(tmp_path).refused == outbox.refused
    assert [(one.number, one.code, one.at) for one in outbox.refused] == [("Z1-001", "unknown_service", 1)]


def test_what_was_put_aside_without_a_reason_is_told_to_nobody(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.keep(keep(1))
    (tmp_path / "Z1-001_id-1.json").rename(tmp_path / "refused" / "Z1-001_id-1.json")
    assert Outbox(tmp_path).refused == ()


def test_a_file_that_cannot_be_read_holds_nothing_back(tmp_path: Path) -> None:
    Outbox(tmp_path).keep(keep(2))
    (tmp_path / "Z1-001_torn.json").write_text("{")
    assert [entry.number for entry in Outbox(tmp_path).waiting] == ["Z1-002"]


def test_a_series_that_cannot_be_read_goes_on_above_what_still_waits(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.keep(keep(7))
    (tmp_path / "series.json").write_text("torn")
    assert Outbox(tmp_path).series().after(DAY).last == 8


def test_a_series_is_read_as_it_was_written_and_without_a_word_of_its_day_that_is_not_certain(tmp_path: Path) -> None:
    told = Series(DAY, 5, sure=False)
    Outbox(tmp_path).learn(told)
    assert Outbox(tmp_path).series() == told
    (tmp_path / "series.json").write_text(f'{{"day": "{DAY}", "last": 5}}')
    assert Outbox(tmp_path).series() == told


def test_a_series_that_is_gone_goes_on_above_what_still_waits(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.keep(keep(7))
    (tmp_path / "series.json").unlink()
    assert Outbox(tmp_path).series().after(DAY).last == 8


class Disk:
    """A disk with room for so many bytes beside what others hold, as far as new files go."""

    def __init__(self, folder: Path, room: int) -> None:
        self._folder, self.room = folder, room

    def write(self, path: Path, content: str) -> None:
        """Write as a real disk does: what does not fit is taken up to the last byte of room, and then breaks off."""
        used = _bytes_in(self._folder)
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        if used + len(content) > self.room:
            resource.setrlimit(resource.RLIMIT_FSIZE, (max(0, self.room - used), limit[1]))
        try:
            write_safely(path, content)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)


def _bytes_in(folder: str | Path) -> int:
    with os.scandir(folder) as found:
        return sum(_bytes_in(one.path) if one.is_dir() else one.stat().st_size for one in found)


def test_a_disk_that_others_have_filled_takes_the_numbers_of_a_day(tmp_path: Path) -> None:
    disk = Disk(tmp_path, ROOM_BYTES + 100)
    outbox = Outbox(tmp_path, disk.write)
    assert all(outbox.keep(keep(number)) for number in range(1, 301))
    assert outbox.retry() == ()
    assert not outbox.takes
    again = Outbox(tmp_path, disk.write)
    assert len(again.waiting) == 300
    assert again.series() == Series(DAY, 300)


def test_a_disk_that_takes_nothing_says_so_and_the_number_lives_in_memory(tmp_path: Path) -> None:
    disk = Disk(tmp_path, ROOM_BYTES)
    outbox = Outbox(tmp_path, disk.write)
    disk.room = 0
    assert (outbox.keep(keep(1)), outbox.takes) == (False, False)
    assert [entry.number for entry in outbox.waiting] == ["Z1-001"]
    assert outbox.retry() == ()
    disk.room = 2 * ROOM_BYTES
    assert outbox.retry() == ("Z1-001",)
    assert outbox.takes
    assert [entry.number for entry in Outbox(tmp_path).waiting] == ["Z1-001"]
    assert (tmp_path / "room").stat().st_size == ROOM_BYTES


def test_a_number_that_was_handed_in_before_the_disk_took_it_is_not_written_any_more(tmp_path: Path) -> None:
    disk = Disk(tmp_path, ROOM_BYTES)
    outbox = Outbox(tmp_path, disk.write)
    disk.room = 0
    outbox.keep(keep(1))
    outbox.done(outbox.waiting[0])
    disk.room = 2 * ROOM_BYTES
    assert outbox.retry() == ()
    assert Outbox(tmp_path).waiting == ()


def test_a_number_that_is_written_late_does_not_take_the_series_back(tmp_path: Path) -> None:
    disk = Disk(tmp_path, ROOM_BYTES)
    outbox = Outbox(tmp_path, disk.write)
    disk.room = 0
    assert not outbox.keep(keep(1))
    disk.room = 2 * ROOM_BYTES
    assert outbox.keep(keep(2))
    assert outbox.retry() == ("Z1-001",)
    assert Outbox(tmp_path).series() == Series(DAY, 2)


def test_a_number_that_was_refused_before_the_disk_took_it_is_put_aside_too(tmp_path: Path) -> None:
    disk = Disk(tmp_path, ROOM_BYTES)
    outbox = Outbox(tmp_path, disk.write)
    disk.room = 0
    outbox.keep(keep(1))
    disk.room = 2 * ROOM_BYTES
    outbox.refuse(outbox.waiting[0], "unknown_service", 1)
    assert outbox.retry() == ()
    assert [file.name for file in (tmp_path / "refused").iterdir()] == ["Z1-001_id-1.json"]


def test_a_number_that_is_refused_while_the_disk_takes_nothing_is_told_and_not_written_any_more(tmp_path: Path) -> None:
    disk = Disk(tmp_path, ROOM_BYTES)
    outbox = Outbox(tmp_path, disk.write)
    disk.room = 0
    outbox.keep(keep(1))
    outbox.refuse(outbox.waiting[0], "unknown_service", 1)
    disk.room = 2 * ROOM_BYTES
    assert outbox.retry() == ()
    assert (outbox.waiting, [one.number for one in outbox.refused]) == ((), ["Z1-001"])


def test_trying_to_keep_room_back_takes_none_from_the_numbers_on_a_full_disk(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, Disk(tmp_path, ROOM_BYTES + 100).write)
    assert outbox.keep(keep(1))
    assert outbox.retry() == ()
    assert outbox.keep(keep(2))


def test_what_was_known_last_is_known_after_a_restart(tmp_path: Path) -> None:
    known = State("kiosk-1", services={"land": a_service("land")}, labels={"c1": {"vi": "Quầy 1"}}, taken={"land": 3})
    write_last_known(tmp_path / "recall.json", known)
    assert read_last_known(tmp_path / "recall.json", "kiosk-1") == known


@pytest.mark.parametrize("content", ["{", "[]", '{"services": [{}], "labels": {}, "taken": {}}'])
def test_what_cannot_be_read_is_not_known(tmp_path: Path, content: str) -> None:
    (tmp_path / "recall.json").write_text(content)
    assert read_last_known(tmp_path / "recall.json", "kiosk-1") == State("kiosk-1")
    assert read_last_known(tmp_path / "none.json", "kiosk-1") == State("kiosk-1")


def test_a_disk_that_takes_nothing_does_not_stop_the_kiosk(tmp_path: Path) -> None:
    write_last_known(tmp_path / "no-such-folder" / "recall.json", State("kiosk-1"))
    assert not (tmp_path / "no-such-folder").exists()
