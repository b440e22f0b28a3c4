"""What stood on a screen before leaves no trace in how the next is laid out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = Path(__file__).parent / "history_window.py"
BEFORE = {
    "welcome-vi": ("welcome-no-procedures-vi", "welcome-qps"),
    "welcome-qps": ("welcome-no-procedures-qps", "welcome-vi"),
    "services-vi": ("services-qps",),
    "rate-vi": ("rate-qps",),
    "find-vi": ("find-qps", "find-typed-qps"),
}
"""A face, and what may have stood before it."""

pytestmark = [pytest.mark.screen, pytest.mark.timeout(300)]


@pytest.mark.parametrize("size", ["960x540", "540x960"])
def test_a_face_is_laid_out_the_same_whatever_stood_before(display: str, size: str) -> None:
    rows = [(face, *before) for face, others in BEFORE.items() for before in ((), *((other,) for other in others))]
    command = [sys.executable, str(PROGRAM), size, "|".join(",".join((*before, face)) for face, *before in rows)]
    environment = {**os.environ, "DISPLAY": display, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    alone = {face: places for (face, *before), places in zip(rows, told, strict=True) if not before}

    assert {face for (face, *_), places in zip(rows, told, strict=True) if places != alone[face]} == set()
    assert all(places["turns"] == (places["pages"] > 1) for places in told)
