"""What runs on the booted machine: a pad on a serial line, a printer's port, and probes that answer in JSON.

python -m tests.proof.boot.inside pad | sink                 # started by units of the test
python -m tests.proof.boot.inside windows | press | print | ready | counter
"""

from __future__ import annotations

import json
import os
import pty
import shutil
import socket
import sys
import time
import tty
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from broker.contract.payloads import Button
from deploy.demo.screen import Place, Screen

if TYPE_CHECKING:
    from collections.abc import Callable

API = "http://127.0.0.1:8000/api/v1"
LINE = Path("/dev/luot-boot-pad")
PRESSES = Path("/run/luot-boot/pad.sock")
SLIPS = Path("/run/luot-boot/slips.bin")
LOGIN = Path("/run/luot-boot/login.json")
SCREENS = {"kiosk": ":0", "rater": ":1", "sign": ":2", "board": ":3"}
WAIT_S = 20.0
SLIP_BYTES = 500
"""More than asking a printer for its state; a slip has some thousands."""

T = TypeVar("T")


def pad() -> None:
    """Be a serial line that a keypad hangs on: what is sent to the socket is what the pad sends."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    name = os.ttyname(slave)
    shutil.chown(name, group="dialout")
    Path(name).chmod(0o660)
    LINE.unlink(missing_ok=True)
    LINE.symlink_to(name)
    PRESSES.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as presses:
        presses.bind(str(PRESSES))
        while True:
            os.write(master, presses.recv(64))


def sink() -> None:
    """Be a printer's port 9100: everything is kept."""
    with socket.create_server(("127.0.0.1", 9100)) as server:
        while True:
            connection, _ = server.accept()
            with connection, SLIPS.open("ab") as file:
                while chunk := connection.recv(65536):
                    file.write(chunk)
                    file.flush()


def windows() -> dict[str, Any]:
    """Return for each screen its size and the number of colours that stand on it; one colour is a blank screen."""
    found = {}
    for kind, name in SCREENS.items():
        screen = Screen(name)
        width, height = screen.size
        picture = screen.picture(Place(0, 0, width, height))
        found[kind] = {"size": f"{width}x{height}", "colours": len(picture.getcolors(1 << 24) or [])}
        screen.close()
    return found


def press() -> dict[str, Any]:
    """Press `open` on the pad of counter c1; return the counter's status before and after."""
    before = counter()["status"]
    code = 0x20 + list(Button).index(Button.CLOSE if before == "open" else Button.OPEN)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as pad_line:
        pad_line.sendto(bytes([0x02, code, code ^ 0xFF, 0x03]), str(PRESSES))
    after = _until(lambda: counter()["status"], lambda status: status != before)
    return {"before": before, "after": after}


def print_slip() -> dict[str, Any]:
    """Take a number at the reception desk; return it and the bytes that reached the printer's port."""
    before = SLIPS.stat().st_size if SLIPS.exists() else 0
    ticket = _call("/tickets", {"service": "land", "printer": "printer-1"})
    size = _until(lambda: SLIPS.stat().st_size if SLIPS.exists() else 0, lambda size: size > before + SLIP_BYTES)
    return {"number": ticket["number"], "bytes": size - before}


def counter() -> dict[str, Any]:
    """Return the state of counter c1."""
    return _call("/counters/c1")


def ready() -> dict[str, Any]:
    """Return whether the controller can issue a number."""
    try:
        return {"ready": httpx.get(f"{API}/ready", timeout=5).status_code == 200}
    except httpx.TransportError:
        return {"ready": False}


def _call(path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    with httpx.Client(timeout=10) as client:
        session = client.post(f"{API}/session", json=json.loads(LOGIN.read_text())).raise_for_status()
        who = {"Authorization": f"Bearer {session.json()['token']}"}
        method = "GET" if body is None else "POST"
        found: dict[str, Any] = client.request(method, f"{API}{path}", json=body, headers=who).raise_for_status().json()
        return found


def _until(look: Callable[[], T], good: Callable[[T], bool]) -> T:
    """Return what is seen once it is good, or at the end of the wait."""
    deadline = time.monotonic() + WAIT_S
    while not good(seen := look()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return seen


PROBES = {"windows": windows, "press": press, "print": print_slip, "ready": ready, "counter": counter}
SERVICES = {"pad": pad, "sink": sink}


def main() -> None:
    """Run one probe or one service."""
    (name,) = sys.argv[1:]
    if name in SERVICES:
        SERVICES[name]()
    else:
        sys.stdout.write(json.dumps(PROBES[name]()) + "\n")


if __name__ == "__main__":
    main()
