"""Offline numbers on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk import outbox as outbox_module
from kiosk.events import Keep
from kiosk.outbox import Outbox
from kiosk.recall import read_recall, write_recall
from kiosk.specimens import a_service
from kiosk.states import Series, State

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-23"


def keep(number: int, at: str = "08:15:00") -> Keep:
    fields = {
        "service": "land",
        "offline": {"number": f"Z1-{number:03d}", "at": f"{DAY}T{at}+07:00", "token": "t" * 22},
    }
    return Keep(f"id-{number}", f"Z1-{number:03d}", fields, Series(DAY, number))


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
    outbox.refuse(outbox.waiting[0])
    assert Outbox(tmp_path).waiting == ()
    assert [file.name for file in (tmp_path / "refused").iterdir()] == ["Z1-001_id-1.json"]


def test_a_file_that_cannot_be_read_holds_nothing_back(tmp_path: Path) -> None:
    Outbox(tmp_path).keep(keep(2))
    (tmp_path / "Z1-001_torn.json").write_text("{")
    assert [entry.number for entry in Outbox(tmp_path).waiting] == ["Z1-002"]


def test_a_series_that_cannot_be_read_goes_on_above_what_still_waits(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.keep(keep(7))
    (tmp_path / "series.json").write_text("torn")
    assert Outbox(tmp_path).series().after(DAY).last == 8


def test_a_full_disk_still_gives_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    outbox = Outbox(tmp_path)
    monkeypatch.setattr(outbox_module, "write_safely", full)
    outbox.keep(keep(1))
    assert [entry.number for entry in outbox.waiting] == ["Z1-001"]


def test_what_was_known_last_is_known_after_a_restart(tmp_path: Path) -> None:
    known = State("kiosk-1", services={"land": a_service("land")}, labels={"c1": {"vi": "Quầy 1"}}, taken={"land": 3})
    write_recall(tmp_path / "recall.json", known)
    assert read_recall(tmp_path / "recall.json", "kiosk-1") == known


@pytest.mark.parametrize("content", ["{", "[]", '{"services": [{}], "labels": {}, "taken": {}}'])
def test_what_cannot_be_read_is_not_known(tmp_path: Path, content: str) -> None:
    (tmp_path / "recall.json").write_text(content)
    assert read_recall(tmp_path / "recall.json", "kiosk-1") == State("kiosk-1")
    assert read_recall(tmp_path / "none.json", "kiosk-1") == State("kiosk-1")


def test_a_disk_that_takes_nothing_does_not_stop_the_kiosk(tmp_path: Path) -> None:
    write_recall(tmp_path / "no-such-folder" / "recall.json", State("kiosk-1"))
    assert not (tmp_path / "no-such-folder").exists()
