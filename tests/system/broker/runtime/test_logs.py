"""What a program that is started loads for its logs."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.system


def test_a_program_does_not_carry_a_renderer_of_logs_that_it_never_uses() -> None:
    look = "import sys, luot, kiosk.commands.kiosk; print(sorted({'rich', 'pygments'} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=120)
    assert said.stdout.strip() == "[]"
