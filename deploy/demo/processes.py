"""The programs of the demonstration: started, watched, ended together; what they say goes to files."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class DemoFault(Exception):  # noqa: N818 - it is the sentence that the user reads
    """Something that the demonstration needs did not come up; the text says what and what to do."""


def die_with_parent() -> None:
    """Have the kernel end a program that is being started when its parent ends in any way, SIGKILL included."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Programs:
    """Every program that the demonstration started; `logs` is a folder, one file a program."""

    logs: Path
    environment: Mapping[str, str]
    running: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    async def start(
        self, name: str, *command: str, extra: Mapping[str, str] | None = None, pipe: bool = False
    ) -> asyncio.subprocess.Process:
        """Start a program under a name that is its log's too; with `pipe` its standard output can be read."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE if pipe else log,
                stderr=log,
                env={**os.environ, **self.environment, **(extra or {})},
                preexec_fn=die_with_parent,
            )
        self.running[name] = process
        return process

    async def luot(
        self, name: str, *arguments: str, extra: Mapping[str, str] | None = None, pipe: bool = False
    ) -> asyncio.subprocess.Process:
        """Start a sub-command of this project, by the interpreter that runs the demonstration."""
        return await self.start(name, sys.executable, "-m", "luot", *arguments, extra=extra, pipe=pipe)

    async def output(self, name: str, *arguments: str, extra: Mapping[str, str] | None = None) -> str:
        """Run a sub-command to its end and give what it printed; a failure is a `DemoFault` with its last words."""
        process = await self.luot(name, *arguments, extra=extra, pipe=True)
        printed, _ = await process.communicate()
        del self.running[name]
        if process.returncode != 0:
            raise DemoFault(f"luot {' '.join(arguments[:2])} failed: {self.last_words(name)}")
        return printed.decode()

    def last_words(self, name: str) -> str:
        """Give the last lines that a program wrote to its log."""
        path = self.logs / f"{name}.log"
        lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
        return " / ".join(lines[-3:]) or f"it said nothing; see {path}"

    def fallen(self) -> list[str]:
        """Name the programs that ended though nobody asked them to."""
        return [name for name, process in self.running.items() if process.returncode not in (None, 0)]

    async def stop(self, name: str) -> None:
        """End one program: politely, then by force after 10 s."""
        process = self.running.pop(name, None)
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    async def stop_all(self) -> None:
        """End every program, the last started first, so that devices say goodbye to a broker that is still there."""
        for name in reversed(list(self.running)):
            await self.stop(name)


async def ready_line(process: asyncio.subprocess.Process, seconds: float) -> str:
    """Give the first line that a program prints; a program that ends or stays silent is a `DemoFault`."""
    if process.stdout is None:
        raise ValueError("the program was started without a pipe")
    try:
        async with asyncio.timeout(seconds):
            line = await process.stdout.readline()
    except TimeoutError as error:
        raise DemoFault(f"a program was not ready within {seconds:.0f} s") from error
    if not line:
        await process.wait()
        raise DemoFault(f"a program ended with status {process.returncode} before it was ready")
    return line.decode().strip()
