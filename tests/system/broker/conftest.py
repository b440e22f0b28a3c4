"""Brokers that live for one test, and rigs of links on them: on our own Mosquitto, on a given one."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from broker.link.address import Address
from broker.link.mqtt_link import MqttLink
from broker.runtime.clock import SystemClock
from broker.server.dynamic_security import new_password
from broker.server.mosquitto import Mosquitto, free_port, write_files
from broker.server.mosquitto_config import Listener
from broker.server.provision import Credentials, Provisioner
from tests.support.link_rigs import CENTRE, Running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from broker.contract.payloads import Kind
    from broker.link.link import Link


@dataclass
class GivenBroker:
    """A Mosquitto that somebody else started, from the files of the centre's service."""

    host: str
    port: int
    password: str
    process: asyncio.subprocess.Process


@pytest.fixture
def given_broker(tmp_path: Path) -> Callable[[str, list[Listener]], AbstractAsyncContextManager[GivenBroker]]:
    @contextlib.asynccontextmanager
    async def start(centre: str, listeners: list[Listener]) -> AsyncIterator[GivenBroker]:
        placed = [replace(listener, port=free_port(listener.host, listener.port)) for listener in listeners]
        password = new_password()
        config = write_files(tmp_path / "service", centre, password, placed, "root")
        process = await asyncio.create_subprocess_exec(
            "setpriv", "--pdeathsig", "KILL", "mosquitto", "-c", str(config), stderr=asyncio.subprocess.DEVNULL
        )
        try:
            async with asyncio.timeout(10):
                for listener in placed:
                    await _accepts(listener.host, listener.port)
            yield GivenBroker(placed[0].host, placed[0].port, password, process)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    return start


async def _accepts(host: str, port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.01)
            continue
        writer.close()
        await writer.wait_closed()
        return


@pytest.fixture
async def mosquitto(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    async with Mosquitto(tmp_path / "broker", "quang-ngai") as broker:
        yield broker


class Cable:
    """A TCP relay that can be unplugged."""

    def __init__(self, host: str, port: int) -> None:
        self._goal = (host, port)
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def plug(self) -> None:
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def unplug(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for end in list(self._ends):
            end.transport.abort()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(*self._goal)
        ends = {writer, there_writer}
        self._ends |= ends
        try:
            await asyncio.gather(_pump(reader, there_writer), _pump(there_reader, writer))
        finally:
            self._ends -= ends


async def _pump(source: asyncio.StreamReader, goal: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await source.read(65536):
            goal.write(data)
            await goal.drain()
    goal.transport.abort()


class MqttRig(Running):
    def __init__(self, host: str, port: int, password: str) -> None:
        super().__init__()
        self._host, self._port, self._password = host, port, password
        self._cables: dict[str, Cable] = {}
        self._links: dict[str, MqttLink] = {}
        self._credentials: Credentials | None = None

    async def _make(self, name: str, password: str) -> MqttLink:
        if name in self._cables:
            await self._cables[name].unplug()
        cable = self._cables[name] = Cable(self._host, self._port)
        await cable.plug()
        link = self._links[name] = MqttLink(Address("127.0.0.1", cable.port), CENTRE, name, password, SystemClock())
        return link

    async def open(self) -> None:
        """Sign in as the controller, so that devices can be given credentials before a test asks for its own."""
        link = MqttLink(Address(self._host, self._port), CENTRE, "controller", self._password, SystemClock())
        self._credentials = Provisioner(link)
        await self.start(link)

    async def link(self, name: str, kind: Kind | None = None, before: Callable[[Any], None] | None = None) -> Link:
        if kind is None:
            await self.stop("controller")
            link = await self._make(name, self._password)
            self._credentials = Provisioner(link)
        else:
            assert self._credentials is not None
            assert await self._credentials.grant(name, kind, f"secret of {name}")
            link = await self._make(name, f"secret of {name}")
        if before:
            before(link)
        await self.start(link)
        return link

    async def stranger(self, name: str) -> Link:
        return await self._make(name, "guess")

    async def raw(self, name: str, topic: str, raw: bytes, *, retain: bool = False) -> None:
        client = self._links[name]._client
        assert client is not None
        await client.publish(topic, raw, qos=1, retain=retain)

    async def expel(self, name: str) -> None:
        assert self._credentials is not None
        assert await self._credentials.revoke(name)

    async def cut(self, name: str) -> None:
        await self._cables[name].unplug()

    async def mend(self, name: str) -> None:
        await self._cables[name].plug()

    async def close(self) -> None:
        await self.stop_all()
        for cable in self._cables.values():
            await cable.unplug()


@contextlib.asynccontextmanager
async def _mqtt(host: str, port: int, password: str) -> AsyncIterator[MqttRig]:
    rig = MqttRig(host, port, password)
    await rig.open()
    try:
        yield rig
    finally:
        await rig.close()


@pytest.fixture(params=["own broker", "given broker"])
async def rig(
    request: pytest.FixtureRequest, tmp_path: Path, given_broker: Callable[[str, list[Listener]], Any]
) -> AsyncIterator[MqttRig]:
    if request.param == "own broker":
        async with Mosquitto(tmp_path / "broker", CENTRE) as own, _mqtt(own.host, own.port, own.password) as made:
            yield made
    else:
        listeners = [Listener("127.0.0.1", 0)]
        async with given_broker(CENTRE, listeners) as given, _mqtt(given.host, given.port, given.password) as made:
            yield made
