"""The text of Mosquitto's configuration, for the controller's child and for the centre's service. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - a field's type, wanted at run time by readers of the dataclass

PACKET_BYTES = 72 * 1024
"""The largest packet of any client, signed in or not; a larger one ends its connection when its header is read.

Mosquitto reserves a packet's announced length before anybody has signed in, so this bounds what one stranger's
connection costs. Above the contract's 64 KiB, so that an oversize message reaches the controller and is counted there.
"""

DATA_BYTES = 256 * 1024 * 1024
"""All that the broker may allocate (RLIMIT_DATA): the bound of its queues and of strangers' half-sent packets together.

Mosquitto's own `memory_limit` must not be used: with the dynamic security plugin 2.0.11 counts wrongly, and ends the
controller's connection as "out of memory" while 40 devices are given their rights (measured).
"""

DESCRIPTORS = 8192
"""Open files that the broker is given, where the machine's hard limit allows it."""

OWN_DESCRIPTORS = 64
"""Of these, what Mosquitto needs for itself: listeners, its log, the file of users, libraries."""

IN_FLIGHT = 1000
"""Messages on their way to one client that it has not confirmed; the default of 20 halves the rate of a rush."""

QUEUED = 100_000
"""Messages that wait for one slow client. The default of 1000 drops silently. 0, no limit, must not be used:
Mosquitto 2.0.11 then ends the connection of a client whose publish it refuses."""


@dataclass(frozen=True, slots=True)
class Tls:
    """The files of a listener with TLS: its certificate, its key, and the authority that signed it."""

    certfile: Path
    keyfile: Path
    cafile: Path | None = None


@dataclass(frozen=True, slots=True)
class Listener:
    """One address the broker listens on."""

    host: str
    port: int
    tls: Tls | None = None


def config_text(
    *, plugin: Path, security: Path, listeners: list[Listener], user: str | None, descriptors: int = DESCRIPTORS
) -> str:
    """Return a configuration.

    Args:
        plugin: The dynamic security plugin.
        security: The plugin's file of users and rights.
        listeners: The addresses to listen on; they share the connections.
        user: Whom Mosquitto becomes when it is started as root.
        descriptors: Open files that the process may have.
    """
    lines = [
        "per_listener_settings false",
        "allow_anonymous false",
        f"plugin {plugin}",
        f"plugin_opt_config_file {security}",
        "# Answers wait 40 ms for a delayed acknowledgement without this.",
        "set_tcp_nodelay true",
        "# Nothing relies on the broker's memory: sessions are clean, states are published again at every connect.",
        "persistence false",
        "sys_interval 0",
        f"max_packet_size {PACKET_BYTES}",
        f"max_inflight_messages {IN_FLIGHT}",
        f"max_queued_messages {QUEUED}",
        "log_dest stderr",
        "log_type error",
        "log_type warning",
        "log_timestamp false",
    ]
    if user is not None:
        lines.append(f"user {user}")
    connections = max(1, (descriptors - OWN_DESCRIPTORS) // max(1, len(listeners)))
    for listener in listeners:
        lines += _listener(listener, connections)
    return "\n".join([*lines, ""])


def _listener(listener: Listener, connections: int) -> list[str]:
    # A listener's options follow its line; use_username_as_clientid before it is ignored without a word.
    lines = [f"listener {listener.port} {listener.host}", "use_username_as_clientid true"]
    lines.append(f"max_connections {connections}")
    if listener.tls is not None:
        lines += [f"certfile {listener.tls.certfile}", f"keyfile {listener.tls.keyfile}", "tls_version tlsv1.2"]
        if listener.tls.cafile is not None:
            lines.append(f"cafile {listener.tls.cafile}")
    return lines
