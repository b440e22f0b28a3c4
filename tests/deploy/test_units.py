"""The systemd units are read by systemd itself, and say what their programs need."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

import luot
from broker.runtime import unit_settings, watchdog
from devices.base import crash_loop
from tests.deploy.unit_files import INSTALLED, ROOT, UNITS, enable, exposure, install, instance, settings_of, verify

if TYPE_CHECKING:
    from pathlib import Path

DEVICES = [unit for unit in UNITS if "@" in unit.name]
SCREENS = [unit for unit in DEVICES if "--fullscreen" in unit.read_text()]
SCORES = {"controller": 1.8, "broker": 1.5, "keypad": 1.8, "printer": 1.8}
"""What a unit scores at most; one with a screen may reach the graphics card, and so scores 2.1."""
GROUPS = {
    "kiosk": {"video", "render", "audio", "input", "lp", "dialout"},
    "rater": {"video", "render", "input"},
    "sign": {"video", "render", "input"},
    "board": {"video", "render", "input", "audio"},
    "keypad": {"input", "dialout"},
    "printer": {"lp", "dialout"},
}


def kind_of(unit: Path) -> str:
    return re.sub(r"@?\.service", "", unit.name).removeprefix("luot-")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    assert shutil.which("systemd-analyze"), "the package systemd is on the test list"
    return install(tmp_path)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_finds_no_fault_in_the_unit(installed: Path, unit: Path) -> None:
    if "@" in unit.name:
        shutil.copy(installed / unit.name, installed / instance(unit))

    result = verify(installed / instance(unit))

    assert result.stderr == ""
    assert result.returncode == 0


def test_systemd_does_find_a_fault(installed: Path) -> None:
    unit = installed / "luot-controller.service"
    unit.write_text(unit.read_text().replace("Restart=always", "Restart=sometimes"))

    assert "sometimes" in verify(unit).stderr


def test_a_machine_with_every_unit_enabled_boots_without_an_ordering_cycle(installed: Path) -> None:
    enable(installed)

    assert "cycle" not in verify(installed / "graphical.target").stderr


def test_an_ordering_cycle_is_found_and_would_keep_a_unit_from_starting(installed: Path) -> None:
    enable(installed)
    wanted = installed / "graphical.target.wants" / "luot-sign@device-1.service"
    wanted.rename(installed / "multi-user.target.wants" / wanted.name)
    unit = installed / "luot-sign@.service"
    unit.write_text(re.sub("^After=.*", "After=graphical.target", unit.read_text(), flags=re.MULTILINE))

    said = verify(installed / "graphical.target").stderr

    assert "luot-sign@device-1.service/start deleted to break ordering cycle" in said


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_the_unit_starts_a_command_that_exists_and_comes_back_after_a_crash_for_ever(unit: Path) -> None:
    found = settings_of(unit)

    assert found["Restart"] == ["always"]
    assert found["StartLimitIntervalSec"] == ["0"]
    (command,) = found["ExecStart"]
    if command.startswith(INSTALLED):
        assert command.split()[1] in luot.SUBCOMMANDS


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_the_unit_may_do_little_else_if_it_is_taken_over(unit: Path, tmp_path: Path) -> None:
    assert exposure(unit, tmp_path) <= SCORES.get(kind_of(unit), 2.1)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_the_unit_has_a_folder_for_temporary_files_though_the_system_is_read_only(unit: Path) -> None:
    found = settings_of(unit)

    assert (found["ProtectSystem"], found["PrivateTmp"]) == (["strict"], ["yes"])


@pytest.mark.parametrize("unit", DEVICES, ids=lambda unit: unit.stem)
def test_a_device_that_hangs_is_ended_and_one_that_crashed_is_back_at_once(unit: Path) -> None:
    found = {name: values[-1] for name, values in settings_of(unit).items()}

    assert (found["Type"], found["RestartSec"]) == ("notify", "200ms")
    assert int(found["WatchdogSec"]) > watchdog.FROZEN_S + watchdog.MORE_S
    assert int(found["TimeoutStartSec"]) > max(crash_loop.LONGEST_S, unit_settings.PAUSE_S)
    assert found.get("RestartPreventExitStatus") == ("0" if "kiosk" in unit.name else None)


@pytest.mark.parametrize("unit", DEVICES, ids=lambda unit: unit.stem)
def test_a_missing_file_of_settings_starts_the_program_which_says_so_and_waits(unit: Path) -> None:
    found = settings_of(unit)

    assert found["EnvironmentFile"] == ["-/etc/luot/devices/%i.env"]
    assert f"{unit_settings.VARIABLE}=/etc/luot/devices/%i.env" in found["Environment"]


@pytest.mark.parametrize("unit", DEVICES, ids=lambda unit: unit.stem)
def test_a_device_may_use_what_hangs_on_it(unit: Path) -> None:
    assert set(" ".join(settings_of(unit)["SupplementaryGroups"]).split()) == GROUPS[kind_of(unit)]


@pytest.mark.parametrize("unit", SCREENS, ids=lambda unit: unit.stem)
def test_a_screen_starts_with_the_graphical_target_and_reaches_its_display(unit: Path) -> None:
    found = settings_of(unit)

    assert found["WantedBy"] == ["graphical.target"]
    assert "graphical.target" not in found["After"][0]
    assert "display-manager.service" in found["After"][0].split()
    assert {"DISPLAY=:0", "KIVY_HOME=%t/luot-%i/kivy"} <= set(found["Environment"])
    assert found["RuntimeDirectory"] == ["luot-%i"]
    assert found["BindReadOnlyPaths"] == ["-/tmp/.X11-unix"]


@pytest.mark.parametrize("unit", SCREENS, ids=lambda unit: unit.stem)
def test_no_line_of_a_screens_unit_closes_the_graphics_card_by_listing_other_devices(unit: Path) -> None:
    """`ProtectClock=` lists the clock's device, and a unit with one device listed reaches no other."""
    assert not {"PrivateDevices", "DevicePolicy", "DeviceAllow", "ProtectClock"} & settings_of(unit).keys()


@pytest.mark.parametrize("name", ["luot-controller.service", "luot-broker.service"])
def test_controller_and_broker_have_room_for_connections_and_push_debians_own_broker_off_their_port(name: str) -> None:
    found = settings_of(ROOT / "deploy" / "systemd" / name)

    assert int(found["LimitNOFILE"][0]) >= 8192
    assert found["Conflicts"] == ["mosquitto.service"]
    assert "mosquitto.service" in found["After"][0].split()


def test_the_controller_may_start_a_broker_of_its_own() -> None:
    """`setpriv` sets capabilities, if only to none, and `prlimit` limits, which is one of @resources."""
    first, *further = settings_of(ROOT / "deploy" / "systemd" / "luot-controller.service")["SystemCallFilter"]

    assert first == "@system-service"
    assert further == ["~@privileged", "capset"]
