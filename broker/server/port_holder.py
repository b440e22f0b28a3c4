"""Who listens on a TCP port of this machine, as far as this account may know: the user is open to all."""

from __future__ import annotations

import pwd
from pathlib import Path

PROC = Path("/proc")
LISTENING = "0A"
DEBIANS_ACCOUNT = "mosquitto"
"""Whom Debian's own service of Mosquitto runs as."""


def port_holder(port: int, proc: Path = PROC) -> str | None:
    """Return one phrase that names process and account, or the account alone; None when nobody listens there."""
    found = _listener(port, proc)
    if found is None:
        return None
    account, inode = found
    process = _process(inode, proc)
    return f"the account {account}" if process is None else f"{process} of the account {account}"


def advice(holder: str | None) -> str:
    """Return what to do so that the port becomes free."""
    if holder is not None and holder.endswith(f"account {DEBIANS_ACCOUNT}"):
        return "end Debian's own broker with `systemctl disable --now mosquitto`"
    return "stop what listens there"


def _listener(port: int, proc: Path) -> tuple[str, str] | None:
    """Return account and inode of the socket that listens on a port."""
    for table in ("tcp", "tcp6"):
        try:
            rows = (proc / "net" / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in (line.split() for line in rows):
            if row[3] == LISTENING and int(row[1].rpartition(":")[2], 16) == port:
                return _account(int(row[7])), row[9]
    return None


def _account(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _process(inode: str, proc: Path) -> str | None:
    """Return the process that holds a socket; None when it is another account's, into which this one cannot look."""
    for entry in proc.glob("[0-9]*/fd/*"):
        try:
            if entry.readlink() == Path(f"socket:[{inode}]"):
                folder = entry.parents[1]
                return f"{(folder / 'comm').read_text().strip()} (process {folder.name})"
        except OSError:
            continue
    return None
