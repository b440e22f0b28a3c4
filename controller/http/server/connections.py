"""Connections: how many there may be, and how long each may take to send a call or to read its answer.

A connection that sends nothing, or a little now and then, costs a descriptor. Each has a deadline while it is to send
something; a stream of events is being answered and has none. When there are too many connections, the oldest that
waits and is nobody's session is closed for the newest, so that staff and the broker always find room.
"""

from __future__ import annotations

import asyncio
import resource
from dataclasses import dataclass
from enum import Enum, auto
from math import inf
from typing import TYPE_CHECKING, Any, Final, cast

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from controller.http.server.networks import is_within
from controller.services.accounts.budget import source_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable
    from ipaddress import IPv4Network, IPv6Network

    from uvicorn import Config

HEADER_S: Final = 10.0
"""From the connection, or from the first byte of a further call, to the end of its header."""

BODY_S: Final = 15.0
BODY_BYTES_S: Final = 16 * 1024
"""A body has so many seconds, and one more for each of so many bytes that have come."""

IDLE_S: Final = 15.0
"""From an answer to the first byte of the next call."""

READER_S: Final = 20.0
"""How long a reader may take nothing of an answer that waits for it."""

HEADER_BYTES: Final = 32 * 1024
BODY_BYTES: Final = 8 * 1024 * 1024
"""More than any call here has, with the framing of chunks; `security.middleware` has a limit of its own."""

DESCRIPTORS_KEPT: Final = 256
"""Descriptors that are never a caller's: the store, reports, broker, control socket, and what one turn accepts."""

MOST: Final = 2000
"""Connections at most, however many descriptors there are: each costs some 15 KB."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`most` connections in all, and `each` of one address without a session; proxies that are trusted have no such."""

    most: int
    each: int
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def below(cls, descriptors: int, proxies: tuple[IPv4Network | IPv6Network, ...] = ()) -> Limits:
        """Return the limits of a process that may open so many descriptors."""
        most = max(16, min(MOST, descriptors - DESCRIPTORS_KEPT))
        return cls(most, most // 4, proxies)


def own_limits(proxies: tuple[IPv4Network | IPv6Network, ...]) -> Limits:
    """Return the limits of this process."""
    descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    endless = descriptors == resource.RLIM_INFINITY
    return Limits.below(MOST + DESCRIPTORS_KEPT if endless else descriptors, proxies)


class Phase(Enum):
    """What a connection is to send next."""

    CALL = auto()
    HEADER = auto()
    BODY = auto()


class Connections:
    """All connections of the server; `refused` counts those that were closed, by reason."""

    def __init__(self, limits: Limits, refused: Counter[str]) -> None:
        self._limits = limits
        self._refused = refused
        self._all: dict[Connection, None] = {}
        self._anonymous: dict[str, dict[Connection, None]] = {}

    def __len__(self) -> int:
        return len(self._all)

    def admit(self, connection: Connection) -> None:
        """Take a new connection in; where there are too many, the oldest that waits goes, else the new one."""
        self._all[connection] = None
        own = self._add_anonymous(connection)
        if len(own) > self._limits.each and not is_within(connection.host, self._limits.proxies):
            self.drop(_oldest_waiting(own) or connection, "crowded")
        if len(self._all) > self._limits.most:
            self.drop(_oldest_waiting(self._all) or connection, "crowded")

    def change(self, connection: Connection) -> None:
        """Count a connection as anonymous or not, by whether its last call had a session."""
        if connection.signed_in:
            self._remove_anonymous(connection)
        elif connection in self._all:
            self._add_anonymous(connection)

    def forget(self, connection: Connection) -> None:
        """Count a connection no longer."""
        self._all.pop(connection, None)
        self._remove_anonymous(connection)

    def drop(self, connection: Connection, reason: str) -> None:
        """Close a connection at once."""
        if connection in self._all:
            self._refused[reason] += 1
            self.forget(connection)
            connection.transport.abort()

    def sweep(self, now: float) -> None:
        """Close what is past its deadline; to be called every second or so, with the event loop's time."""
        for connection in list(self._all):
            reason = connection.overdue(now)
            if reason is not None:
                self.drop(connection, reason)

    def _add_anonymous(self, connection: Connection) -> dict[Connection, None]:
        own = self._anonymous.setdefault(connection.source, {})
        own[connection] = None
        return own

    def _remove_anonymous(self, connection: Connection) -> None:
        own = self._anonymous.get(connection.source, {})
        own.pop(connection, None)
        if not own:
            self._anonymous.pop(connection.source, None)


def _oldest_waiting(connections: Iterable[Connection]) -> Connection | None:
    """Return the first that is nobody's session and has nothing to be answered."""
    return next((one for one in connections if not one.signed_in and one.waits), None)


class State(ServerState):
    """What uvicorn shares among its connections, with the limits to them."""

    def __init__(self, connections: Connections) -> None:
        super().__init__()
        self.guard = connections


class Connection(HttpToolsProtocol):
    """One connection that knows until when it must have sent what it is to send."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._guard = cast("State", server_state).guard
        self.source = "unknown"
        self.signed_in = False
        self._called = False
        self._phase = Phase.CALL
        self._deadline = inf
        self._began = 0.0
        self._header = self._raw = self._body = 0
        self._stalled: tuple[float, int] | None = None

    @property
    def host(self) -> str | None:
        """Return the address at the other end."""
        return self.client[0] if self.client else None

    @property
    def answers(self) -> bool:
        """Return whether a call is being answered, or an answer is still on its way to its reader."""
        busy = self._called and not self.cycle.response_complete
        return busy or self.transport.get_write_buffer_size() > 0

    @property
    def waits(self) -> bool:
        """Return whether the other end has something to send before anything can be answered."""
        return self._phase is Phase.BODY or not self.answers

    def set_signed_in(self, signed_in: bool) -> None:  # noqa: FBT001 - it is the event itself
        """Note whether the call that is being answered has a session."""
        if signed_in != self.signed_in:
            self.signed_in = signed_in
            self._guard.change(self)

    def overdue(self, now: float) -> str | None:
        """Return why this connection is to be closed now, or None."""
        left = self.transport.get_write_buffer_size()
        if now > self._deadline and (self._phase is not Phase.CALL or left == 0):
            return {Phase.CALL: "idle", Phase.HEADER: "header", Phase.BODY: "body"}[self._phase]
        if self._stalled is not None and now - self._stalled[0] > READER_S:
            if left >= self._stalled[1]:
                return "reader"
            self._stalled = (now, left)
        return None

    # ---- what the transport tells ----

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self.source = source_of(self.host)
        self._deadline = self.loop.time() + HEADER_S
        self._guard.admit(self)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._guard.forget(self)
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        """Read on, unless a header or the framing of a body has grown beyond all measure."""
        phase, header = self._phase, self._header
        super().data_received(data)
        if self._phase is Phase.HEADER and phase is Phase.HEADER:
            self._header = header + len(data)
        elif self._phase is Phase.BODY and phase is Phase.BODY:
            self._raw += len(data)
        if self._header > HEADER_BYTES or self._raw > BODY_BYTES:
            self._guard.drop(self, "size")

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = (self.loop.time(), self.transport.get_write_buffer_size())

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        self._stalled = None
        self._wait_for_call()

    # ---- what the parser tells ----

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["luot.connection"] = self  # type: ignore[typeddict-unknown-key]
        if self._called:  # the first call has its deadline from the connection
            self._deadline = self.loop.time() + HEADER_S
        self._phase, self._header = Phase.HEADER, 0

    @override
    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._called = True
        self._phase, self._header, self._raw, self._body = Phase.BODY, 0, 0, 0
        self._began = self.loop.time()
        self._deadline = self._began + BODY_S

    @override
    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._body += len(body)
        self._deadline = self._began + BODY_S + self._body / BODY_BYTES_S

    @override
    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._phase, self._raw = Phase.CALL, 0
        self._deadline = inf
        self._wait_for_call()

    @override
    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._wait_for_call()

    def _wait_for_call(self) -> None:
        """Set the deadline of the next call, once the last is received and answered."""
        if self._phase is Phase.CALL and self._called and self.cycle.response_complete:
            self._deadline = self.loop.time() + IDLE_S
