"""Ports for servers of tests that stop and listen again."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

LOCAL_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST, HIGHEST = 10_000, 65_535
TRIES = 200


def outgoing_ports() -> range:
    """Return the ports that the kernel gives to outgoing connections."""
    low, high = (int(word) for word in LOCAL_RANGE.read_text().split())
    return range(low, high + 1)


def lasting_port() -> int:
    """Return a free port of 127.0.0.1 that no outgoing connection is given, also while nobody listens on it.

    A port that the kernel picks (bind to 0) is one of those that it gives to connections as well: a server that is
    stopped and started again would now and then find its port taken. Where those are all the ports, it is one of them.
    """
    outgoing = outgoing_ports()
    others = [port for port in range(LOWEST, HIGHEST + 1) if port not in outgoing] or list(outgoing)
    for _ in range(TRIES):
        port = secrets.choice(others)  # not `random`: workers that share a seed would all choose the same
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError(f"none of {TRIES} ports was free")
