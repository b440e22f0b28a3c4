"""The files of the centre's Mosquitto belong to the account that it runs as, also when root wrote them."""

from __future__ import annotations

import json
import os
import pwd
import stat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import luot
from broker.server import file_owner as owners
from broker.server.file_owner import NoSuchOwnerError, file_owner, hand_over, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHER = "daemon"
"""An account that every Debian has."""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account may reach; pytest's own are closed to all but one."""
    with TemporaryDirectory(prefix="luot-owner-") as made:
        Path(made).chmod(0o711)
        yield Path(made) / "broker"


def write(folder: Path, *options: str) -> dict[str, str]:
    words = ["broker-files", str(folder), "--centre", "quang-ngai", "--listen", "127.0.0.1:18830", "--json", *options]
    done = CliRunner().invoke(luot.build("broker-files"), words)
    assert done.exit_code == 0, done.output
    return {"warned": done.stderr, **json.loads(done.stdout)}


@as_root
def test_what_root_writes_for_an_account_that_account_can_read_and_nobody_else(folder: Path) -> None:
    told = write(folder, "--user", OTHER)

    owner = pwd.getpwnam(OTHER)
    assert {path.owner() for path in (folder, *folder.iterdir())} == {OTHER}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert f"user {OTHER}\n" in Path(told["config"]).read_text()
    assert unreadable(owner, folder.iterdir()) == []
    assert unreadable(pwd.getpwnam("nobody"), folder.iterdir()) != []
    assert told["warned"] == ""


@as_root
def test_root_writes_again_for_whom_the_folder_belongs_to(folder: Path) -> None:
    write(folder, "--user", OTHER)

    assert file_owner(folder, None).pw_name == OTHER


@as_root
def test_root_writes_a_new_folder_for_the_account_of_the_service(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners, "SERVICE_ACCOUNT", OTHER)

    assert file_owner(folder, None).pw_name == OTHER


@as_root
def test_a_key_that_the_broker_cannot_read_is_named(folder: Path) -> None:
    beside = folder.parent
    for name in ("cert.pem", "key.pem"):
        (beside / name).write_text("")
        (beside / name).chmod(0o644 if name == "cert.pem" else 0o600)

    told = write(folder, "--user", OTHER, "--certfile", str(beside / "cert.pem"), "--keyfile", str(beside / "key.pem"))

    assert [line for line in told["warned"].splitlines() if line] == [
        f"luot: {OTHER} cannot read {beside / 'key.pem'}, so Mosquitto will not start: change its owner"
    ]


def test_an_account_that_is_not_there_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    with pytest.raises(NoSuchOwnerError, match="there is no account nobody-at-all"):
        file_owner(tmp_path, "nobody-at-all")


def test_who_is_not_root_writes_for_itself_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: pwd.getpwnam(OTHER).pw_uid)

    assert file_owner(tmp_path, None).pw_name == OTHER
    hand_over(tmp_path, pwd.getpwnam("root"))
    with pytest.raises(NoSuchOwnerError, match="only root"):
        file_owner(tmp_path, "root")
