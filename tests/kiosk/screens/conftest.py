"""What the contact sheets tell, drawn once in a run for all who ask."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def drawn(display: str) -> Callable[[str, str], tuple[dict[str, Any], ...]]:
    """Draw every face of a kind at a size, in a process of its own; gives what it told about each."""

    @cache
    def draw(kind: str, size: str) -> tuple[dict[str, Any], ...]:
        command = [sys.executable, "-m", "kiosk.screens.contact", kind, size, "-", "vi", "en"]
        environment = {**os.environ, "DISPLAY": display}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100, check=False
        )
        assert done.returncode == 0, done.stderr
        return tuple(json.loads(line) for line in done.stdout.splitlines())

    return draw
