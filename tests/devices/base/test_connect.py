"""The options of a device's command line, and how a device's program ends."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from broker.contract.payloads import Kind
from broker.link.address import Address
from broker.link.link import LinkRefusedError
from devices.base.connect import (
    Account,
    DeviceSettings,
    UsageError,
    account,
    attached,
    device_settings,
    open_device,
    run_to_end,
)
from devices.base.device_folder import default_data

GIVEN = {"mqtt": "mqtt://127.0.0.1:1884", "centre": "quang-ngai", "device": "sign-1"}
HOME = {"HOME": "/home/luot"}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("LUOT_")]:
        monkeypatch.delenv(name)


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUOT_MQTT", "mqtt://elsewhere:1")
    monkeypatch.setenv("LUOT_DEVICE", "sign-9")
    monkeypatch.setenv("LUOT_PASSWORD", "s3cret")
    settings = device_settings(mqtt=GIVEN["mqtt"], device=None, centre="quang-ngai")

    assert account(settings, HOME) == Account(
        Address("127.0.0.1", 1884), "quang-ngai", "sign-9", "s3cret", Path("/home/luot/.local/state/luot/sign-9"), None
    )
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "--mqtt URL, --centre ID and --device ID, or --pair CODE"),
        (GIVEN, "LUOT_PASSWORD"),
        ({**GIVEN, "password": "x", "device": "controller"}, "--device 'controller' is no id"),
        ({**GIVEN, "password": "x", "centre": "Quảng"}, "--centre"),
        ({**GIVEN, "password": "x", "centre": "/etc/luot/centre.toml"}, "is a file, which only `luot serve` reads"),
        ({**GIVEN, "password": "x", "centre": "centre.toml"}, "is a file, which only `luot serve` reads"),
        ({**GIVEN, "password": "x", "mqtt": "http://x"}, "no broker address"),
        ({**GIVEN, "password": "x", "ca": Path("/nowhere.pem")}, "--ca /nowhere.pem"),
        ({"pair": "mqtts://x"}, "pairing code"),
    ],
)
def test_options_that_make_no_sense_are_one_sentence(given: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        account(device_settings(**given), HOME)


def test_the_folder_of_a_controller_is_wrong_use_before_a_device_writes_there(tmp_path: Path) -> None:
    (tmp_path / "luot.db").touch()

    with pytest.raises(UsageError, match="data directory of a controller"):
        account(device_settings(**GIVEN, password="x", data=tmp_path), HOME)


def test_the_missing_file_of_a_unit_is_named_instead_of_the_options(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent\.env is not there"):
        account(device_settings(), {**HOME, "LUOT_ENV_FILE": str(tmp_path / "absent.env")})


def test_a_value_of_the_wrong_sort_names_its_option() -> None:
    with pytest.raises(UsageError, match="--centre"):
        device_settings(centre=3)


def test_a_pairing_code_is_enough() -> None:
    code = f"mqtts://kiosk-1:pw@broker.lan:8884/quang-ngai#{'ab' * 32}"
    found = account(DeviceSettings(pair=code), {"STATE_DIRECTORY": "/var/lib/luot"})

    assert (found.address, found.centre, found.device, found.password) == (
        Address("broker.lan", 8884, tls=True), "quang-ngai", "kiosk-1", "pw",
    )  # fmt: skip
    assert found.data == Path("/var/lib/luot/kiosk-1")
    assert found.trust is not None


def test_an_attached_printer_has_its_own_name_and_folder_at_the_same_broker(tmp_path: Path) -> None:
    kiosk = Account(Address("b", 1), "c", "kiosk-1", "x", tmp_path, None)

    assert attached(kiosk, "printer-1", "y") == Account(
        Address("b", 1), "c", "printer-1", "y", tmp_path / "printer-1", None
    )


def test_a_devices_folder_follows_systemd_then_the_user() -> None:
    assert default_data("d", {"STATE_DIRECTORY": "/var/lib/a:/var/lib/b", **HOME}) == Path("/var/lib/a/d")
    assert default_data("d", {"XDG_STATE_HOME": "/x", **HOME}) == Path("/x/luot/d")
    assert default_data("d", HOME) == Path("/home/luot/.local/state/luot/d")


async def test_a_driven_clock_is_refused_off_loopback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUOT_CLOCK", "2026-11-23T07:00:00+07:00*60")
    here = Account(Address("127.0.0.1", 1), "c", "sign-1", "x", tmp_path, None)
    device = open_device(here, Kind.SIGN, os.environ)

    assert device.controller.speed == 60
    with pytest.raises(UsageError, match="LUOT_CLOCK"):
        open_device(Account(Address("broker", 1), "c", "sign-1", "x", tmp_path, None), Kind.SIGN, os.environ)


def test_a_refused_password_is_one_sentence_and_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    async def refused() -> None:
        raise LinkRefusedError("the broker does not let sign-1 in")

    with pytest.raises(SystemExit) as ended:
        run_to_end(refused)
    assert ended.value.code == 1
    assert capsys.readouterr().err == "luot: the broker does not let sign-1 in\n"


def test_wrong_use_is_status_2_also_from_within_a_group_of_tasks(capsys: pytest.CaptureFixture[str]) -> None:
    async def wrong() -> None:
        raise UsageError("give --mqtt")

    async def group() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(wrong())

    with pytest.raises(SystemExit) as ended:
        run_to_end(group)
    assert ended.value.code == 2
    assert capsys.readouterr().err == "luot: give --mqtt\n"


def test_sigterm_ends_a_program_quietly_after_its_goodbye() -> None:
    said: list[str] = []

    async def work() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        try:
            await asyncio.Event().wait()
        finally:
            said.append("goodbye")

    run_to_end(work)
    assert said == ["goodbye"]
