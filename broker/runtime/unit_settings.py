"""The file of settings that a systemd unit names to its program in `LUOT_ENV_FILE`: is it there, who can read it.

systemd reads the file itself, as root, and starts the program without it where it is missing: the program can then say
what to do, and wait, where systemd would start it again and again several times a second.
"""

from __future__ import annotations

import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

log = structlog.get_logger()

VARIABLE = "LUOT_ENV_FILE"
PAUSE_S = 10.0
"""How long a program that a unit started with settings it cannot use waits before it ends and is started again."""


def missing_file(environment: Mapping[str, str]) -> str | None:
    """Return one sentence when the unit's file of settings is not there, else None."""
    path = _path(environment)
    try:
        if path is None or path.exists():
            return None
    except OSError:  # a folder that only root may enter: it is private, and says no more
        return None
    return f"the file of settings {path} is not there: write it as docs/deploy.md describes"


def warn_if_exposed(environment: Mapping[str, str]) -> bool:
    """Log a warning and return True when every account of the machine can read or change the passwords in the file."""
    path = _path(environment)
    try:
        mode = stat.S_IMODE(path.stat().st_mode) if path is not None else 0
    except OSError:
        return False
    if not mode & (stat.S_IROTH | stat.S_IWOTH):
        return False
    log.warning("password_file_exposed", file=str(path), mode=f"{mode:04o}", do=f"chmod 0600 {path}")
    return True


def hold_back(environment: Mapping[str, str], sleep: Callable[[float], object] | None = None) -> None:
    """Wait before ending with settings that cannot be used, where a unit would start the program again at once."""
    if _path(environment) is not None:
        (sleep or time.sleep)(PAUSE_S)


def _path(environment: Mapping[str, str]) -> Path | None:
    named = environment.get(VARIABLE)
    return Path(named) if named else None
