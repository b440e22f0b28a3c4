"""A real window whose loop hangs is ended with the reason and the place; systemd hears that it turns no more."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = Path(__file__).parent / "frozen_window.py"
FROZEN_S = 2.0

pytestmark = [pytest.mark.screen, pytest.mark.system]


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """What systemd listens on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(30)
        yield listening


@pytest.fixture
def window(display: str, manager: socket.socket) -> Iterator[subprocess.Popen[str]]:
    environment = {
        "PATH": os.environ["PATH"], "HOME": "/", "DISPLAY": display, "PYTHONPATH": str(ROOT),
        "NOTIFY_SOCKET": manager.getsockname(),
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, str(PROGRAM), str(FROZEN_S)],
        cwd=ROOT, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        yield process
        process.kill()


def test_a_window_that_hangs_is_ended_and_says_where(window: subprocess.Popen[str], manager: socket.socket) -> None:
    assert manager.recv(100) == b"READY=1"
    for _ in range(3):
        assert manager.recv(100) == b"WATCHDOG=1"
    _, said = window.communicate("\n", timeout=60)
    assert window.returncode == 1
    assert "luot: the main loop has not turned for" in said
    assert "frozen_window.py" in said
    assert "in hang" in said


def test_a_window_that_turns_ends_in_order(window: subprocess.Popen[str], manager: socket.socket) -> None:
    assert manager.recv(100) == b"READY=1"
    heard = [manager.recv(100) for _ in range(int(FROZEN_S) + 2)]
    assert set(heard) == {b"WATCHDOG=1"}
    window.terminate()
    while (last := manager.recv(100)) == b"WATCHDOG=1":
        assert last
    assert last == b"STOPPING=1"
    assert window.stdin is not None
    window.stdin.close()
    assert window.wait(30) == 0
