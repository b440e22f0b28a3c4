"""What `luot serve` tells systemd: ready, alive while its engine turns, and that it ends."""

from __future__ import annotations

import os
import signal
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from tests.system.client import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.system.centre import Centre

pytestmark = pytest.mark.system


class Manager:
    """A service manager that listens on `NOTIFY_SOCKET` and keeps what it hears."""

    def __init__(self, path: Path) -> None:
        self.heard: list[str] = []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                self.heard.append(self.socket.recv(4096).decode())
            except OSError:
                return

    def beats(self) -> int:
        return self.heard.count("WATCHDOG=1")


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Manager]:
    path = tmp_path / "notify"
    listening = Manager(path)
    monkeypatch.setenv("NOTIFY_SOCKET", str(path))
    yield listening
    listening.socket.close()


def test_systemd_hears_that_the_controller_is_ready_turns_and_ends(
    manager: Manager, own_centre_unstarted: Centre
) -> None:
    own_centre_unstarted.start()
    eventually(lambda: manager.beats() >= 3, "beats")
    assert manager.heard[0] == "READY=1"

    assert own_centre_unstarted.process is not None
    pid = own_centre_unstarted.process.pid
    os.kill(pid, signal.SIGSTOP)
    before = manager.beats()
    threading.Event().wait(2.5)
    stopped = manager.beats()
    os.kill(pid, signal.SIGCONT)
    eventually(lambda: manager.beats() > stopped, "beats after it went on")
    own_centre_unstarted.stop()

    assert stopped - before <= 1
    eventually(lambda: manager.heard[-1] == "STOPPING=1", "goodbye")
