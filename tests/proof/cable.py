"""The cable between a kiosk and its centre, which can be cut: a veth pair between network namespaces, or a relay.

To make a namespace one must be root of one: `tests.proof.cable_cut` is started by `unshare`, and nothing of it is seen
outside; its X server neither, whose socket would else take the place of another's.
Where a machine allows neither, a relay that forwards nothing stands for the cut cable.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from deploy.demo.processes import DemoFault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HALL, KIOSK = "198.18.0.1", "198.18.0.2"
"""Addresses of the range that is kept for tests of networks."""


class Cable(Protocol):
    """What lies between the kiosk and the centre; `inside` goes before a command that runs at the kiosk's end."""

    name: str
    hall: str
    inside: tuple[str, ...]

    async def reaches(self, port: int) -> str:
        """Give HOST:PORT by which the kiosk's end reaches a port of the hall's."""
        ...

    async def cut(self) -> None:
        """Cut it: nothing arrives any more, and nobody is told."""
        ...

    async def mend(self) -> None:
        """Mend it."""
        ...


SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - where X has its sockets


async def run(*command: str) -> None:
    """Run a command; a failure is a `DemoFault` with what it said."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise DemoFault(f"{' '.join(command)}: {said.decode().strip()}")


@dataclass(slots=True)
class VethCable:
    """A pair of virtual network cards, one here and one in a namespace of its own."""

    inside: tuple[str, ...]
    name: str = "veth between network namespaces"
    hall: str = HALL

    async def reaches(self, port: int) -> str:
        """Give the hall's end."""
        return f"{HALL}:{port}"

    async def cut(self) -> None:
        """Take the hall's card down."""
        await run("ip", "link", "set", "hall", "down")

    async def mend(self) -> None:
        """Take it up again."""
        await run("ip", "link", "set", "hall", "up")


@dataclass(slots=True)
class RelayCable:
    """A relay on the loopback; while it is cut it keeps connections and forwards nothing."""

    ending: AsyncExitStack
    name: str = "relay that forwards nothing"
    hall: str = "127.0.0.1"
    inside: tuple[str, ...] = ()
    _whole: asyncio.Event = field(default_factory=asyncio.Event)

    async def reaches(self, port: int) -> str:
        """Open a relay to the port."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there, back = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(self._carry(reader, back), self._carry(there, writer))

        self._whole.set()
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        self.ending.callback(server.close)
        return f"127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                await self._whole.wait()
                writer.write(data)
                await writer.drain()
        writer.close()

    async def cut(self) -> None:
        """Forward nothing."""
        self._whole.clear()

    async def mend(self) -> None:
        """Forward again, what was held too."""
        self._whole.set()


@asynccontextmanager
async def veth() -> AsyncIterator[Cable]:
    """Lay a cable to a new namespace; needs to be root of the network and mount namespaces of this program."""
    await run("mkdir", "-p", str(SOCKETS))
    await run("mount", "-t", "tmpfs", "none", str(SOCKETS))
    holder = await asyncio.create_subprocess_exec(
        "unshare", "--net", "sh", "-c", "echo ready; exec sleep infinity", stdout=asyncio.subprocess.PIPE
    )
    try:
        if holder.stdout is None or not await holder.stdout.readline():
            raise DemoFault("no network namespace can be made here")
        there = ("nsenter", "--target", str(holder.pid), "--net")
        await run("ip", "link", "set", "lo", "up")
        await run("ip", "link", "add", "hall", "type", "veth", "peer", "name", "kiosk", "netns", str(holder.pid))
        await run("ip", "addr", "add", f"{HALL}/30", "dev", "hall")
        await run("ip", "link", "set", "hall", "up")
        await run(*there, "ip", "link", "set", "lo", "up")
        await run(*there, "ip", "addr", "add", f"{KIOSK}/30", "dev", "kiosk")
        await run(*there, "ip", "link", "set", "kiosk", "up")
        yield VethCable(there)
    finally:
        holder.kill()
        await holder.wait()


@asynccontextmanager
async def relay() -> AsyncIterator[Cable]:
    """Give a relay."""
    async with AsyncExitStack() as ending:
        yield RelayCable(ending)
