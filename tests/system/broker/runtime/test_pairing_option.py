"""The pairing code leaves the command line before the program does anything else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.client import eventually

pytestmark = pytest.mark.system
SECRET = "s3cret-of-the-sign"
CODE = f"mqtts://sign-1:{SECRET}@127.0.0.1:1/quang-ngai#{'ab' * 32}"


def test_the_command_line_of_a_running_device_shows_no_password(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "luot", "keypad", "--pair", CODE, "--data", str(tmp_path)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LUOT_")}
    with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as device:
        place = Path(f"/proc/{device.pid}")
        try:
            eventually(lambda: SECRET.encode() in (place / "environ").read_bytes(), "code in the environment")
            line = (place / "cmdline").read_bytes().split(b"\0")
            mode = (place / "environ").stat().st_mode & 0o077
        finally:
            device.terminate()

    assert SECRET.encode() not in b" ".join(line)
    assert line[1:4] == [b"-m", b"luot", b"keypad"]
    assert mode == 0
