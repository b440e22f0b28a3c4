"""What the commands of copies say: which file was at fault, where the store of before is, and whom a restore loses."""

from __future__ import annotations

import functools
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import typer

from broker.contract.times import parse_instant
from controller.admin.lock import lock_data
from controller.commands import backup, clock, report, restore, verify
from controller.services.journal.ports import StoreError
from controller.store.database import FILE
from controller.store.numbers import MARK_FILE
from controller.store.restore.backup import REPLACED
from controller.store.restore.remains import refuse_lost_store
from tests.controller.store.restore.before_restore import COPY, backed_up, issue
from tests.support.command_line import run_command

if TYPE_CHECKING:
    from pathlib import Path

NOON = "2026-11-23T12:00:00+07:00"


@functools.cache
def commands() -> typer.Typer:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.callback()(lambda: None)
    for command in (backup, clock, report, restore, verify):
        command.register(app)
    return app


@pytest.fixture
def luot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LUOT_DATA", str(tmp_path))
    monkeypatch.setenv("LUOT_CLOCK", NOON)
    app = commands()
    return lambda *words: run_command(app, words)


async def test_each_restore_prints_the_name_that_the_store_of_before_was_given(
    luot: Any, open_rig: Any, tmp_path: Path
) -> None:
    await backed_up(open_rig, tmp_path, 1, 1)

    said = [luot("restore", str(tmp_path / COPY)).stdout.splitlines()[-1] for _ in range(3)]

    assert [line.rpartition(" ")[2] for line in said] == [
        str(tmp_path / name) for name in (REPLACED, f"{REPLACED}.2", f"{REPLACED}.3")
    ]


async def test_a_restore_where_no_store_was_speaks_of_none(luot: Any, open_rig: Any, tmp_path: Path) -> None:
    await backed_up(open_rig, tmp_path, 1, 1)
    (tmp_path / FILE).unlink()

    done = luot("restore", str(tmp_path / COPY))

    assert done.exit_code == 0
    assert "kept as" not in done.output


async def test_the_way_back_prints_the_name_that_the_store_was_given(
    luot: Any, open_rig: Any, hand_clock: Any, tmp_path: Path
) -> None:
    (tmp_path / REPLACED).write_bytes(b"of a restore before")
    await issue(open_rig, 1)
    hand_clock.at = parse_instant(NOON) + 3600 * 1000
    await issue(open_rig, 1)

    done = luot("clock", "back", "--yes")

    assert done.exit_code == 0
    assert f"kept as {tmp_path / REPLACED}.2. " in done.stdout


def copies(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if COPY in path.name]


def _garbage(place: Path) -> None:
    place.write_bytes(b"this is no database " * 5000)


def _torn_page(place: Path) -> None:
    content = bytearray(place.read_bytes())
    content[4096:12288] = b"\x5a" * 8192
    place.write_bytes(content)


@pytest.mark.parametrize("damage", [_garbage, _torn_page])
async def test_a_backup_of_a_damaged_store_names_the_store_and_leaves_nothing(
    luot: Any, open_rig: Any, tmp_path: Path, damage: Any
) -> None:
    await issue(open_rig, 1)
    damage(tmp_path / FILE)

    done = luot("backup", str(tmp_path / COPY))

    assert done.exit_code == 1
    assert str(tmp_path / FILE) in done.stderr
    assert COPY not in done.stderr
    assert copies(tmp_path) == []


def test_a_backup_without_a_store_says_what_to_give_and_leaves_nothing(luot: Any, tmp_path: Path) -> None:
    done = luot("backup", str(tmp_path / COPY))

    assert done.exit_code == 1
    assert f"there is no store {tmp_path / FILE}" in done.stderr
    assert "--data" in done.stderr
    assert list(tmp_path.iterdir()) == []


async def test_a_backup_that_cannot_be_written_names_its_own_file(luot: Any, open_rig: Any, tmp_path: Path) -> None:
    await issue(open_rig, 1)

    done = luot("backup", str(tmp_path / "nowhere" / COPY))

    assert done.exit_code == 1
    assert f"{tmp_path / 'nowhere' / COPY} could not be written" in done.stderr


async def test_a_restore_says_since_when_people_are_in_no_queue(
    luot: Any, open_rig: Any, hand_clock: Any, tmp_path: Path
) -> None:
    hand_clock.at += 17 * 60 * 1000
    await backed_up(open_rig, tmp_path, 1, 0)

    done = luot("restore", str(tmp_path / COPY))

    assert "the last entry of the backup is of 2026-11-23 08:17: whoever took a number after it" in done.stdout
    assert "whoever was served since may be called again" in done.stdout


async def test_a_restore_of_a_backup_without_entries_says_so(luot: Any, open_rig: Any, tmp_path: Path) -> None:
    await backed_up(open_rig, tmp_path, 0, 0)

    assert "the backup holds no entry: whoever took a number after it" in luot("restore", str(tmp_path / COPY)).stdout


async def test_the_end_of_a_backup_is_not_read_from_a_damaged_row(luot: Any, open_rig: Any, tmp_path: Path) -> None:
    await backed_up(open_rig, tmp_path, 2, 0)
    with closing(sqlite3.connect(tmp_path / COPY)) as copy, copy:
        copy.execute("UPDATE journal SET at = 9e17 WHERE seq = (SELECT max(seq) FROM journal)")

    done = luot("restore", str(tmp_path / COPY))

    assert done.exit_code == 0
    assert "of 2026-11-23 08:00" in done.stdout


async def test_without_a_mark_it_says_that_numbers_may_come_twice_and_the_mark_of_before_prevents_it(
    luot: Any, open_rig: Any, tmp_path: Path
) -> None:
    await backed_up(open_rig, tmp_path, 6, 348)
    (tmp_path / FILE).unlink()
    (tmp_path / MARK_FILE).rename(tmp_path / "old.mark")

    done = luot("restore", str(tmp_path / COPY))
    (tmp_path / "old.mark").rename(tmp_path / MARK_FILE)

    assert "numbers given after it may come twice" in done.stderr
    assert f"copy its {MARK_FILE} into {tmp_path} before the controller is started" in done.stderr
    assert await issue(open_rig, 1) == ["A400"]


@pytest.mark.parametrize("words", [("restore", COPY), ("clock", "back")])
def test_beside_a_running_controller_it_says_to_stop_it_and_nothing_else(
    luot: Any, tmp_path: Path, words: tuple[str, ...]
) -> None:
    with lock_data(tmp_path):
        done = luot(*words)

    assert done.exit_code == 1
    assert done.stderr == f"luot: {tmp_path} is in use by another controller: stop it first\n"


@pytest.mark.parametrize(
    "words",
    [("verify",), ("backup", "copy.db"), ("report", "throughput", "--from", "2026-11-23", "--to", "2026-11-23")],
)
async def test_of_a_lost_store_each_command_says_what_serve_says(
    luot: Any, open_rig: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    await issue(open_rig, 1)
    (tmp_path / FILE).unlink()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError) as refused:
        refuse_lost_store(tmp_path)

    done = luot(*words)

    assert done.exit_code == 1
    assert done.stderr == f"luot: {refused.value}\n"


@pytest.mark.parametrize("words", [("restore",), ("clock", "back")])
def test_the_help_of_what_needs_a_stopped_controller_says_so(luot: Any, words: tuple[str, ...]) -> None:
    told = " ".join(luot(*words, "--help").output.replace("│", " ").split())

    assert "which must be stopped" in told
    assert "running or not" not in told
