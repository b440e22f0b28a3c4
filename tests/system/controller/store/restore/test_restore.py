"""A restore that is killed at any step, over any store that may be in place."""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from controller.domain.numbers.high_water import HighWater
from controller.services.journal.ports import StoreError
from controller.store.database import FILE
from controller.store.numbers import MARK_FILE, read_high_water
from controller.store.restore.backup import RESTORING, put_back
from controller.store.restore.remains import refuse_lost_store
from tests.controller.store.restore.before_restore import (
    COPY,
    TODAY,
    backed_up,
    bad_log_and_header,
    empty,
    journal_of,
    sign_in,
)
from tests.support.killed import DONE, KILLED, killed_before

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


pytestmark = pytest.mark.system


@pytest.mark.parametrize("corrupt", [None, bad_log_and_header, empty])
async def test_a_kill_at_any_step_leaves_the_old_store_or_the_new_one_and_no_number_comes_twice(
    open_rig: Any, tmp_path: Path, corrupt: Callable[[Path], None] | None
) -> None:
    await backed_up(open_rig, tmp_path, 2, 3)
    sign_in(tmp_path / FILE)
    if corrupt is not None:
        corrupt(tmp_path / FILE)
    template, step, ended, seen = tmp_path / "template", 0, KILLED, []
    template.mkdir()
    for name in (FILE, f"{FILE}-wal", MARK_FILE):
        if (tmp_path / name).exists():
            shutil.copy(tmp_path / name, template / name)
    while ended == KILLED:
        data = tmp_path / f"killed-{step}"
        shutil.copytree(template, data)
        ended = killed_before(step, lambda data=data: put_back(tmp_path / COPY, data, TODAY))  # type: ignore[misc]
        step += 1
        if (state := state_of(data)) in seen:
            continue
        seen.append(state)
        check_old_or_new(data, whole=corrupt is None)
        again = put_back(tmp_path / COPY, data, TODAY)
        assert journal_of(data / FILE) == (again.epoch, 2, 0)
        assert again.floors["A"] >= 99
        assert read_high_water(data / MARK_FILE) == HighWater(again.epoch, None, {TODAY: {"A": 99}})

    assert ended == DONE
    assert len(seen) > 10


def state_of(folder: Path) -> dict[str, bytes]:
    """Return all that a kill left on the disk."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def check_old_or_new(data: Path, *, whole: bool) -> None:
    """Check that one of the two stores is there; where the old one was damaged, it or none with a refusal to begin."""
    place = data / FILE
    if whole:
        assert journal_of(place) in ((1, 5, 1), (2, 2, 0))
    elif not place.exists() or not place.stat().st_size:
        with pytest.raises(StoreError, match="has no store but"):
            refuse_lost_store(data)
    elif (data / RESTORING).exists():
        with pytest.raises(sqlite3.DatabaseError):
            journal_of(place)
