"""Whether a broker still works: nobody signs in, which a working broker refuses with a CONNACK."""

from __future__ import annotations

import asyncio
import contextlib

CONNECT = b"\x10\x11\x00\x04MQTT\x04\x02\x00\x0f\x00\x05probe"
"""MQTT 3.1.1, clean session, keep-alive 15 s, client id `probe`, no user: nothing is anonymous, so it is refused."""


async def is_answering(host: str, port: int, within_s: float) -> bool:
    """Return whether a broker answers a sign-in, or ends the connection, within real seconds.

    A process that is stopped or hung does neither: its kernel accepts the connection, and then nothing comes. One that
    has no room for a further connection closes it, and so works.
    """
    try:
        async with asyncio.timeout(within_s):
            return await _ask(host, port)
    except TimeoutError:
        return False


async def _ask(host: str, port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return True  # nobody listens: the process has ended, which its supervisor notices by itself
    try:
        writer.write(CONNECT)
        with contextlib.suppress(ConnectionError):
            await reader.read(1)
    finally:
        writer.transport.abort()
    return True
