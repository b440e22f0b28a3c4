"""What a technician installs on the machine, by the steps of docs/deploy.md, and what stands in for the hardware."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tests.proof.boot.inside import LOGIN, SCREENS
from tests.proof.boot.root import PROJECT

if TYPE_CHECKING:
    from tests.proof.boot.container import Container

HERE = Path(__file__).resolve().parent
SHIPPED = ("broker/", "devices/", "controller/", "displays/", "kiosk/", "deploy/", "tests/proof/boot/")
"""What of the checkout runs on the booted machine."""
PACKAGES = "/opt/luot-packages"
"""Where the installed Python packages of this checkout are mounted, read-only."""
KINDS = ("kiosk", "rater", "sign", "board", "keypad", "printer")
DEVICES = tuple(f"luot-{kind}@{kind}-1.service" for kind in KINDS)
UNITS = ("luot-broker.service", "luot-controller.service", *DEVICES)
XORG = """Section "Device"
    Identifier "card"
    Driver "dummy"
    VideoRam 65536
EndSection
Section "Monitor"
    Identifier "monitor"
    HorizSync 5-1000
    VertRefresh 5-200
    Modeline "1920x1080" 148.5 1920 2008 2052 2200 1080 1084 1089 1125
EndSection
Section "Screen"
    Identifier "screen"
    Device "card"
    Monitor "monitor"
    DefaultDepth 24
    SubSection "Display"
        Depth 24
        Modes "1920x1080"
    EndSubSection
EndSection
"""


def install(root: Path) -> None:
    """Install checkout, account, units and the centre's file into a root that is switched off."""
    subprocess.run(
        ["useradd", "--root", str(root), "--system", "--home-dir", "/var/lib/luot", "--shell", "/usr/sbin/nologin",
         "luot"], check=True,
    )  # fmt: skip
    _install_checkout(root)
    (root / PACKAGES.lstrip("/")).mkdir()
    for unit in (PROJECT / "deploy" / "systemd").glob("*.service"):
        shutil.copy(unit, root / "etc/systemd/system")
    (root / "etc/luot/devices").mkdir(parents=True)
    shutil.copy(HERE / "centre.toml", root / "etc/luot/centre.toml")
    _install_hardware(root)
    _enable(root, "luot-controller.service", *(name for name in hardware()))


def _install_checkout(root: Path) -> None:
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    here = root / "opt/luot"
    for name in names:
        if name.startswith(SHIPPED) or name == "luot.py":
            (here / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, here / name)
    chroot = ["chroot", str(root)]
    subprocess.run([*chroot, "python3", "-m", "venv", "--without-pip", "/opt/luot/.venv"], check=True)
    python = next((here / ".venv" / "lib").glob("python3*")).name
    (here / ".venv" / "lib" / python / "site-packages" / "luot.pth").write_text(f"/opt/luot\n{PACKAGES}\n")
    program = here / ".venv" / "bin" / "luot"
    program.write_text("#!/opt/luot/.venv/bin/python\nfrom luot import main\n\nmain()\n")
    program.chmod(0o755)
    subprocess.run([*chroot, "python3", "-m", "compileall", "-q", "/opt/luot"], check=True)


def _install_hardware(root: Path) -> None:
    (root / "etc/luot-boot").mkdir()
    (root / "etc/luot-boot/xorg.conf").write_text(XORG)
    for name, text in hardware().items():
        (root / "etc/systemd/system" / name).write_text(text)


def hardware() -> dict[str, str]:
    """Return the units that stand in for what a hall has: X servers, a serial pad, a printer's port."""
    units = {f"luot-boot-{name}.service": _probe_unit(name) for name in ("pad", "sink")}
    for display in SCREENS.values():
        number = display.lstrip(":")
        alias = "Alias=display-manager.service\n" if number == "0" else ""
        units[f"luot-boot-x{number}.service"] = (
            f"[Unit]\nDescription=An X server without a card\n[Service]\nRestart=always\nRestartSec=1\n"
            f"ExecStart=/usr/bin/Xorg {display} -config /etc/luot-boot/xorg.conf -noreset -nolisten tcp -ac"
            f" -logfile /var/log/Xorg.{number}.log\n[Install]\nWantedBy=graphical.target\n{alias}"
        )
    return units


def _probe_unit(name: str) -> str:
    return (
        f"[Unit]\nDescription=Stands in for a {name}\nDefaultDependencies=no\nAfter=local-fs.target\n"
        "Before=basic.target\n[Service]\nRestart=always\nRuntimeDirectory=luot-boot\nRuntimeDirectoryPreserve=yes\n"
        f"ExecStart=/opt/luot/.venv/bin/python -m tests.proof.boot.inside {name}\n[Install]\nWantedBy=sysinit.target\n"
    )


def _enable(root: Path, *units: str) -> None:
    subprocess.run(["systemctl", f"--root={root}", "enable", "--quiet", *units], check=True)


def settle(machine: Container) -> None:
    """Go on on the running machine as docs/deploy.md says: the centre's broker, accounts, a file for each device."""
    luot = "/opt/luot/.venv/bin/luot"
    _, said = machine.run(
        luot, "broker-files", "/etc/luot/broker", "--centre", "boot", "--listen", "127.0.0.1:1883", "--json"
    )
    password = json.loads(said)["password"]
    _write(machine.root, "controller.env", LUOT_MQTT="mqtt://127.0.0.1:1883", LUOT_MQTT_PASSWORD=password)
    machine.run("systemctl", "stop", "luot-controller")
    machine.run("systemctl", "enable", "--now", "luot-broker")
    machine.run("systemctl", "start", "luot-controller")
    machine.wait_for("the controller is ready at the given broker", lambda: bool(machine.ask("ready")["ready"]), 60)
    data = ("--data", "/var/lib/luot", "--json")
    _, said = machine.run(luot, "user", "add", "boot", "--role", "officer", *data)
    login = json.dumps({"user": "boot", "password": json.loads(said)["password"]})
    machine.run("sh", "-c", f"umask 077; echo '{login}' > /etc/luot-boot/login.json")
    for kind in KINDS:
        _, said = machine.run(luot, "device", "add", kind, f"{kind}-1", *data)
        extra = {"DISPLAY": SCREENS[kind]} if SCREENS.get(kind, ":0") != ":0" else {}
        if kind == "keypad":
            extra["LUOT_INPUT"] = "serial:/dev/luot-boot-pad"
        _write(
            machine.root, f"devices/{kind}-1.env", LUOT_MQTT="mqtt://127.0.0.1:1883", LUOT_CENTRE="boot",
            LUOT_PASSWORD=json.loads(said)["password"], **extra,
        )  # fmt: skip
    machine.run("systemctl", "enable", *DEVICES)


def _write(root: Path, name: str, **settings: str) -> None:
    """Write a file of settings that only root may read, as `install -m 0600` does."""
    path = root / "etc/luot" / name
    path.touch(mode=0o600)
    path.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))


def unlock(machine: Container) -> None:
    """Lay the officer's password where the probes find it; what lies there is gone with each boot."""
    machine.run("install", "-D", "-m", "0600", "/etc/luot-boot/login.json", str(LOGIN))
