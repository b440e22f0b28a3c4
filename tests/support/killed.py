"""Work that is killed before any one of its calls that change the disk, in a process of its own."""

from __future__ import annotations

import os
import sqlite3
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

DONE, KILLED, FAILED = 0, 9, 1

CHANGES = frozenset({"open", "link", "rename", "unlink", "chmod", "chown"})
"""Functions of the system that change what other processes see of a disk; a sync changes nothing of that."""


def killed_before(step: int, work: Callable[[], object]) -> int:
    """Do work in a child that ends at once before its call number `step`; `DONE` when it has no such call."""
    child = os.fork()
    if not child:
        _do_until(step, work)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _do_until(step: int, work: Callable[[], object]) -> None:
    """Do work and end this process; never returns."""
    calls = 0

    def count(_frame: Any, event: str, called: Any) -> None:
        nonlocal calls
        if event != "c_call" or not _changes(called):
            return
        if calls == step:
            os._exit(KILLED)
        calls += 1

    ended = FAILED
    try:
        sys.setprofile(count)
        work()
        ended = DONE
    finally:
        sys.setprofile(None)
        os._exit(ended)


def _changes(called: Any) -> bool:
    owner = getattr(called, "__self__", None)
    if isinstance(owner, sqlite3.Connection | sqlite3.Cursor):
        return called.__name__ not in ("fetchone", "fetchall")
    return called.__name__ in CHANGES and getattr(called, "__module__", None) in ("posix", "io", "_io")
