"""`issue-http`: durable tickets over HTTP from 8 clients, beside a bare FastAPI route in the same run."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from deploy.bench.raw_http import RawPoster, post
from deploy.demo.hall import free_port
from deploy.demo.processes import Programs
from deploy.driver.figure import BenchFault, Figure
from deploy.driver.local_centre import SERVICE, Served, bare_peer, host_and_port, served

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENTS = 8
ROUNDS = 3
SECONDS = 3.0
"""How long each of the two is measured in a round; the first part of a second is not counted."""
WARM_SECONDS = 0.5
BEST_PEER = 227.0
"""Tickets a second of MADO, the fastest of the other systems, on the same kind of machine."""


def figures() -> Iterator[dict[str, Any]]:
    """Measure, and give the figures."""
    with tempfile.TemporaryDirectory(prefix="luot-bench-") as folder:
        yield from (figure.line() for figure in asyncio.run(_measure(Path(folder))))


async def _measure(folder: Path) -> list[Figure]:
    programs = Programs(folder / "logs", {})
    try:
        ours = await served(folder, programs)
        bare = f"127.0.0.1:{await _start_bare(programs)}"
        numbers: Counter[str] = Counter()
        rates: dict[str, list[float]] = {"ours": [], "bare": []}
        for _ in range(ROUNDS):
            rates["bare"].append(await _rate(bare, "/tickets", {}, Counter()))
            rates["ours"].append(await _rate(ours.http, "/api/v1/tickets", ours.bearer, numbers))
        return [_figure(rates, numbers, await _waiting(ours))]
    finally:
        await programs.stop_all()


def _figure(rates: dict[str, list[float]], numbers: Counter[str], waiting: int) -> Figure:
    own, bare = (sum(rates[name]) / ROUNDS for name in ("ours", "bare"))
    twice = sum(times - 1 for times in numbers.values())
    return Figure(
        "issue-http",
        own,
        "tickets/s",
        budget=f">= 50 % of a bare FastAPI route, >= {5 * BEST_PEER:.0f}/s (5 x the best peer), none twice, none lost",
        met=own >= 0.5 * bare and own >= 5 * BEST_PEER and not twice and waiting == len(numbers),
        detail={
            "clients": CLIENTS, "bare": round(bare, 1), "of_bare": round(own / bare, 3),
            "of_best_peer": round(own / BEST_PEER, 2), "tickets": len(numbers), "twice": twice,
            "lost": len(numbers) - waiting,
            "rounds": {name: [round(rate) for rate in of] for name, of in rates.items()},
        },
    )  # fmt: skip


async def _start_bare(programs: Programs) -> int:
    port = free_port()
    await programs.start("bare", *bare_peer("bare_fastapi"), str(port))
    deadline = time.monotonic() + 20
    async with httpx.AsyncClient() as client:
        while time.monotonic() < deadline:
            try:
                (await client.get(f"http://127.0.0.1:{port}/openapi.json")).raise_for_status()
            except httpx.HTTPError:
                await asyncio.sleep(0.05)
            else:
                return port
    raise BenchFault(f"the bare FastAPI route did not come up: {programs.last_words('bare')}")


async def _rate(address: str, path: str, headers: dict[str, str], numbers: Counter[str]) -> float:
    """Have all clients post for a while; give the answers a second after the warm-up, and note the numbers given."""
    host, port = host_and_port(address)
    body = json.dumps({"service": SERVICE}).encode()
    begin = time.monotonic() + WARM_SECONDS
    answers = 0

    def request() -> bytes | None:
        if time.monotonic() >= begin + SECONDS:
            return None
        return post(address, path, body, {**headers, "Idempotency-Key": str(uuid.uuid4())})

    def answered(status: int, body: bytes) -> None:
        nonlocal answers
        if status != 201:
            raise BenchFault(f"POST {path} was answered {status}: {body[:200].decode(errors='replace')}")
        numbers[json.loads(body)["number"]] += 1
        answers += begin <= time.monotonic() < begin + SECONDS

    loop = asyncio.get_running_loop()
    posters = [
        (await loop.create_connection(lambda: RawPoster(request, answered), host, port))[1] for _ in range(CLIENTS)
    ]
    await asyncio.gather(*(poster.done for poster in posters))
    return answers / SECONDS


async def _waiting(ours: Served) -> int:
    """Give how many tickets the controller itself knows to wait."""
    queues = (await ours.get("/queues"))["items"]
    return sum(queue["waiting"] for queue in queues)
