"""Brokers that live for one test."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from broker.dynsec import new_password
from broker.mosquitto import Mosquitto, free_port, write_files

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from broker.mosquitto_config import Listener


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
