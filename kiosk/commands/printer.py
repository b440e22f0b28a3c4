"""`luot printer`: drives a slip printer that is attached to no kiosk."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from broker.contract.payloads import Kind
from broker.runtime.clock import clock_from
from broker.runtime.watchdog import watched
from devices.base.connect import (
    CaOption,
    CentreOption,
    DataOption,
    DeviceOption,
    MqttOption,
    PairOption,
    account,
    device_settings,
    open_device,
    restart_program,
    run_to_end,
)
from devices.base.crash_loop import back_off_after_crashes
from kiosk.printing.agent import printer_agent

if TYPE_CHECKING:
    from pathlib import Path

    import typer

    from broker.runtime.clock import Clock
    from devices.base.device import Device


async def drive(device: Device, folder: Path, clock: Clock) -> None:
    """Sign in and print until the device is told to restart; the printer's spool is kept in `folder`."""
    agent = asyncio.create_task(printer_agent(device, folder / "spool", clock).run(), name="printer agent")
    signed_in = asyncio.create_task(device.run(), name="printer device")
    try:
        done, _ = await asyncio.wait({agent, signed_in}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in (agent, signed_in):
            task.cancel()
        await asyncio.gather(agent, signed_in, return_exceptions=True)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command("printer", help="A slip printer that no kiosk drives.")
    def printer(
        mqtt: MqttOption = None,
        centre: CentreOption = None,
        device: DeviceOption = None,
        ca: CaOption = None,
        pair: PairOption = None,
        data: DataOption = None,
    ) -> None:
        restarting = False

        async def work() -> None:
            nonlocal restarting
            settings = device_settings(mqtt=mqtt, centre=centre, device=device, ca=ca, pair=pair, data=data)
            own = account(settings, os.environ)
            async with back_off_after_crashes(own.data):
                await watched(drive(open_device(own, Kind.PRINTER, os.environ), own.data, clock_from(os.environ)))
            restarting = True

        run_to_end(work)
        if restarting:
            restart_program()
