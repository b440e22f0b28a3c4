"""One process at a time works on a data directory."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_FILE: Final = "lock"
"""Its name in the data directory."""


class DataLockedError(Exception):
    """Another process works on this data directory."""


@contextmanager
def lock_data(data: Path, otherwise: str = "stop it first") -> Iterator[None]:
    """Lock a data directory, made if missing; `DataLockedError` when another process has it, OSError when unusable.

    The lock goes with the process, however it ends. `otherwise` says what to do when another process holds it.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(data / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataLockedError(f"{data} is in use by another controller: {otherwise}") from error
        _give_to_owner(descriptor, data)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def _give_to_owner(descriptor: int, data: Path) -> None:
    """Change the file's owner to the folder's, who could not lock it otherwise after a command of root."""
    folder = data.stat()
    if os.geteuid() == 0 and os.fstat(descriptor).st_uid != folder.st_uid:
        os.fchown(descriptor, folder.st_uid, folder.st_gid)
