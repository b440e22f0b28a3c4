"""`touch-to-reply`: one kiosk asks for a ticket over its real link and waits for the reply."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broker.link.address import parse_url
from broker.link.mqtt_link import MqttLink
from broker.link.requester import Requester
from broker.runtime.clock import SystemClock
from deploy.demo.processes import Programs
from deploy.driver.figure import BenchFault, Figure, percentile
from deploy.driver.local_centre import CENTRE, SERVICE, served

if TYPE_CHECKING:
    from collections.abc import Iterator

TOUCHES = 300
WARM = 20
PAUSE_S = 0.025
"""Between a reply and the next touch, so that one device stays below 50 messages a second."""
MEDIAN_MS, P99_MS = 5.0, 20.0
CONNECT_SECONDS = 10.0


def figures() -> Iterator[dict[str, Any]]:
    """Measure, and give the figures."""
    with tempfile.TemporaryDirectory(prefix="luot-bench-") as folder:
        times = asyncio.run(_measure(Path(folder)))
    median, slow = percentile(times, 0.5), percentile(times, 0.99)
    yield Figure(
        "touch-to-reply",
        median,
        "ms",
        budget=f"median <= {MEDIAN_MS:.0f} ms, p99 <= {P99_MS:.0f} ms",
        met=median <= MEDIAN_MS and slow <= P99_MS,
        detail={"p90": round(percentile(times, 0.9), 2), "p99": round(slow, 2), "touches": len(times)},
    ).line()


async def _measure(folder: Path) -> list[float]:
    programs, clock = Programs(folder / "logs", {}), SystemClock()
    try:
        centre = await served(folder, programs)
        link = MqttLink(parse_url(f"mqtt://{centre.mqtt}"), CENTRE, "kiosk-1", centre.passwords["kiosk-1"], clock)
        requester, up = Requester(link, clock), asyncio.Event()
        link.on_connect(_setter(up))
        running = asyncio.create_task(link.run())
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await up.wait()
            times = [await _touch(requester) for _ in range(WARM + TOUCHES)]
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        return times[WARM:]
    finally:
        await programs.stop_all()


async def _touch(requester: Requester) -> float:
    begin = time.perf_counter()
    reply = await requester.request("issue", {"service": SERVICE})
    took = (time.perf_counter() - begin) * 1000
    if not reply.ok:
        raise BenchFault(f"no ticket was given: {reply.error.code if reply.error else 'no reason given'}")
    await asyncio.sleep(PAUSE_S)
    return took


def _setter(event: asyncio.Event) -> Any:  # noqa: ANN401 - a coroutine function without arguments
    async def set_it() -> None:
        event.set()

    return set_it
