"""A machine to switch on and off: systemd-nspawn with a network of its own, which is loopback only."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.proof.boot.root import BootFault

if TYPE_CHECKING:
    from collections.abc import Callable

REBOOTED = 133
"""Exit status of systemd-nspawn when what it runs asked for a reboot and somebody else is to start it again."""
STOP_S = 60.0
LOOK_S = 0.25


class Container:
    """One machine. `started` is the monotonic second at which it was last switched on."""

    def __init__(self, root: Path, binds: dict[Path, str], log: Path) -> None:
        self.root = root
        self.started = 0.0
        self._binds = [f"--bind-ro={source}:{target}" for source, target in binds.items()]
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def switch_on(self) -> None:
        """Boot; what is on the console goes to the log."""
        with self._log.open("ab") as console:
            self.started = time.monotonic()
            self._process = subprocess.Popen(
                [
                    "setpriv", "--pdeathsig", "TERM",
                    "systemd-nspawn", "--quiet", "--boot", f"--directory={self.root}", "--register=no", "--keep-unit",
                    "--private-network", "--link-journal=no", "--machine=luot-boot", "--console=pipe", *self._binds,
                ],
                stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self.wait_for("systemd answers", lambda: self.run("systemctl", "show", check=False)[0] == 0, STOP_S)

    def reboot(self) -> None:
        """Have the machine end in order and switch it on again."""
        process = self._running()
        self.run("systemctl", "reboot", check=False)
        status = process.wait(STOP_S)
        if status != REBOOTED:
            raise BootFault(f"the machine ended with status {status} instead of rebooting: see {self._log}")
        self.switch_on()

    def switch_off(self) -> None:
        """End in order; a machine that does not is killed."""
        if self._process is None or self._process.poll() is not None:
            return
        self.run("systemctl", "poweroff", check=False)
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def run(self, *command: str, check: bool = True, timeout: float = 120.0) -> tuple[int, str]:
        """Run a command on the machine as root; return its status and its output. A failure is BootFault."""
        leader = self._leader()
        if leader is None:
            return 255, ""
        done = subprocess.run(
            ["nsenter", "--target", str(leader), "--mount", "--uts", "--ipc", "--net", "--pid", "--",
             "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", *command],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=timeout,
        )  # fmt: skip
        if check and done.returncode != 0:
            raise BootFault(f"{' '.join(command)}: status {done.returncode}: {(done.stderr or done.stdout).strip()}")
        return done.returncode, done.stdout

    def ask(self, *words: str) -> Any:
        """Run a probe of `tests.proof.boot.inside` on the machine; return what it found."""
        return json.loads(self.run("/opt/luot/.venv/bin/python", "-m", "tests.proof.boot.inside", *words)[1])

    def show(self, unit: str) -> dict[str, str]:
        """Return the properties of a unit that the checks read."""
        names = "ActiveState,SubState,MainPID,NRestarts,ActiveEnterTimestampMonotonic,Result"
        _, text = self.run("systemctl", "show", f"--property={names}", unit, check=False)
        return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)

    def wait_for(self, what: str, check: Callable[[], bool], seconds: float) -> float:
        """Return how long it took until something is so; BootFault when it took longer."""
        begun = time.monotonic()
        while not check():
            if time.monotonic() - begun > seconds:
                raise BootFault(f"{what}: not within {seconds:.0f} s; see {self._log}")
            if self._running().poll() is not None:
                raise BootFault(f"{what}: the machine went off; see {self._log}")
            time.sleep(LOOK_S)
        return time.monotonic() - begun

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise BootFault("the machine is off")
        return self._process

    def _leader(self) -> int | None:
        """Return the process that is number 1 on the machine."""
        pid = self._running().pid
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except FileNotFoundError:
            return None
        return int(children[0]) if children else None
