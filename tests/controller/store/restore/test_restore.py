"""A restore: over any store that may be in place, in one step, and never a number twice."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from controller.domain.numbers.high_water import HighWater
from controller.services.journal.ports import StoreDown
from controller.store import files
from controller.store.database import FILE
from controller.store.numbers import MARK_FILE, read_high_water
from controller.store.restore.backup import REPLACED, RESTORING, back_up, put_back
from controller.store.restore.remains import refuse_lost_store
from tests.controller.store.restore.before_restore import COPY, TODAY, backed_up, issue
from tests.support.killed import DONE, KILLED, killed_before

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def journal_of(place: Path) -> tuple[int, int, int]:
    """Return epoch, facts and sessions of a store."""
    with closing(sqlite3.connect(place)) as store:
        (epoch,) = store.execute("SELECT value FROM marks WHERE name = 'epoch'").fetchone()
        return (
            int(epoch),
            store.execute("SELECT count(*) FROM journal").fetchone()[0],
            store.execute("SELECT count(*) FROM sessions").fetchone()[0],
        )


def sign_in(place: Path) -> None:
    """Put a user with a session into a store."""
    with closing(sqlite3.connect(place)) as store, store:
        store.execute("INSERT INTO users VALUES ('officer', 'officer', 'hash', 1)")
        store.execute("INSERT INTO sessions VALUES ('digest', 'officer', 'csrf', 1, 9000000000000)")


# ---- the store in place is damaged ----


def _zero_header(place: Path) -> None:
    with place.open("r+b") as file:
        file.write(bytes(100))


def _truncate(place: Path) -> None:
    os.truncate(place, place.stat().st_size // 2)


def _half_a_page(place: Path) -> None:
    os.truncate(place, 1000)


def _empty(place: Path) -> None:
    os.truncate(place, 0)


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


def _bad_log(place: Path) -> None:
    place.with_name(f"{FILE}-wal").write_bytes(b"\x37\x7f\x06\x82" + b"\x5a" * 50_000)


def _bad_log_and_header(place: Path) -> None:
    _bad_log(place)
    _zero_header(place)


CORRUPTIONS: tuple[Callable[[Path], None], ...] = (
    _zero_header, _truncate, _half_a_page, _empty, _garbage_pages, _garbage, _without_tables, _bad_log,
    _bad_log_and_header,
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


# ---- a kill at any step ----


@pytest.mark.parametrize("corrupt", [None, _bad_log_and_header, _empty])
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
        with pytest.raises(StoreDown, match="has no store but"):
            refuse_lost_store(data)
    elif (data / RESTORING).exists():
        with pytest.raises(sqlite3.DatabaseError):
            journal_of(place)


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
