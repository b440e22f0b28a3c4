"""Keeping a screen's process small: widgets that were replaced are garbage in circles, and pictures are large."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
from pathlib import Path

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_RETURNED_FROM = 16 * 1024


_DEFERRED = 50_000
"""So many new objects until the collector looks by itself: a screen is built without a pause, `sweep` comes after."""


def return_memory() -> None:
    """Have the C library give the memory of pictures that are gone back at once, where it is glibc.

    Its thresholds otherwise grow with the largest picture, and a third of the process is memory that nobody uses.
    """
    with contextlib.suppress(AttributeError, OSError):
        c_library = ctypes.CDLL(None)
        for option in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD):
            c_library.mallopt(option, _RETURNED_FROM)


def settle() -> None:
    """Call once when the program stands: what is there stays, so that a later `sweep` looks only at what came since."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_DEFERRED)


def sweep() -> None:
    """Take away the widgets that were replaced; a few milliseconds, at a moment when nobody waits."""
    gc.collect()


def give_back() -> None:
    """Give back what is free between things in use, which the C library otherwise keeps.

    Call a frame or two after `sweep`: the textures of widgets that are gone go with the next frame.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def resident_mib(pid: int | None = None) -> float:
    """Give the memory that a process (this one) holds, shared pages of libraries too, in MiB; swapped out counts."""
    return _status(pid, "VmRSS:", "VmSwap:")


def anonymous_mib(pid: int | None = None) -> float:
    """Give the memory of a process (this one) that stands in no file, in MiB; what was swapped out counts.

    Pages of files come and go, and are shared or not, with what else the machine does; what a program leaks is here.
    """
    return _status(pid, "RssAnon:", "VmSwap:")


def _status(pid: int | None, *names: str) -> float:
    lines = Path(f"/proc/{pid or os.getpid()}/status").read_text(encoding="ascii").splitlines()
    return round(sum(int(line.split()[1]) for line in lines if line.startswith(names)) / 1024, 1)
