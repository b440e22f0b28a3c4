"""Keeping a screen's process small: widgets that were replaced are garbage in circles, and pictures are large."""

from __future__ import annotations

import contextlib
import ctypes
import gc

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_RETURNED_FROM = 64 * 1024


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


def sweep() -> None:
    """Take away the widgets that were replaced; a few milliseconds, at a moment when nobody waits."""
    gc.collect()
