"""Boot the machine, reboot it, look at every unit, freeze the controller, and print what came of it."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import rich
from rich.console import Console
from rich.table import Table

from tests.proof.boot.container import Container
from tests.proof.boot.hall import DEVICES, PACKAGES, UNITS, install, settle, unlock
from tests.proof.boot.inside import SLIP_BYTES
from tests.proof.boot.root import BootFault, check_machine, debian_root, overlaid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ACTIVE_S = 90.0
FREEZE_S = 75.0
"""A frozen controller that is not running again by then was not noticed."""
STEADY_S = 10.0
LONE_S = 20.0
LONE_STARTS = 3
"""Starts of a device without its file of settings within those 20 seconds; 80 were seen once."""
COLOURS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was looked at."""

    what: str
    found: str
    good: bool


def units_rows(machine: Container) -> Iterator[Row]:
    """Wait until every unit is active after the reboot; then see that each stays so without another start."""
    first: dict[str, float] = {}

    def all_active() -> bool:
        for unit in UNITS:
            shown = machine.show(unit)
            if shown.get("ActiveState") == "active" and unit not in first:
                first[unit] = int(shown["ActiveEnterTimestampMonotonic"]) / 1e6 - machine.started
        return len(first) == len(UNITS)

    with contextlib.suppress(BootFault):
        machine.wait_for("every unit is active", all_active, ACTIVE_S)
    begun = time.monotonic()
    with contextlib.suppress(BootFault):
        machine.wait_for("a while", lambda: time.monotonic() - begun > STEADY_S, STEADY_S + 5)
    for unit in UNITS:
        shown = machine.show(unit)
        steady = shown.get("ActiveState") == "active" and shown.get("NRestarts") == "0"
        seconds = f"after {first[unit]:.1f} s" if unit in first else "never"
        yield Row(unit, f"{shown.get('ActiveState')} {seconds}, {shown.get('NRestarts')} restarts", steady)
    slowest = max(first.values(), default=0.0)
    yield Row("from power-on to all active", f"{slowest:.1f} s", len(first) == len(UNITS))


def online_row(machine: Container) -> Row:
    """Look which devices the controller hears."""
    listed = machine.run("/opt/luot/.venv/bin/luot", "device", "list", "--data", "/var/lib/luot", "--json")[1]
    online = sorted(device["id"] for device in map(json.loads, listed.splitlines()) if device["online"])
    return Row("devices that the controller hears", ", ".join(online), len(online) == len(DEVICES))


def foreign_broker_row(machine: Container) -> Row:
    """Look whether Debian's own Mosquitto, which is enabled too, was kept off the port."""
    state = machine.show("mosquitto.service").get("ActiveState", "")
    return Row("mosquitto.service, enabled by its package", state, state == "inactive")


def window_rows(machine: Container) -> Iterator[Row]:
    """Look whether each screen is really drawn on."""
    for kind, seen in machine.ask("windows").items():
        yield Row(f"screen of {kind}", f"{seen['size']}, {seen['colours']} colours", seen["colours"] >= COLOURS)


def hardware_rows(machine: Container) -> Iterator[Row]:
    """Press a button on the serial pad, print on the printer's port, and look where they arrive."""
    pressed = machine.ask("press")
    yield Row("keypad over a serial line", f"{pressed['before']} → {pressed['after']}", pressed["after"] == "open")
    slip = machine.ask("print")
    yield Row("slip at the printer's port", f"{slip['number']}: {slip['bytes']} bytes", slip["bytes"] > SLIP_BYTES)


def frozen_row(machine: Container) -> Row:
    """Stop the controller's process without ending it: the service manager has to notice and start another."""
    unit = "luot-controller.service"
    before = machine.show(unit)["MainPID"]
    machine.run("systemctl", "kill", "--kill-whom=main", "--signal=STOP", unit)
    try:
        seconds = machine.wait_for(
            "another controller is ready",
            lambda: machine.show(unit).get("MainPID") not in {before, "0"} and bool(machine.ask("ready")["ready"]),
            FREEZE_S,
        )
    except BootFault:
        machine.run("systemctl", "kill", "--kill-whom=main", "--signal=CONT", unit)
        return Row("controller frozen by SIGSTOP", f"not started again within {FREEZE_S:.0f} s", good=False)
    return Row("controller frozen by SIGSTOP", f"ready again after {seconds:.1f} s", good=True)


def lone_row(machine: Container) -> Row:
    """Start a device without its file of settings: it comes back, and it does not spin."""
    unit = "luot-sign@absent.service"
    machine.run("systemctl", "start", "--no-block", unit)
    begun = time.monotonic()
    machine.wait_for("a while", lambda: time.monotonic() - begun > LONE_S, LONE_S + 5)
    starts = int(machine.show(unit)["NRestarts"]) + 1
    _, said = machine.run("journalctl", "--no-pager", "-u", unit, check=False)
    machine.run("systemctl", "stop", unit)
    named = "absent.env is not there" in said
    return Row(
        "device without its settings", f"{starts} starts in {LONE_S:.0f} s, file named: {named}",
        1 < starts <= LONE_STARTS and named,
    )  # fmt: skip


def broken_files_row(machine: Container) -> Row:
    """Take the broker its file away and give it back: it never gives up."""
    unit, folder = "luot-broker.service", "/etc/luot/broker"
    machine.run("chmod", "0", f"{folder}/mosquitto.conf")
    machine.run("systemctl", "restart", unit, check=False)
    begun = time.monotonic()
    machine.wait_for("a while", lambda: time.monotonic() - begun > LONE_S, LONE_S + 5)
    starts = machine.show(unit)["NRestarts"]
    machine.run("chmod", "0600", f"{folder}/mosquitto.conf")
    try:
        seconds = machine.wait_for(
            "the broker serves again",
            lambda: machine.show(unit)["ActiveState"] == "active" and bool(machine.ask("ready")["ready"]),
            30,
        )
    except BootFault:
        return Row("broker's file unreadable, then put right", "gave up", good=False)
    return Row("broker's file unreadable, then put right", f"{starts} tries, ready after {seconds:.1f} s", good=True)


def look(machine: Container) -> Iterator[Row]:
    """Boot, settle, reboot and look at everything."""
    machine.switch_on()
    machine.wait_for("the controller is ready", lambda: bool(machine.ask("ready")["ready"]), ACTIVE_S)
    yield Row("first boot: controller with a broker of its own", "ready", good=True)
    settle(machine)
    machine.reboot()
    yield from units_rows(machine)
    unlock(machine)
    checks: tuple[Callable[[Container], Iterator[Row]], ...] = (window_rows, hardware_rows)
    for check in checks:
        yield from check(machine)
    for row in (online_row, foreign_broker_row, lone_row, broken_files_row, frozen_row):
        yield row(machine)
    after = [machine.show(unit).get("ActiveState") for unit in DEVICES]
    yield Row("devices after all that", ", ".join(sorted({str(state) for state in after})), set(after) == {"active"})


def table(rows: list[Row], seconds: float) -> Table:
    """Lay the rows out."""
    drawn = Table("what", "found", "", title=f"Units on a booted machine ({seconds:.0f} s)")
    for row in rows:
        drawn.add_row(row.what, row.found, "[green]ok[/]" if row.good else "[red]FAILED[/]")
    return drawn


def run(cache: Path, folder: Path, *, keep: bool) -> int:
    """Boot on a fresh overlay; return 0 when everything was as it should be."""
    check_machine()
    root = debian_root(cache)
    begun, rows = time.monotonic(), list[Row]()
    packages = Path(rich.__file__).resolve().parents[1]
    with overlaid(root, folder) as merged:
        install(merged)
        machine = Container(merged, {packages: PACKAGES}, folder / "console.log")
        try:
            for row in look(machine):
                rows.append(row)
                Console(stderr=True).print(f"{row.what}: {row.found}")
        except BootFault as fault:
            rows.append(Row("the run", str(fault), good=False))
        finally:
            if not all(row.good for row in rows) or keep:
                _keep_journal(machine, folder)
            machine.switch_off()
    Console(width=120).print(table(rows, time.monotonic() - begun))
    return 0 if rows and all(row.good for row in rows) else 1


def _keep_journal(machine: Container, folder: Path) -> None:
    _, said = machine.run("journalctl", "--no-pager", "--boot", check=False)
    (folder / "journal.log").write_text(said)


def main() -> int:
    """Read the command line and boot."""
    parser = argparse.ArgumentParser(prog="boot_units", description=__doc__)
    cache = os.environ.get("LUOT_BOOT_CACHE") or Path.home() / ".cache" / "luot-boot"
    parser.add_argument("--cache", type=Path, default=cache, help="where the Debian root is kept: LUOT_BOOT_CACHE")
    parser.add_argument("--folder", type=Path, help="where the machine's changes, its console and its journal stay")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="luot-boot-", dir="/var/tmp") as temporary:
        folder = (asked.folder or Path(temporary)).resolve()
        try:
            return run(asked.cache.resolve(), folder, keep=asked.folder is not None)
        except (BootFault, subprocess.CalledProcessError) as fault:
            print(f"the units were not booted: {fault}", file=sys.stderr)  # noqa: T201 - for people
            return 1
