"""Strangers who hold connections open and ask for nothing: the hall goes on, and they are closed."""

from __future__ import annotations

import contextlib
import resource
import selectors
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.system.centre import Centre

pytestmark = pytest.mark.system

DESCRIPTORS, CONNECTIONS = 1024, 1150
SLOW = {
    0: b"",
    1: b"GET / HTTP/1.1\r\nHost: hall\r\nX-Slow:",
    2: b"POST /api/v1/session HTTP/1.1\r\nHost: hall\r\nContent-Length: 1000\r\n\r\n{",
}
"""What the connections begin to send, in turn."""


@pytest.fixture
def room_for_sockets() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def closed_within(sockets: list[socket.socket], seconds: float) -> int:
    """Return how many of the sockets the other end closed in that time."""
    deadline, closed = time.monotonic() + seconds, 0
    with selectors.DefaultSelector() as selector:
        for one in sockets:
            one.setblocking(False)
            selector.register(one, selectors.EVENT_READ)
        while closed < len(sockets) and (left := deadline - time.monotonic()) > 0:
            for key, _ in selector.select(left):
                gone = True
                with contextlib.suppress(ConnectionError):
                    gone = key.fileobj.recv(4096) == b""  # type: ignore[union-attr]
                if gone:
                    selector.unregister(key.fileobj)
                    closed += 1
    return closed


@pytest.mark.usefixtures("room_for_sockets")
def test_a_thousand_silent_connections_keep_nobody_out_and_are_closed(own_centre_unstarted: Centre) -> None:
    centre = own_centre_unstarted
    centre.descriptors = DESCRIPTORS
    centre.start()
    kiosk = centre.peer("kiosk-1").hear_own("reply")
    officer = centre.user("an", "officer")
    address = urlsplit(centre.http)

    strangers: list[socket.socket] = []
    try:
        for number in range(CONNECTIONS):
            strangers.append(socket.create_connection((address.hostname, address.port), timeout=10))
            with contextlib.suppress(ConnectionError):
                strangers[-1].sendall(SLOW[number % 3])
        by_kiosk = kiosk.request("issue", service="land")
        by_officer = officer.post("/tickets", json={"service": "land"})
        with httpx.Client(base_url=f"{centre.http}/api/v1", headers=officer.headers, timeout=10) as newcomer:
            by_newcomer = newcomer.post("/tickets", json={"service": "land"})
        ready = httpx.get(f"{centre.http}/api/v1/ready", timeout=10)
        closed = closed_within(strangers, 20)
    finally:
        for one in strangers:
            one.close()

    assert by_kiosk["ok"], by_kiosk
    assert [by_officer.status_code, by_newcomer.status_code, ready.status_code] == [201, 201, 200]
    assert closed == CONNECTIONS
