"""No empty store is begun beside what a lost one left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from controller.services.journal.ports import StoreError
from controller.store.database import FILE
from controller.store.numbers import MARK_FILE
from controller.store.restore.backup import REPLACED, RESTORING, put_back
from controller.store.restore.remains import refuse_lost_store
from tests.controller.store.restore.before_restore import COPY, TODAY, backed_up, issue

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("left", [RESTORING, REPLACED, f"{FILE}.before-a_step", MARK_FILE, f"{FILE}-wal"])
def test_no_empty_store_is_begun_beside_what_another_left(tmp_path: Path, left: str) -> None:
    (tmp_path / left).write_bytes(b"something")
    for content in (None, b""):
        if content is not None:
            (tmp_path / FILE).write_bytes(content)
        with pytest.raises(StoreError, match=f"no store but {left}.*luot restore FROM --data"):
            refuse_lost_store(tmp_path)


def test_a_folder_with_files_of_the_broker_alone_may_make_its_first_start(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    for name in ("lock", "day.key", "broker/dynamic-security.json"):
        (tmp_path / name).write_bytes(b"something")

    refuse_lost_store(tmp_path)


async def test_a_store_that_is_there_begins_beside_anything(open_rig: Any, tmp_path: Path) -> None:
    await backed_up(open_rig, tmp_path, 1, 1)
    put_back(tmp_path / COPY, tmp_path, TODAY)
    (tmp_path / RESTORING).write_bytes(b"half a restore")

    refuse_lost_store(tmp_path)
    assert await issue(open_rig, 1) == ["A100"]
