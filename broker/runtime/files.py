"""Files that a power cut leaves whole."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_safely(path: Path, content: str) -> None:
    """Replace a file in one step, on the disk before this returns: a power cut leaves the old one or the new one.

    What a full disk took of it is given back: it may be the last room that there was.
    """
    fresh = path.with_name(f"{path.name}.fresh")
    try:
        with fresh.open("w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
