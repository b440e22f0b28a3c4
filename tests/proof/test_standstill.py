from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.proof.standstill import standstill

HOLDER = """
import asyncio, sys
from deploy.demo.processes import die_with_parent
from tests.proof.standstill import standstill

async def main():
    process = await asyncio.create_subprocess_exec("sleep", "600", preexec_fn=die_with_parent)
    async with standstill(process):
        print(process.pid, flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


def state(pid: int) -> str:
    """Give the letter of a process's state; empty when it is gone."""
    path = Path(f"/proc/{pid}/stat")
    try:
        found = path.read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if found == "Z" else found


async def becomes(pid: int, wanted: str) -> None:
    for _ in range(1500):
        if state(pid) == wanted:
            return
        await asyncio.sleep(0.02)
    pytest.fail(f"process {pid} is '{state(pid)}' and not '{wanted}'")


async def test_a_program_stands_still_within_the_block_and_goes_on_after_it() -> None:
    process = await asyncio.create_subprocess_exec("sleep", "600")
    async with standstill(process):
        await becomes(process.pid, "T")
    await becomes(process.pid, "S")
    process.kill()
    await process.wait()


async def test_a_program_that_stands_still_ends_with_whoever_was_killed_meanwhile() -> None:
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
    )
    assert killed.stdout is not None
    pid = int(await killed.stdout.readline())
    await becomes(pid, "T")

    killed.send_signal(signal.SIGKILL)
    await killed.wait()

    await becomes(pid, "")
