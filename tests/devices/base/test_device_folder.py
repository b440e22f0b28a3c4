"""A folder that cannot be a device's is named in one sentence before anything is opened."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from controller.store.database import FILE
from devices.base.device_folder import CONTROLLER_STORE, folder_fault

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_that_is_there_or_can_be_made_is_no_fault(tmp_path: Path) -> None:
    assert folder_fault(tmp_path) is None
    assert folder_fault(tmp_path / "new" / "kiosk-1") is None
    assert list(tmp_path.iterdir()) == []


def test_the_data_directory_of_a_controller_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()

    assert FILE == CONTROLLER_STORE
    assert "data directory of a controller" in (folder_fault(tmp_path) or "")


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert f"{tmp_path / 'file'} is no folder" in (folder_fault(tmp_path / "file" / "kiosk-1") or "")


@pytest.mark.parametrize("name", [".", "new"])
def test_a_folder_of_another_account_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere

    assert "another account" in (folder_fault(tmp_path / name) or "")


def test_a_disk_that_is_mounted_read_only_is_no_fault_for_a_device_works_there_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.statvfs(tmp_path)
    fields = list(real[:11])
    fields[8] = real.f_flag | os.ST_RDONLY
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result(fields))

    assert folder_fault(tmp_path) is None
