"""Where a device keeps what it must not forget, and whether it can."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTROLLER_STORE = "luot.db"
"""What lies in the data directory of a controller; a test compares it with the name that the store uses."""


def default_data(device: str, environment: Mapping[str, str]) -> Path:
    """Return a device's folder: systemd's state directory, else the user's."""
    if environment.get("STATE_DIRECTORY"):
        return Path(environment["STATE_DIRECTORY"].split(":")[0]) / device
    home = environment.get("XDG_STATE_HOME") or str(Path(environment.get("HOME", "/")) / ".local" / "state")
    return Path(home) / "luot" / device


def folder_fault(data: Path) -> str | None:
    """Return one sentence when a folder cannot be a device's, else None. Nothing is made or changed.

    A disk that is full, failing or mounted read-only is no fault: a device works on such a disk too, and reports it.
    """
    advice = "give a folder that this account may write"
    try:
        if (data / CONTROLLER_STORE).exists():
            return f"{data} is the data directory of a controller: give the device a folder of its own"
        there = next(place for place in (data, *data.absolute().parents) if place.exists())
        if not there.is_dir():
            return f"{data} cannot be used: {there} is no folder: {advice}"
        if os.access(there, os.W_OK | os.X_OK) or os.statvfs(there).f_flag & os.ST_RDONLY:
            return None
    except PermissionError:
        pass
    except OSError:
        return None
    return f"{data} cannot be used: it is another account's: {advice}"
