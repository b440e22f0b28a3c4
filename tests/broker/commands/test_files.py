from __future__ import annotations

import json
import stat
from pathlib import Path

from typer.testing import CliRunner

import luot


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(luot.build("broker-files"), ["broker-files", *arguments])
    return result.exit_code, result.output


def test_the_files_hold_only_the_controller_and_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "broker"

    status, said = run(str(folder), "--centre", "quang-ngai", "--listen", "127.0.0.1:18830", "--json")

    told = json.loads(said)
    assert status == 0
    assert "listener 18830 127.0.0.1" in Path(told["config"]).read_text()
    (security,) = folder.glob("*.json")
    assert [client["username"] for client in json.loads(security.read_text())["clients"]] == ["controller"]
    assert told["password"] not in security.read_text()
    assert stat.S_IMODE(security.stat().st_mode) == 0o600


def test_a_key_without_its_certificate_is_wrong_use(tmp_path: Path) -> None:
    status, said = run(str(tmp_path), "--centre", "quang-ngai", "--keyfile", "key.pem")

    assert status == 2
    assert "certificate" in said


def test_an_address_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    assert run(str(tmp_path), "--centre", "quang-ngai", "--listen", "nowhere")[0] == 2


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    status, said = run(str(tmp_path / "file" / "below"), "--centre", "quang-ngai", "--listen", "127.0.0.1:18830")

    assert status == 1
    assert said.startswith("The broker's files were not written")
