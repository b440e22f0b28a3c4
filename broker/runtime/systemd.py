"""What a program tells systemd about itself: that it is ready, that it still turns, that it ends (sd_notify)."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

READY = "READY=1"
TURNS = "WATCHDOG=1"
ENDS = "STOPPING=1"


def notify_systemd(words: str, environment: Mapping[str, str] | None = None) -> bool:
    """Send words to the service manager that started this program; False when there is none, or it does not listen."""
    address = (os.environ if environment is None else environment).get("NOTIFY_SOCKET", "")
    if address[:1] not in {"/", "@"}:
        return False
    if address[0] == "@":
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC) as way:
            way.sendto(words.encode(), address)
    except OSError:
        return False  # a manager that is restarting must not end the programs that it keeps
    return True
