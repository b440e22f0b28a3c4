"""The systemd units are read by systemd itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import luot
from broker import starting, watchdog

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
INSTALLED = "/opt/luot/.venv/bin/luot"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Units that point at a program that is there: systemd refuses a command that it cannot find."""
    program = tmp_path / "luot"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace(INSTALLED, str(program)))
    return tmp_path


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_finds_no_fault_in_the_unit(installed: Path, unit: Path) -> None:
    assert shutil.which("systemd-analyze"), "the package systemd is on the test list"
    name = unit.name.replace("@.", "@device-1.")
    if "@" in unit.name:
        shutil.copy(installed / unit.name, installed / name)

    result = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(installed / name)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert result.stderr == ""
    assert result.returncode == 0


def test_systemd_does_find_a_fault(installed: Path) -> None:
    unit = installed / "luot-controller.service"
    unit.write_text(unit.read_text().replace("Restart=always", "Restart=sometimes"))

    result = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(unit)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "sometimes" in result.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_the_unit_starts_a_command_that_exists_and_comes_back_after_a_fall(unit: Path) -> None:
    text = unit.read_text()

    assert "Restart=always" in text
    if INSTALLED in text:
        assert text.split(f"ExecStart={INSTALLED} ")[1].split()[0] in luot.SUBCOMMANDS


@pytest.mark.parametrize("unit", [unit for unit in UNITS if "@" in unit.name], ids=lambda unit: unit.stem)
def test_a_device_that_hangs_is_ended_and_one_that_fell_is_back_at_once(unit: Path) -> None:
    told = dict(line.split("=", 1) for line in unit.read_text().splitlines() if "=" in line and line[0] != "#")

    assert (told["Type"], told["RestartSec"], told["StartLimitIntervalSec"]) == ("notify", "200ms", "0")
    assert int(told["WatchdogSec"]) > watchdog.FROZEN_S + watchdog.MORE_S
    assert int(told["TimeoutStartSec"]) > starting.LONGEST_S
    assert told.get("RestartPreventExitStatus") == ("0" if "kiosk" in unit.name else None)
