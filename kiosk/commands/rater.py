"""`luot rater`: the rating pad of a counter."""

from __future__ import annotations

import importlib
import os
from functools import partial
from typing import TYPE_CHECKING

from broker.contract.payloads import Kind
from broker.runtime.catalogue import catalogue
from devices.base.connect import (
    CaOption,
    CentreOption,
    DataOption,
    DeviceOption,
    DeviceSettings,
    MqttOption,
    PairOption,
    account,
    device_settings,
    open_device,
)
from devices.base.crash_loop import back_off_after_crashes
from devices.screen import open_window
from devices.screen.options import run_screen_program
from kiosk.app.rater import RaterApp
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

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import typer

    from broker.runtime.clock import Clock
    from devices.base.event_record import Record
    from devices.screen import WindowSetup


async def show_pad(
    settings: DeviceSettings, where: Callable[[str], WindowSetup], pictures: Path | None, file: Path | None
) -> Restart:
    """Sign in and ask for ratings until told to restart or stop."""
    own = account(settings, os.environ)
    async with back_off_after_crashes(own.data):
        open_window(where(own.device))
        device = open_device(own, Kind.RATER, os.environ)
        live = RaterApp(device, catalogue("kiosk"))
        restart = Restart(device)
        record, teller = screen_teller(file, device.controller)
        if record is not None:
            live.on_answered = partial(_write_down, record, device.controller)
        showing = importlib.import_module("kiosk.screens.kiosk_window").KioskWindow(live, None, pictures, teller)
        await importlib.import_module("devices.screen.run").run_screen(showing.root, restart.run, live.run)
        return restart


def _write_down(record: Record, clock: Clock, visit: str, code: str | None) -> None:
    record.line("rated", clock.now(), visit=visit, ok=code is None, code=code)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command("rater", help="The rating pad of a counter.")
    def rater(  # noqa: PLR0913 - every option of the command line is an argument
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
            return await show_pad(
                settings, lambda name: window("rater", name, size, position, fullscreen=fullscreen), screenshots, record
            )

        run_screen_program(show)
