"""The web server in the controller's own event loop, on a socket that was bound before anything else was started."""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

BACKLOG = 1024
GOODBYE_S = 2
PROXIES = ("127.0.0.1", "::1")
"""Who is believed about the address and the scheme of a caller: a proxy on this machine, that ends TLS."""


def bind(host: str, port: int) -> socket.socket:
    """Listen on an address, port 0 being any free one; OSError when it is taken or not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answering = asyncio.Event()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell when calls are answered."""
        await super().startup(sockets)
        self.answering.set()

    @contextmanager
    @override
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the controller, which ends its other parts too."""
        yield


class WebServer:
    """Serves one application until told to stop."""

    def __init__(self, app: FastAPI, listener: socket.socket) -> None:
        self._listener = listener
        config = uvicorn.Config(
            app, lifespan="off", log_config=None, access_log=False, server_header=False,
            timeout_graceful_shutdown=GOODBYE_S, proxy_headers=True, forwarded_allow_ips=list(PROXIES),
        )  # fmt: skip
        self._server = _Server(config)

    async def run(self) -> None:
        """Serve until `stop`."""
        await self._server.serve(sockets=[self._listener])

    async def started(self) -> None:
        """Wait until calls are answered."""
        await self._server.answering.wait()

    def stop(self) -> None:
        """Take no more calls and finish those in hand."""
        self._server.should_exit = True
