"""Whose the files of the centre's own Mosquitto are: the account that its service runs as, not who wrote them."""

from __future__ import annotations

import os
import pwd
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SERVICE_ACCOUNT = "luot"
"""Whom the unit luot-broker runs as."""


class NoSuchOwnerError(ValueError):
    """Files cannot be given to an account; the message is one sentence that says what to do."""


def file_owner(folder: Path, named: str | None) -> pwd.struct_passwd:
    """Return the account that the files in a folder are to belong to.

    That is the one named; else, for root, the one that a folder which is there belongs to, else the service's where
    this machine has it; else whoever writes.
    """
    own = pwd.getpwuid(os.geteuid())
    if named is not None and own.pw_uid != 0 and named != own.pw_name:
        raise NoSuchOwnerError(f"only root can write files for the account {named}: start this with sudo")
    if named is not None:
        return _account(named)
    if own.pw_uid != 0:
        return own
    if folder.exists() and folder.stat().st_uid != 0:
        return pwd.getpwuid(folder.stat().st_uid)
    try:
        return _account(SERVICE_ACCOUNT)
    except NoSuchOwnerError:
        return own


def hand_over(folder: Path, owner: pwd.struct_passwd) -> None:
    """Give a folder and the files in it to an account."""
    if os.geteuid() != 0:
        return
    for path in (folder, *folder.iterdir()):
        os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def unreadable(owner: pwd.struct_passwd, paths: Iterable[Path]) -> list[Path]:
    """Return those files that an account cannot read, by their own modes or by those of a folder above them."""
    if os.geteuid() != 0:
        return [path for path in paths if not os.access(path, os.R_OK)]
    as_owner = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--init-groups", "test", "-r"]
    return [path for path in paths if subprocess.run([*as_owner, str(path.absolute())], check=False).returncode != 0]


def _account(name: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        raise NoSuchOwnerError(f"there is no account {name} on this machine: make it, or name another") from None
