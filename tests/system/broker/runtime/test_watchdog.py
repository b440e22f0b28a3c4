"""A process whose loop no longer turns ends, and its last words show where it stood."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system
ROOT = Path(__file__).resolve().parents[4]

BLOCKS = {
    "a call that gives the interpreter back": "threading.Event().wait()",
    "a library that keeps the interpreter": "re.match('(a+)+$', 'a' * 60 + 'b')",
}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=list(BLOCKS))
def test_a_real_loop_that_hangs_ends_and_shows_where(block: str) -> None:
    program = (
        "import asyncio, re, threading\n"
        "import broker.runtime.watchdog as module\n"
        "module.MORE_S = 1.0\n"
        "async def work():\n"
        "    await asyncio.sleep(0.2)\n"
        f"    {block}\n"
        "asyncio.run(module.watched(work(), module.Watchdog(1.0)))\n"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, env=environment, check=False
    )
    assert done.returncode == 1
    assert "in work" in done.stderr
    assert "the main loop has not turned for" in done.stderr or "Timeout (0:00:02)!" in done.stderr
