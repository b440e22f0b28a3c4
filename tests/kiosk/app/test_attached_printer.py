"""The printer that a kiosk drives itself."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from broker.link.link import LinkRefusedError
from kiosk.app.attached_printer import AttachedPrinter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass
class Seat:
    name: str
    log: list[str]
    refused: bool = False
    falls: bool = False
    told_to_restart: asyncio.Event = field(default_factory=asyncio.Event)
    agent: Any = field(default_factory=object)

    async def run(self) -> None:
        self.log.append(f"{self.name} runs")
        if self.refused:
            raise LinkRefusedError("the broker does not know it")
        if self.falls:
            raise OSError("nobody thought of this")
        try:
            await self.told_to_restart.wait()
        finally:
            self.log.append(f"{self.name} ends")


@dataclass
class Bench:
    log: list[str] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    refused: bool = False
    falls: bool = False
    password: bool = True

    def seat(self, printer: str) -> Seat | None:
        if not self.password:
            return None
        self.seats.append(Seat(printer, self.log, self.refused, self.falls))
        return self.seats[-1]

    def changed(self, there: bool) -> None:  # noqa: FBT001 - as the kiosk hears it
        self.log.append(f"there: {there}")

    async def until(self, line: str, times: int = 1) -> None:
        async with asyncio.timeout(5):
            while self.log.count(line) < times:  # noqa: ASYNC110 - a log has no event
                await asyncio.sleep(0)


@pytest.fixture
async def bench() -> AsyncIterator[tuple[Bench, AttachedPrinter]]:
    bench = Bench()
    own = AttachedPrinter(bench.seat, bench.changed, pause_s=0.0)
    running = asyncio.create_task(own.run())
    yield bench, own
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_the_configured_printer_is_driven_once(bench: tuple[Bench, AttachedPrinter]) -> None:
    made, own = bench
    own.want("printer-1")
    own.want("printer-1")
    await made.until("printer-1 runs")
    assert own.agent is made.seats[0].agent
    assert made.log == ["there: True", "printer-1 runs"]


async def test_another_printer_takes_the_place_of_the_first(bench: tuple[Bench, AttachedPrinter]) -> None:
    made, own = bench
    own.want("printer-1")
    await made.until("printer-1 runs")
    own.want("printer-2")
    await made.until("printer-2 runs")
    assert made.log.index("printer-1 ends") < made.log.index("printer-2 runs")


async def test_a_printer_taken_away_is_left(bench: tuple[Bench, AttachedPrinter]) -> None:
    made, own = bench
    own.want("printer-1")
    await made.until("printer-1 runs")
    own.want(None)
    await made.until("there: False")
    assert own.agent is None


async def test_a_printer_told_to_restart_is_driven_anew(bench: tuple[Bench, AttachedPrinter]) -> None:
    made, own = bench
    own.want("printer-1")
    await made.until("printer-1 runs")
    made.seats[0].told_to_restart.set()
    await made.until("printer-1 runs", times=2)


async def test_a_printer_that_falls_is_driven_anew(bench: tuple[Bench, AttachedPrinter]) -> None:
    made, own = bench
    made.falls = True
    own.want("printer-1")
    await made.until("printer-1 runs", times=2)
    made.falls = False
    await made.until("printer-1 runs", times=3)
    assert own.agent is made.seats[-1].agent


async def test_without_its_password_the_kiosk_works_without_it(bench: tuple[Bench, AttachedPrinter]) -> None:
    made, own = bench
    made.password = False
    own.want("printer-1")
    await made.until("there: False")
    assert own.agent is None


async def test_a_printer_that_the_broker_refuses_stops_nothing(bench: tuple[Bench, AttachedPrinter]) -> None:
    made, own = bench
    made.refused = True
    own.want("printer-1")
    await made.until("there: False")
    assert own.agent is None
