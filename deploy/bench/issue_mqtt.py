"""`issue-mqtt`: durable tickets over MQTT from 50 kiosks, beside a bare aiomqtt responder in the same run."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
import time
import uuid
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broker.contract.channels import REPLY, REQUEST
from deploy.bench.raw_mqtt import RawDevice, raw_device
from deploy.demo.hall import free_port
from deploy.demo.processes import Programs, ready_line
from deploy.driver.figure import BenchFault, Figure
from deploy.driver.local_centre import CENTRE, SERVICE, bare_peer, host_and_port, served

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KIOSKS = 50
ROUNDS = 3
SECONDS = 3.0
"""How long each of the two is measured in a round, after the warm-up."""
WARM_SECONDS = 0.5
PATIENCE_S = 10.0
"""How long the last replies may take."""
PLAIN_BROKER = """allow_anonymous true
set_tcp_nodelay true
persistence false
max_inflight_messages 1000
max_queued_messages 100000
listener {port} 127.0.0.1
"""
"""The broker of the bare responder: as ours, without access control."""


class Kiosks:
    """Kiosks that ask for a ticket as soon as they have the last one, for a while."""

    def __init__(self) -> None:
        self.numbers: Counter[str] = Counter()
        self.asked = 0
        self.refused: Counter[str] = Counter()
        self._devices: list[RawDevice] = []
        self._open: dict[int, str] = {}
        self._quiet = asyncio.Event()
        self._counting = (0.0, 0.0)
        self._counted = 0

    async def sign_in(self, address: str, passwords: Mapping[str, str]) -> None:
        """Connect all kiosks."""
        host, port = host_and_port(address)
        for place in range(KIOSKS):
            name = f"kiosk-{place + 1}"
            topic = REPLY.topic(CENTRE, device=name)
            self._devices.append(
                await raw_device(host, port, name, passwords[name], topic, partial(self._heard, place))
            )

    async def rate(self) -> float:
        """Have all ask for a while; give the tickets a second after the warm-up."""
        begin = time.monotonic() + WARM_SECONDS
        self._counting, self._counted = (begin, begin + SECONDS), 0
        self._quiet.clear()
        for place in range(KIOSKS):
            self._ask(place)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WARM_SECONDS + SECONDS + PATIENCE_S):
                await self._quiet.wait()
        return self._counted / SECONDS

    @property
    def unanswered(self) -> int:
        """Give how many requests have no reply."""
        return len(self._open)

    def close(self) -> None:
        """Disconnect all."""
        for device in self._devices:
            device.close()

    def _ask(self, place: int) -> None:
        request = self._open[place] = str(uuid.uuid4())
        self.asked += 1
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        raw = f'{{"id":"{request}","op":"issue","at":"{at}","service":"{SERVICE}"}}'.encode()
        self._devices[place].publish(REQUEST.topic(CENTRE, device=f"kiosk-{place + 1}"), raw)

    def _heard(self, place: int, _topic: str, raw: bytes) -> None:
        reply = json.loads(raw)
        if self._open.get(place) != reply["id"]:
            return
        del self._open[place]
        if reply["ok"]:
            self.numbers[reply["result"]["ticket"]["number"]] += 1
        else:
            self.refused[reply["error"]["code"]] += 1
        now = time.monotonic()
        self._counted += reply["ok"] and self._counting[0] <= now < self._counting[1]
        if now < self._counting[1]:
            self._ask(place)
        elif not self._open:
            self._quiet.set()


def figures() -> Iterator[dict[str, Any]]:
    """Measure, and give the figures."""
    with tempfile.TemporaryDirectory(prefix="luot-bench-") as folder:
        yield from (figure.line() for figure in asyncio.run(_measure(Path(folder))))


async def _measure(folder: Path) -> list[Figure]:
    programs = Programs(folder / "logs", {})
    own, bare = Kiosks(), Kiosks()
    try:
        ours = await served(folder, programs, kiosks=KIOSKS)
        await own.sign_in(ours.mqtt, ours.passwords)
        await bare.sign_in(await _start_bare(folder, programs), dict.fromkeys(ours.passwords, ""))
        rates: dict[str, list[float]] = {"ours": [], "bare": []}
        for _ in range(ROUNDS):
            rates["bare"].append(await bare.rate())
            rates["ours"].append(await own.rate())
        waiting = sum(queue["waiting"] for queue in (await ours.get("/queues"))["items"])
        return [_figure(rates, own, waiting)]
    finally:
        own.close()
        bare.close()
        await programs.stop_all()


def _figure(rates: dict[str, list[float]], own: Kiosks, waiting: int) -> Figure:
    ours, bare = (sum(rates[name]) / ROUNDS for name in ("ours", "bare"))
    twice = sum(times - 1 for times in own.numbers.values())
    lost = len(own.numbers) - waiting
    return Figure(
        "issue-mqtt",
        ours,
        "tickets/s",
        budget=">= 50 % of a bare aiomqtt responder with one publish a request, none lost, none twice",
        met=ours >= 0.5 * bare and not (twice or lost or own.unanswered or own.refused),
        detail={
            "kiosks": KIOSKS, "bare": round(bare, 1), "of_bare": round(ours / bare, 3) if bare else None,
            "tickets": len(own.numbers), "twice": twice, "lost": lost, "unanswered": own.unanswered,
            "refused": dict(own.refused), "rounds": {name: [round(rate) for rate in of] for name, of in rates.items()},
        },
    )  # fmt: skip


async def _start_bare(folder: Path, programs: Programs) -> str:
    """Start a plain broker and the bare responder on it; give the broker's address."""
    port = free_port()
    config = folder / "plain-broker.conf"
    config.write_text(PLAIN_BROKER.format(port=port), encoding="utf-8")
    await programs.start("plain-broker", "mosquitto", "-c", str(config))
    await _listening(port)
    responder = await programs.start("bare", *bare_peer("bare_aiomqtt"), str(port), CENTRE, pipe=True)
    await ready_line(responder, 20)
    return f"127.0.0.1:{port}"


async def _listening(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return
    raise BenchFault("the plain broker did not come up; is mosquitto installed?")
