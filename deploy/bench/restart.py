"""`restart`: SIGKILL in the middle of a full day, until the controller is ready again with the same day."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from deploy.bench.raw_http import RawPoster, post
from deploy.demo.processes import Programs
from deploy.driver.figure import BenchFault, Figure
from deploy.driver.local_centre import SERVICE, Served, host_and_port, served

if TYPE_CHECKING:
    from collections.abc import Iterator

TICKETS = 1500
CALLS = 460
KILLS = 3
CLIENTS = 8
COUNTERS = 8
READY_S = 2.0


def figures() -> Iterator[dict[str, Any]]:
    """Measure, and give the figures."""
    with tempfile.TemporaryDirectory(prefix="luot-bench-") as folder:
        times = asyncio.run(_measure(Path(folder)))
    yield Figure(
        "restart",
        max(times),
        "s",
        budget=f"<= {READY_S:.0f} s from SIGKILL to ready, the slowest of {KILLS}, with the same day as before",
        met=max(times) <= READY_S,
        detail={"each": [round(took, 2) for took in times], "tickets": TICKETS, "calls": CALLS},
    ).line()


async def _measure(folder: Path) -> list[float]:
    programs = Programs(folder / "logs", {})
    try:
        centre = await served(folder, programs, counters=COUNTERS)
        await _fill(centre)
        return [await _kill_and_start(centre) for _ in range(KILLS)]
    finally:
        await programs.stop_all()


async def _kill_and_start(centre: Served) -> float:
    before = await _state(centre)
    process = centre.programs.running.pop("controller")
    begin = time.monotonic()
    process.kill()
    await process.wait()
    await centre.start()
    took = time.monotonic() - begin
    if await _state(centre) != before:
        raise BenchFault("after the restart the day is another one than before it")
    return took


async def _state(centre: Served) -> tuple[Any, Any]:
    counters = (await centre.get("/counters"))["items"]
    queues = (await centre.get("/queues"))["items"]
    return (
        [(one["counter"], one["status"], one["number"]) for one in counters],
        [(one["service"], one["waiting"], one["serving"], one["last_called"]) for one in queues],
    )


async def _fill(centre: Served) -> None:
    """Make the morning: tickets from many clients, then officers that call one after the other."""
    host, port = host_and_port(centre.http)
    body = json.dumps({"service": SERVICE}).encode()
    left, answers = iter(range(TICKETS)), Counter[int]()

    def request() -> bytes | None:
        return None if next(left, None) is None else post(centre.http, "/api/v1/tickets", body, centre.bearer)

    def answered(status: int, _body: bytes) -> None:
        answers[status] += 1

    loop = asyncio.get_running_loop()
    opened = [await loop.create_connection(lambda: RawPoster(request, answered), host, port) for _ in range(CLIENTS)]
    await asyncio.gather(*(poster.done for _, poster in opened))
    if answers != {201: TICKETS}:
        raise BenchFault(f"the day could not be filled: answers by status {dict(answers)}")
    async with httpx.AsyncClient(base_url=f"http://{centre.http}/api/v1", headers=centre.bearer, timeout=30) as client:
        for number in range(COUNTERS):
            (await client.post(f"/counters/c{number + 1}/open", json={})).raise_for_status()
        for number in range(CALLS):
            (await client.post(f"/counters/c{number % COUNTERS + 1}/next", json={})).raise_for_status()
