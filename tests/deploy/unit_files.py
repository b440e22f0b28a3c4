"""The units as they are shipped, and as `systemctl enable` would link them, for systemd's own tools."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
INSTALLED = "/opt/luot/.venv/bin/luot"
SYSTEM = Path("/lib/systemd/system")


def settings_of(unit: Path) -> dict[str, list[str]]:
    """Return every setting of a unit with its values in their order."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text().splitlines():
        if "=" in line and line[0] not in "#;":
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def install(folder: Path) -> Path:
    """Copy the units, with a program that is there: systemd refuses a command that it cannot find."""
    program = folder / "luot"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in UNITS:
        (folder / unit.name).write_text(unit.read_text().replace(INSTALLED, str(program)))
    return folder


def instance(unit: Path) -> str:
    """Return a unit's name, a template's with a device."""
    return unit.name.replace("@.", "@device-1.")


def enable(folder: Path) -> list[str]:
    """Link every unit as `systemctl enable` does, beside the targets of this machine; return their names."""
    for target in ("multi-user.target", "graphical.target"):
        shutil.copy(SYSTEM / target, folder)
    for unit in UNITS:
        for target in settings_of(unit)["WantedBy"]:
            wanted = folder / f"{target}.wants"
            wanted.mkdir(exist_ok=True)
            (wanted / instance(unit)).symlink_to(folder / unit.name)
    return [instance(unit) for unit in UNITS]


def verify(path: Path) -> subprocess.CompletedProcess[str]:
    """Have systemd load a unit and plan its start; of what it pulls in, faults of the plan are named and no others."""
    recursive = [] if path.suffix == ".target" else ["--recursive-errors=no"]
    return subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *recursive, str(path)], capture_output=True, text=True, check=False
    )


def exposure(unit: Path, folder: Path) -> float:
    """Return systemd's score of what a unit could do if it were taken over: 10 is everything."""
    copy = shutil.copy(unit, folder / instance(unit))
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(copy)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(done.stdout.partition("Overall exposure level for")[2].split(":", 1)[1].split()[0])
