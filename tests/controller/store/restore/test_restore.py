"""A restore: over any store that may be in place, in one step, and never a number twice."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from controller.store import files
from controller.store.database import FILE
from controller.store.numbers import MARK_FILE
from controller.store.restore.backup import REPLACED, RESTORING, back_up, put_back
from tests.controller.store.restore.before_restore import (
    COPY,
    TODAY,
    backed_up,
    bad_log,
    bad_log_and_header,
    empty,
    issue,
    journal_of,
    sign_in,
    zero_header,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


# ---- the store in place is damaged ----


def _truncate(place: Path) -> None:
    os.truncate(place, place.stat().st_size // 2)


def _half_a_page(place: Path) -> None:
    os.truncate(place, 1000)


def _garbage_pages(place: Path) -> None:
    size = place.stat().st_size
    with place.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5\x5a" * ((size - 4096) // 2))


def _garbage(place: Path) -> None:
    place.write_bytes(b"this is no database " * 5000)


def _without_tables(place: Path) -> None:
    with closing(sqlite3.connect(place)) as store:
        for table in ("journal", "marks", "centres"):
            store.execute(f"DROP TABLE {table}")
        store.commit()


CORRUPTIONS: tuple[Callable[[Path], None], ...] = (
    zero_header, _truncate, _half_a_page, empty, _garbage_pages, _garbage, _without_tables, bad_log,
    bad_log_and_header,
)  # fmt: skip


@pytest.mark.parametrize("corrupt", CORRUPTIONS)
async def test_a_damaged_store_in_place_keeps_no_backup_from_being_put_back(
    open_rig: Any, tmp_path: Path, corrupt: Callable[[Path], None]
) -> None:
    await backed_up(open_rig, tmp_path, 6, 120)
    corrupt(tmp_path / FILE)

    done = put_back(tmp_path / COPY, tmp_path, TODAY)

    assert done.epoch == 2
    assert await issue(open_rig, 2) == ["A200", "A201"]
    assert (tmp_path / REPLACED).is_file()


async def test_it_says_which_store_could_not_be_read_and_never_blames_the_backup(open_rig: Any, tmp_path: Path) -> None:
    await backed_up(open_rig, tmp_path, 1, 1)
    whole = put_back(tmp_path / COPY, tmp_path, TODAY)
    _garbage(tmp_path / FILE)

    damaged = put_back(tmp_path / COPY, tmp_path, TODAY)

    assert whole.notes == ()
    assert damaged.notes[0].startswith("the store that was in place could not be read")
    assert MARK_FILE in damaged.notes[1]
    assert COPY not in "".join(damaged.notes)


async def test_the_log_of_the_former_store_is_not_applied_to_the_new_one(open_rig: Any, tmp_path: Path) -> None:
    await backed_up(open_rig, tmp_path, 1, 0)
    with closing(sqlite3.connect(tmp_path / FILE)) as former:
        former.execute("PRAGMA wal_autocheckpoint=0")
        former.execute("DELETE FROM journal")
        former.commit()
        for name in ("", "-wal"):
            shutil.copy(tmp_path / (FILE + name), tmp_path / f"kept{name}")
    for name in ("", "-wal"):
        (tmp_path / f"kept{name}").rename(tmp_path / (FILE + name))

    put_back(tmp_path / COPY, tmp_path, TODAY)

    assert journal_of(tmp_path / FILE)[1] == 1
    assert journal_of(tmp_path / REPLACED)[1] == 0


async def test_no_store_that_was_set_aside_is_overwritten(open_rig: Any, tmp_path: Path) -> None:
    await backed_up(open_rig, tmp_path, 1, 3)
    put_back(tmp_path / COPY, tmp_path, TODAY)
    await issue(open_rig, 1)
    put_back(tmp_path / COPY, tmp_path, TODAY)

    assert [journal_of(tmp_path / name)[1] for name in (REPLACED, f"{REPLACED}.2")] == [4, 2]
    assert await issue(open_rig, 1) == ["A200"]


async def test_a_backup_is_put_back_from_where_nothing_can_be_written(open_rig: Any, tmp_path: Path) -> None:
    await backed_up(open_rig, tmp_path, 1, 0)

    with closing(sqlite3.connect(f"file:{tmp_path / COPY}?mode=ro&immutable=1", uri=True)) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert copy.execute("SELECT count(*) FROM journal").fetchone() == (1,)
    assert not any((tmp_path / f"{COPY}{name}").exists() for name in files.COMPANIONS)


# ---- who may come in, and to whom the files belong ----


async def test_a_restore_ends_every_session_and_keeps_the_users(open_rig: Any, tmp_path: Path) -> None:
    await issue(open_rig, 1)
    sign_in(tmp_path / FILE)
    back_up(tmp_path, tmp_path / COPY)
    put_back(tmp_path / COPY, tmp_path, TODAY)

    with closing(sqlite3.connect(tmp_path / FILE)) as store:
        assert store.execute("SELECT user FROM users").fetchall() == [("officer",)]
    assert journal_of(tmp_path / FILE)[2] == 0


async def test_its_files_belong_to_the_owner_of_the_folder_and_to_nobody_else(
    open_rig: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await backed_up(open_rig, tmp_path, 1, 1)
    data, given = tmp_path / "data", dict[str, tuple[int, int]]()
    data.mkdir()
    monkeypatch.setattr("controller.store.files.os.geteuid", lambda: 0)
    monkeypatch.setattr(
        "controller.store.files.os.chown", lambda path, user, group: given.update({path.name: (user, group)})
    )
    stat = data.stat()
    monkeypatch.setattr(files, "folder_owner", lambda _path: (stat.st_uid + 1, stat.st_gid + 1))
    umask = os.umask(0)
    try:
        put_back(tmp_path / COPY, data, TODAY)
    finally:
        os.umask(umask)

    assert given[RESTORING] == given[f"{MARK_FILE}.part"] == (stat.st_uid + 1, stat.st_gid + 1)
    assert {path.name: path.stat().st_mode & 0o777 for path in data.iterdir()} == {FILE: 0o600, MARK_FILE: 0o600}
    assert (tmp_path / COPY).stat().st_mode & 0o777 == 0o600


async def test_a_backup_is_its_owners_alone_while_it_is_made(
    open_rig: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await issue(open_rig, 1)
    modes: list[int] = []
    real = sqlite3.connect

    def connect(*given: Any, **named: Any) -> sqlite3.Connection:
        modes.extend(path.stat().st_mode & 0o777 for path in tmp_path.glob("*.part"))
        made: sqlite3.Connection = real(*given, **named)
        return made

    umask = os.umask(0o022)
    monkeypatch.setattr(sqlite3, "connect", connect)
    try:
        back_up(tmp_path, tmp_path / COPY)
    finally:
        os.umask(umask)

    assert set(modes) == {0o600}
