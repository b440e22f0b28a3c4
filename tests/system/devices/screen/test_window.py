"""A program that opens a window, and one that only could."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.system


def test_a_display_that_does_not_answer_is_one_sentence_and_no_traceback() -> None:
    program = (
        "from devices.screen import *\n"
        "try:\n    open_window(WindowSetup('kiosk', 'x'))\n"
        "except ScreenUnavailableError as error:\n    print(error)"
    )
    environment = {"DISPLAY": ":64999", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, env=environment, check=False
    )
    assert done.stdout.startswith("No window can be opened on display :64999")
    assert "Traceback" not in done.stdout + done.stderr


def test_importing_the_door_imports_no_kivy() -> None:
    program = "import sys, devices.screen; sys.exit('kivy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0
