"""The web server in the controller's own event loop, on a socket that was bound before anything else was started."""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from typing_extensions import override

from controller.http.server.connections import IDLE_S, Connection, Connections, State

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from starlette.types import ASGIApp

    from controller.http.server.connections import Limits

BACKLOG = 128
"""Connections that wait to be accepted at most: one turn of the event loop may open them all before any is counted."""

GOODBYE_S = 2
TICKS_A_SWEEP = 10
"""uvicorn's ticks, ten a second, between two looks for connections past their deadline."""


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
    def __init__(self, config: uvicorn.Config, connections: Connections) -> None:
        super().__init__(config)
        self.server_state = State(connections)
        self._connections = connections
        self.answering = asyncio.Event()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Set `answering` once calls are served."""
        await super().startup(sockets)
        self.answering.set()

    @override
    async def on_tick(self, counter: int) -> bool:
        """Close connections past their deadline, beside what uvicorn does."""
        if counter % TICKS_A_SWEEP == 0:
            self._connections.sweep(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    @contextmanager
    @override
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the controller, which ends its other parts too."""
        yield


class WebServer:
    """Serves one application until told to stop.

    The proxies of `limits` are believed about the address and the scheme of a caller; `refused` counts the connections
    that were closed, by reason.
    """

    def __init__(self, app: ASGIApp, listener: socket.socket, limits: Limits, refused: Counter[str]) -> None:
        self._listener = listener
        proxies = [str(network) for network in limits.proxies]
        config = uvicorn.Config(
            app, lifespan="off", log_config=None, access_log=False, server_header=False, http=Connection, ws="none",
            backlog=BACKLOG, timeout_keep_alive=int(IDLE_S), timeout_graceful_shutdown=GOODBYE_S,
            proxy_headers=bool(proxies), forwarded_allow_ips=proxies,
        )  # fmt: skip
        self.connections = Connections(limits, refused)
        self._server = _Server(config, self.connections)

    async def run(self) -> None:
        """Serve until `stop`."""
        await self._server.serve(sockets=[self._listener])

    async def started(self) -> None:
        """Wait until calls are answered."""
        await self._server.answering.wait()

    def stop(self) -> None:
        """Take no more calls and finish those in hand."""
        self._server.should_exit = True
