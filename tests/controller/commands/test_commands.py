"""The commands on a data directory whose controller does not run."""

from __future__ import annotations

import functools
import importlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer

from broker.runtime import unit_settings
from broker.server.mosquitto import SECURITY_FILE
from controller.commands.serve import first_centre
from controller.domain.centre.centre import CentreFaults
from controller.settings import read_settings
from controller.store.database import FILE
from tests.support.command_line import run_command

SHIPPED = Path(__file__).parents[3] / "deploy" / "centres" / "quang-ngai.toml"
NAMES = ("device", "user", "centre", "report", "backup", "restore", "verify", "serve")


@functools.cache
def commands() -> typer.Typer:
    """Give an application with the commands of a controller."""
    app = typer.Typer(pretty_exceptions_enable=False)
    app.callback()(lambda: None)
    for name in NAMES:
        importlib.import_module(f"controller.commands.{name}").register(app)
    return app


@pytest.fixture
def luot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LUOT_DATA", str(tmp_path / "data"))
    app = commands()

    def run(*words: str, given: str | None = None) -> Any:
        return run_command(app, words, given)

    return run


@pytest.fixture(scope="session")
def shipped_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that the shipped configuration was imported into, made once."""
    data = tmp_path_factory.mktemp("shipped")
    assert run_command(commands(), ["centre", "import", str(SHIPPED), "--data", str(data)]).exit_code == 0
    return data


@pytest.fixture
def begun(luot: Any, shipped_data: Path, tmp_path: Path) -> Any:
    shutil.copytree(shipped_data, tmp_path / "data")
    return luot


def test_a_faulty_configuration_is_wrong_use_with_every_fault(luot: Any, tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace('series = "A"', 'series = "a"').replace('id = "c1"', 'id = "C1"')
    (tmp_path / "faulty.toml").write_text(text, encoding="utf-8")

    checked = luot("centre", "check", str(tmp_path / "faulty.toml"))
    served = luot("serve", "--centre", str(tmp_path / "faulty.toml"))

    assert (checked.exit_code, served.exit_code) == (2, 2)
    assert checked.stderr == served.stderr
    assert len(checked.stderr.splitlines()) >= 2
    assert not (tmp_path / "data").exists()


def test_a_text_that_no_new_configuration_may_have_stops_no_controller_that_has_a_store(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace('en = "', f'en = "{"W" * 81} ', 1)
    (tmp_path / "long.toml").write_text(text, encoding="utf-8")
    settings = read_settings({"centre": tmp_path / "long.toml", "data": tmp_path})
    with pytest.raises(CentreFaults, match="at most 80"):
        first_centre(settings)
    (tmp_path / FILE).touch()
    centre = first_centre(settings)
    assert centre is not None
    assert "W" * 81 in centre.card.name["en"]


def test_a_sound_configuration_passes(luot: Any) -> None:
    assert luot("centre", "check", str(SHIPPED)).exit_code == 0


def test_a_device_gets_a_password_that_the_broker_will_know(begun: Any, tmp_path: Path) -> None:
    made = begun("device", "add", "kiosk", "kiosk-1", "--json")
    known = json.loads((tmp_path / "data" / "broker" / SECURITY_FILE).read_text())

    assert set(json.loads(made.stdout)) == {"id", "password"}
    assert [client["username"] for client in known["clients"]] == ["controller", "kiosk-1"]
    assert json.loads(made.stdout)["password"] not in json.dumps(known)


def test_a_second_password_says_that_the_first_no_longer_works_and_where_it_belongs(begun: Any) -> None:
    first = begun("device", "add", "kiosk", "kiosk-1")
    second = begun("device", "add", "kiosk", "kiosk-1")
    third = begun("device", "add", "kiosk", "kiosk-1", "--json")

    assert "no longer works" not in first.stdout
    assert "The password that it had before no longer works" in second.stdout
    assert "LUOT_PASSWORD in /etc/luot/devices/kiosk-1.env" in second.stdout
    assert set(json.loads(third.stdout)) == {"id", "password"}


def test_a_known_device_keeps_its_counter_without_it_being_given(begun: Any) -> None:
    begun("device", "add", "sign", "sign-99", "--counter", "c1")

    assert begun("device", "add", "sign", "sign-99").exit_code == 0


def test_a_kiosks_pin_enters_the_configuration_as_a_hash_and_leaves_it(begun: Any) -> None:
    made = begun("device", "pin", "kiosk-1", "--stdin", given="481572\n")
    there = begun("centre", "export").stdout
    gone = begun("device", "pin", "kiosk-1", "--none")

    assert (made.exit_code, gone.exit_code) == (0, 0)
    assert "$argon2id$" in there
    assert "481572" not in there + made.stdout
    assert "argon2" not in begun("device", "list", "--json").stdout + begun("centre", "export").stdout


def test_a_new_device_enters_the_configuration_and_leaves_it(begun: Any) -> None:
    begun("device", "add", "sign", "sign-99", "--counter", "c1")
    there = [json.loads(line) for line in begun("device", "list", "--json").stdout.splitlines()]
    gone = begun("device", "remove", "sign-99")

    assert [one["counter"] for one in there if one["id"] == "sign-99"] == ["c1"]
    assert gone.exit_code == 0
    assert "sign-99" not in begun("centre", "export").stdout


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("device", "add", "toaster", "t-1"), 2, "there is no kind 'toaster'"),
        (("device", "add", "sign", "Sign 1"), 2, "is no id"),
        (("device", "add", "rater", "rater-13"), 2, "a new rater needs its counter: give --counter"),
        (("device", "add", "sign", "kiosk-1"), 1, "kiosk-1 is a kiosk"),
        (("device", "add", "sign", "sign-98", "--counter", "c99"), 2, "c99"),
        (("device", "pin", "printer-1", "--none"), 1, "only a kiosk has a PIN"),
        (("device", "pin", "nothing", "--none"), 1, "there is no device nothing"),
        (("device", "pin", "kiosk-1", "--stdin"), 2, "a PIN has 6 to 12 digits"),
        (("device", "remove", "nothing"), 1, "there is no device nothing"),
        (("user", "add", "-x", "--role", "officer"), 2, ""),
        (("user", "add", "a b", "--role", "officer"), 2, "cannot be a user name"),
        (("user", "add", "somebody", "--role", "king"), 2, "there is no role 'king'"),
        (("user", "remove", "nobody"), 1, "no user nobody"),
        (("report", "weather", "--from", "2026-11-23", "--to", "2026-11-23"), 2, "no report weather"),
        (("report", "throughput", "--from", "today", "--to", "2026-11-23"), 2, "is no date"),
        (("report", "throughput", "--from", "2026-11-23", "--to", "2026-11-23", "--format", "pdf"), 2, "pdf"),
        (("restore", "nothing.db"), 1, "there is no store"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(begun: Any, words: tuple[str, ...], status: int, said: str) -> None:
    done = begun(*words)

    assert done.exit_code == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_users_are_made_listed_and_removed(begun: Any) -> None:
    made = json.loads(begun("user", "add", "admin", "--role", "administrator", "--json").stdout)
    given = begun("user", "add", "officer", "--role", "officer", "--password-stdin", given="một mật khẩu\n")
    listed = [json.loads(line) for line in begun("user", "list", "--json").stdout.splitlines()]
    last = begun("user", "remove", "admin")

    assert set(made) == {"user", "password"}
    assert "một mật khẩu" not in given.stdout
    assert listed == [{"user": "admin", "role": "administrator"}, {"user": "officer", "role": "officer"}]
    assert last.exit_code == 1
    assert begun("user", "remove", "officer").exit_code == 0


def test_the_same_configuration_again_is_no_new_version(begun: Any) -> None:
    assert begun("centre", "import", str(SHIPPED)).stdout == "version 1 of the configuration is in force\n"


def test_an_import_names_the_devices_and_pins_that_its_file_removes(begun: Any, tmp_path: Path) -> None:
    begun("device", "add", "sign", "sign-99", "--counter", "c1")
    begun("device", "pin", "kiosk-1", "--stdin", given="481572\n")
    begun("centre", "export", str(tmp_path / "whole.toml"))

    whole = begun("centre", "import", str(tmp_path / "whole.toml"))
    lacking = begun("centre", "import", str(SHIPPED))

    assert (whole.exit_code, whole.stderr) == (0, "")
    assert (lacking.exit_code, lacking.stdout) == (0, "version 4 of the configuration is in force\n")
    devices, pins, advice = lacking.stderr.splitlines()
    assert devices.endswith("are not in the file and were removed with their passwords: sign-99")
    assert pins.endswith("which is not in the file and was removed: kiosk-1")
    assert "`luot centre export FILE` first writes them out" in advice
    assert begun("centre", "import", str(tmp_path / "whole.toml")).stderr == ""


def test_an_import_into_a_folder_of_nobody_changes_nothing_and_says_so(luot: Any, tmp_path: Path) -> None:
    data = tmp_path / "data"
    missing = luot("centre", "import", str(SHIPPED))
    made = data.exists()
    data.mkdir()
    (data / "notes.txt").write_text("another folder")
    foreign = luot("centre", "import", str(SHIPPED))
    (data / "notes.txt").unlink()
    empty = luot("centre", "import", str(SHIPPED))

    assert (missing.exit_code, made, foreign.exit_code) == (2, False, 2)
    assert "nothing was changed" in missing.stderr
    assert "nothing was changed" in foreign.stderr
    assert (empty.exit_code, "now belongs to quang-ngai: version 1 " in empty.stdout) == (0, True)


def test_a_store_is_copied_proved_reported_and_put_back(begun: Any, tmp_path: Path) -> None:
    copied = begun("backup", str(tmp_path / "copy.db"))
    proved = begun("verify")
    reported = begun("report", "throughput", "--from", "2026-11-23", "--to", "2026-11-24", "--format", "csv")
    restored = begun("restore", str(tmp_path / "copy.db"))

    assert [one.exit_code for one in (copied, proved, reported, restored)] == [0, 0, 0, 0]
    assert "0 differences" in proved.stdout
    assert reported.stdout.startswith("key,issued")
    assert "epoch 2" in restored.stdout


def test_without_a_data_directory_it_says_what_to_give(luot: Any, tmp_path: Path) -> None:
    for words in (("device", "list"), ("verify",), ("backup", str(tmp_path / "copy.db"))):
        done = luot(*words)

        assert done.exit_code in (1, 2)
        assert "luot: there is no" in done.stderr


def test_procedures_are_imported_exported_and_taken_away(begun: Any, tmp_path: Path) -> None:
    file, again = tmp_path / "list.csv", tmp_path / "again.csv"
    file.write_text("code;service;name;papers;fee;time\n1.1;land;Đăng ký;Đơn;Không;3 ngày\n", encoding="utf-8-sig")

    first = begun("centre", "procedures", "import", str(file))
    written = begun("centre", "procedures", "export", str(again))
    second = begun("centre", "procedures", "import", str(again))
    as_json = json.loads(begun("centre", "procedures", "export", "--format", "json").stdout)
    gone = begun("centre", "procedures", "clear")

    assert (first.exit_code, written.exit_code, gone.exit_code) == (0, 0, 0)
    assert "1 procedures are in force" in first.stdout
    assert second.stdout == first.stdout
    assert [one["name"] for one in as_json["items"]] == [{"vi": "Đăng ký"}]
    assert json.loads(begun("centre", "procedures", "export", "--format", "json").stdout) == {"items": []}


def test_faulty_procedures_are_wrong_use_with_every_fault_and_change_nothing(begun: Any, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("code;service;name;papers;fee;time\n1.1;none;Đăng ký;Đơn;;3 ngày\n", encoding="utf-8")
    latin = tmp_path / "latin.csv"
    latin.write_bytes("code;service\nphí;é\n".encode("latin-1", "replace"))

    faulty = begun("centre", "procedures", "import", str(file))

    assert faulty.exit_code == 2
    assert faulty.stderr.splitlines() == ["row 2, fee: is missing", 'row 2, service: there is no service "none"']
    assert json.loads(begun("centre", "procedures", "export", "--format", "json").stdout) == {"items": []}
    assert "not UTF-8" in begun("centre", "procedures", "import", str(latin)).stderr
    assert begun("centre", "procedures", "import", str(tmp_path / "none.csv")).exit_code == 2


def test_a_check_warns_when_the_code_of_slips_leads_to_this_machine_only(luot: Any, tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    address = re.search(r'public_url = "(.*)"', text)
    assert address is not None
    (tmp_path / "open.toml").write_text(text.replace(address[1], "https://lay-so.example"), encoding="utf-8")
    (tmp_path / "here.toml").write_text(text.replace(address[1], "http://127.0.0.1:8000"), encoding="utf-8")

    here, reachable = (luot("centre", "check", str(tmp_path / name)) for name in ("here.toml", "open.toml"))

    assert (here.exit_code, reachable.exit_code) == (0, 0)
    assert "public_url" in here.output
    assert "phone" in here.output
    assert "public_url" not in reachable.output


@pytest.mark.parametrize("unit", [False, True])
def test_an_id_where_serve_reads_a_file_is_one_sentence_and_a_unit_does_not_spin(
    luot: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    unit: bool,  # noqa: FBT001 - a parameter
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("broker.runtime.unit_settings.time.sleep", slept.append)
    monkeypatch.setenv("LUOT_CENTRE", "quang-ngai")
    monkeypatch.setenv("LUOT_ENV_FILE", str(tmp_path / "controller.env") if unit else "")

    done = luot("serve")

    assert done.exit_code == 2
    assert "'quang-ngai' is an id, as devices take it" in done.output
    assert slept == [unit_settings.PAUSE_S] * unit
