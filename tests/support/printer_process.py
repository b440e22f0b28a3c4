"""A printer's process as tests run it: in memory, on a folder that it finds again, ended at any moment."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from broker.contract.payloads import Kind
from broker.runtime.clock import SystemClock
from devices.base.device import Device
from kiosk.printing.agent import PrinterAgent
from kiosk.printing.escpos_port import open_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from broker.link.memory_link import MemoryBroker
    from kiosk.printing.delivery import Pace
    from kiosk.printing.painter import SlipPainter


@asynccontextmanager
async def printer_process(
    broker: MemoryBroker, folder: Path, painter: SlipPainter, pace: Pace
) -> AsyncIterator[PrinterAgent]:
    """Run the process of `printer-1` on its folder; the end of the block is its crash."""
    clock = SystemClock()
    device = Device(broker.link("printer-1"), clock, Kind.PRINTER, "1", folder)
    agent = PrinterAgent(device, open_port, painter, folder / "spool", clock, pace=pace)
    tasks = [asyncio.create_task(device.run()), asyncio.create_task(agent.run())]
    try:
        yield agent
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
