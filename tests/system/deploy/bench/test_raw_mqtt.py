from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from deploy.bench.issue_mqtt import PLAIN_BROKER, _listening
from deploy.bench.raw_mqtt import raw_device
from deploy.demo.hall import free_port
from deploy.driver.figure import BenchFault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


pytestmark = pytest.mark.system


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    """A plain broker."""
    port = free_port()
    config = tmp_path / "broker.conf"
    config.write_text(PLAIN_BROKER.format(port=port))
    broker = await asyncio.create_subprocess_exec(
        "mosquitto", "-c", str(config), stderr=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL
    )
    await _listening(port)
    yield port
    broker.terminate()
    await broker.wait()


async def test_messages_arrive_whole_and_in_order(port: int) -> None:
    heard: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
    listener = await raw_device("127.0.0.1", port, "listener", "", "luot/+/x", lambda *one: heard.put_nowait(one))
    sender = await raw_device("127.0.0.1", port, "sender", "", "luot/sender", lambda *_: None)
    sent = [(f"luot/{size}/x", bytes([size % 251]) * size) for size in (0, 1, 100, 130, 20_000, 60_000) * 20]

    for topic, payload in sent:
        sender.publish(topic, payload)

    assert [await asyncio.wait_for(heard.get(), 10) for _ in sent] == sent
    listener.close()
    sender.close()


async def test_a_lost_connection_is_said_at_the_next_message(port: int) -> None:
    device = await raw_device("127.0.0.1", port, "one", "", "luot/one", lambda *_: None)

    device.close()
    await asyncio.sleep(0)

    with pytest.raises(BenchFault, match="gone"):
        device.publish("luot/one", b"")
