"""The memory that a process alone holds, and that of an empty window: `python -m deploy.proof.memory WIDTHxHEIGHT`."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from broker.screen import WindowSetup, open_window


def private_mib(pid: int) -> float:
    """Give the memory that a process shares with no other, in MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    private = sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean:", "Private_Dirty:")))
    return private / 1024


def anonymous_mib(pid: int) -> float:
    """Give the memory of a process that stands in no file, in MiB: what it leaks is there, and no kernel takes it back.

    Pages of files come and go with what else the machine does; what was swapped out counts.
    """
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("RssAnon:", "VmSwap:"))) / 1024


def empty_window(width: int, height: int) -> float:
    """Open a window with nothing in it and give the memory of this process."""
    open_window(WindowSetup("kiosk", "Lượt", size=(width, height), position=(0, 0)))
    importlib.import_module("broker.screen.capture").advance(5)
    return private_mib(os.getpid())


if __name__ == "__main__":
    across, _, down = sys.argv[1].partition("x")
    print(round(empty_window(int(across), int(down)), 1))  # noqa: T201 - what the benchmark reads
