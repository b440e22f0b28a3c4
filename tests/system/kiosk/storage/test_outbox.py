"""A kiosk's files on a disk that takes nothing, in a process with such a limit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system


def test_a_kiosk_begins_also_on_a_disk_that_takes_nothing(tmp_path: Path) -> None:
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from broker.runtime.clock import SystemClock\n"
        "from devices.base.command_log import CommandLog\n"
        "from kiosk.storage.outbox import Outbox\n"
        "from kiosk.storage.pin_lock import PinLock\n"
        "from kiosk.printing.spool import Spool\n"
        "from kiosk.storage.screen_session import ScreenSession\n"
        "folder = Path(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "CommandLog(folder / 'handled.jsonl')\n"
        "Spool(folder, SystemClock()).load()\n"
        "PinLock(folder / 'pin.json', SystemClock())\n"
        "ScreenSession(folder / 'standing.jsonl', 'boot')\n"
        "print(Outbox(folder / 'outbox').takes)\n"
    )
    (tmp_path / "handled.jsonl").write_text('{"id": "a", "at": 1}\n')
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[4])}
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, env=environment, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "False"
