"""Whether the kernel's clock is synchronised (NTP, PTP, a reference clock)."""

from __future__ import annotations

import ctypes
import os
from typing import Final

import structlog

log = structlog.get_logger()

STA_UNSYNC: Final = 0x0040
"""In `timex.status`: nothing keeps the clock right. systemd-timesyncd, chrony and ntpd clear it, and the kernel sets
it again when they stop: its estimate of the error grows past 16 s within hours."""


class Timex(ctypes.Structure):
    """`struct timex` of `adjtimex(2)` as far as it is read; `rest` has room for all that follows."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def is_synchronised() -> bool:
    """Return whether the kernel holds its clock for synchronised; False where it does not say."""
    libc = ctypes.CDLL(None, use_errno=True)
    state = Timex(modes=0)
    if libc.adjtimex(ctypes.byref(state)) < 0:
        log.warning("clock_state_unknown", reason=os.strerror(ctypes.get_errno()))
        return False
    return not state.status & STA_UNSYNC
