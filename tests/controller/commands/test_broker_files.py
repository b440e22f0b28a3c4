"""The files of a broker that is the centre's own service."""

from __future__ import annotations

import json
import socket
import stat
from functools import cache
from pathlib import Path

import pytest

import luot
from broker.contract.payloads import Kind
from broker.server.dynamic_security import DeviceUser, hashed
from broker.server.mosquitto import CONFIG_FILE, SECURITY_FILE, free_port, write_files
from broker.server.mosquitto_config import Listener
from tests.support.command_line import run_command

SHIPPED = Path(__file__).parents[3] / "deploy" / "centres" / "quang-ngai.toml"


build = cache(luot.build)


def run(*arguments: str) -> tuple[int, str]:
    result = run_command(build("broker-files"), ["broker-files", *arguments])
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


HASH = hashed("a password")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory whose store has a password of kiosk-1."""
    (tmp_path / "data").mkdir()
    app = build("centre")
    assert run_command(app, ["centre", "import", str(SHIPPED), "--data", str(tmp_path / "data")]).exit_code == 0
    (tmp_path / "broker").mkdir()
    add = build("device")
    made = run_command(add, ["device", "add", "kiosk", "kiosk-1", "--data", str(tmp_path / "data")])
    assert made.exit_code == 0
    return tmp_path / "data"


def clients(folder: Path) -> dict[str, dict[str, object]]:
    (security,) = folder.glob("*.json")
    return {client["username"]: client for client in json.loads(security.read_text())["clients"]}


@pytest.mark.parametrize("left", [None, "", '{"clients": [', "x" * 4096])
def test_a_broken_file_is_written_again_from_the_store_with_its_devices(
    tmp_path: Path, data: Path, left: str | None
) -> None:
    folder = tmp_path / "broker"
    if left is not None:
        (folder / SECURITY_FILE).write_text(left)

    status, said = run(str(folder), "--from", str(data), "--listen", "127.0.0.1:18830", "--json")

    assert (status, json.loads(said.splitlines()[-1])["devices"]) == (0, ["kiosk-1"])
    own = json.loads((data / "broker" / SECURITY_FILE).read_text())["clients"][1]
    assert clients(folder)["kiosk-1"] == own
    assert "no password is stored for" in said


def test_a_whole_file_keeps_who_the_store_has_no_password_of_and_loses_strangers(tmp_path: Path, data: Path) -> None:
    folder = tmp_path / "broker"
    users = [DeviceUser("kiosk-2", Kind.KIOSK, HASH), DeviceUser("stranger", Kind.SIGN, HASH)]
    write_files(folder, "quang-ngai", "x", [Listener("127.0.0.1", free_port("127.0.0.1", 0))], None, users)
    before = (folder / CONFIG_FILE).read_text()

    status, _ = run(str(folder), "--from", str(data / "luot.db"))

    assert status == 0
    assert list(clients(folder)) == ["controller", "kiosk-1", "kiosk-2"]
    assert (folder / CONFIG_FILE).read_text() == before


def test_a_running_broker_is_not_overwritten(tmp_path: Path, data: Path) -> None:
    folder = tmp_path / "broker"
    with socket.create_server(("127.0.0.1", 0)) as running:
        write_files(folder, "quang-ngai", "x", [Listener("127.0.0.1", running.getsockname()[1])], None, [])
        before = (folder / SECURITY_FILE).read_text()

        status, said = run(str(folder), "--from", str(data))

    assert (status, (folder / SECURITY_FILE).read_text()) == (1, before)
    assert "stop it first" in said


def test_a_store_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "other.db").write_text("no database")

    assert run(str(tmp_path), "--from", str(tmp_path / "none"))[0] == 1
    assert "holds no credentials that can be read" in run(str(tmp_path), "--from", str(tmp_path / "other.db"))[1]
    assert run(str(tmp_path))[0] == 2


def test_a_store_of_another_centre_is_wrong_use(tmp_path: Path, data: Path) -> None:
    assert run(str(tmp_path / "broker"), "--from", str(data), "--centre", "hall-a")[0] == 2
