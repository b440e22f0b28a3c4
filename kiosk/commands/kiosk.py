"""`luot kiosk`: the touch screen, and the printer that is attached to it."""

from __future__ import annotations

import asyncio
import importlib
import os
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from broker.contract.payloads import Kind
from broker.runtime.catalogue import catalogue
from devices.base.connect import (
    Account,
    CaOption,
    CentreOption,
    DataOption,
    DeviceOption,
    DeviceSettings,
    MqttOption,
    PairOption,
    account,
    attached,
    device_settings,
    open_device,
)
from devices.base.crash_loop import FREE, back_off_after_crashes
from devices.screen import open_window
from devices.screen.options import run_screen_program
from devices.speech.cache import SentenceCache
from devices.speech.engine import CachedEngine, EspeakEngine
from devices.speech.player import find_player
from kiosk.app.attached_printer import AttachedPrinter
from kiosk.app.kiosk import KioskApp
from kiosk.commands.options import (
    FullscreenOption,
    PicturesOption,
    PositionOption,
    RecordOption,
    Restart,
    SizeOption,
    screen_teller,
    window,
)
from kiosk.printing.agent import PrinterAgent, printer_agent
from kiosk.speech.reader import Reader
from kiosk.storage.outbox import Outbox
from kiosk.storage.screen_session import STANDING, boot_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import typer

    from broker.contract.payloads import Ticket
    from broker.runtime.clock import Clock
    from devices.base.device import Device
    from devices.base.event_record import Record
    from devices.screen import WindowSetup
    from kiosk.screens.listening import Listening
    from kiosk.screens.operator import Operator
    from kiosk.screens.themed_root import ThemedRoot


@dataclass(frozen=True, slots=True)
class PrinterSeat:
    """The attached printer, signed in for by this process."""

    device: Device
    agent: PrinterAgent

    async def run(self) -> None:
        """Run the printer's device and its agent until the device is told to restart, or one of them fails."""
        driving = asyncio.create_task(self.agent.run(), name=f"agent {self.device.name}")
        signed_in = asyncio.create_task(self.device.run(), name=f"device {self.device.name}")
        try:
            done, _ = await asyncio.wait({driving, signed_in}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (driving, signed_in):
                task.cancel()
            await asyncio.gather(driving, signed_in, return_exceptions=True)


def seat_maker(own: Account, settings: DeviceSettings) -> Callable[[str], PrinterSeat | None]:
    """Give what signs in for the attached printer; it gives None without a password for it."""

    def seat(printer: str) -> PrinterSeat | None:
        if settings.printer_password is None:
            return None
        place = attached(own, printer, settings.printer_password.get_secret_value())
        device = open_device(place, Kind.PRINTER, os.environ)
        return PrinterSeat(device, printer_agent(device, place.data / "spool", device.controller))

    return seat


async def show_kiosk(
    settings: DeviceSettings, where: Callable[[str], WindowSetup], pictures: Path | None, file: Path | None
) -> Restart:
    """Sign in and serve until told to restart or stop."""
    own = account(settings, os.environ)
    async with back_off_after_crashes(own.data) as falls:
        if falls > FREE:
            # What stands on the screen may be what makes it fall.
            (own.data / STANDING).unlink(missing_ok=True)
        open_window(where(own.device))
        device = open_device(own, Kind.KIOSK, os.environ)
        live = KioskApp(device, catalogue("kiosk"), Outbox(own.data / "outbox", boot=boot_id()), own.data)
        live.printer = AttachedPrinter(seat_maker(own, settings), live.printer_changed)
        restart = Restart(device)
        live.staff.leave = restart.leave
        reader = Reader(CachedEngine(EspeakEngine(), SentenceCache(own.data / "spoken")), find_player(), own.data)
        live.state = replace(live.state, speaks=reader.fault is None)
        await device.detail(guidance=reader.status)
        record, teller = screen_teller(file, device.controller)
        if record is not None:
            live.on_given = partial(_write_down, record, device.controller)
        showing = importlib.import_module("kiosk.screens.kiosk_window").KioskWindow(
            live, live, pictures, teller, partial(_listen, reader, live)
        )
        await importlib.import_module("devices.screen.run").run_screen(showing.root, restart.run, live.run)
        return restart


def _listen(reader: Reader, live: KioskApp, stage: ThemedRoot, operator: Operator) -> Listening:
    made: Listening = importlib.import_module("kiosk.screens.listening").Listening(
        stage, operator, reader, catalogue("kiosk"), live.face_in
    )
    return made


def _write_down(record: Record, clock: Clock, ticket: Ticket) -> None:
    record.line("issued", clock.now(), number=ticket.number, token=ticket.token, ticket=ticket.id)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command("kiosk", help="The touch screen of a kiosk, with its attached printer (LUOT_PRINTER_PASSWORD).")
    def kiosk(  # noqa: PLR0913 - every option of the command line is an argument
        *,
        mqtt: MqttOption = None,
        centre: CentreOption = None,
        device: DeviceOption = None,
        ca: CaOption = None,
        pair: PairOption = None,
        data: DataOption = None,
        size: SizeOption = None,
        position: PositionOption = None,
        fullscreen: FullscreenOption = False,
        screenshots: PicturesOption = None,
        record: RecordOption = None,
    ) -> None:
        async def show() -> Restart:
            settings = device_settings(mqtt=mqtt, centre=centre, device=device, ca=ca, pair=pair, data=data)
            return await show_kiosk(
                settings, lambda name: window("kiosk", name, size, position, fullscreen=fullscreen), screenshots, record
            )

        run_screen_program(show)
