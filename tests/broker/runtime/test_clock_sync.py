"""Whether the kernel holds its clock for synchronised."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from broker.runtime.clock_sync import STA_UNSYNC, Timex, is_synchronised


class Kernel:
    """A C library whose kernel tells one status."""

    def __init__(self, status: int, result: int = 0) -> None:
        self._status, self._result = status, result

    def adjtimex(self, told: Any) -> int:
        told._obj.status = self._status
        return self._result


@pytest.mark.parametrize(
    ("kernel", "synchronised"),
    [
        (Kernel(0), True),
        (Kernel(0x2001), True),
        (Kernel(STA_UNSYNC, result=5), False),
        (Kernel(0x2001 | STA_UNSYNC, result=5), False),
        (Kernel(0, result=-1), False),
    ],
)
def test_it_is_what_the_status_says(monkeypatch: pytest.MonkeyPatch, kernel: Kernel, *, synchronised: bool) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_given, **_more: kernel)

    assert is_synchronised() is synchronised


def test_this_kernel_fills_what_is_read() -> None:
    told = Timex(modes=0)
    state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(told))

    if state < 0:
        pytest.skip("this machine does not tell")
    assert told.maxerror >= 0
    assert (state == 5) == bool(told.status & STA_UNSYNC)
