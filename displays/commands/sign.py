"""`luot sign`: the sign above a counter."""

from __future__ import annotations

import importlib
import os
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
from displays.base.record import Record
from displays.commands.options import (
    FullscreenOption,
    Looks,
    NoWindowOption,
    PicturesOption,
    PositionOption,
    RecordOption,
    Restart,
    SizeOption,
    looks,
    run_display,
    together,
)
from displays.sign.app import SignApp
from displays.sign.view import picture_name

if TYPE_CHECKING:
    from pathlib import Path

    import typer


async def show_sign(settings: DeviceSettings, where: Looks, record: Path | None) -> Restart:
    """Sign in and show the counter until told to restart or stop."""
    own = account(settings, os.environ)
    async with back_off_after_crashes(own.data):
        if where.window:
            open_window(where.setup("sign", f"Lượt – {own.device}"))
        device = open_device(own, Kind.SIGN, os.environ)
        live = SignApp(device, catalogue("displays"), own.data, Record(record) if record else None)
        restart = Restart(device)
        if not where.window:
            await together(restart.run, live.run)
            return restart
        screen = importlib.import_module("displays.sign.screen").SignScreen()
        importlib.import_module("displays.base.window").DisplayWindow(live, screen, picture_name, where.pictures)
        await importlib.import_module("devices.screen.run").run_screen(screen, restart.run, live.run)
        return restart


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command("sign", help="The sign above a counter.")
    def sign(  # noqa: PLR0913 - every option of the command line is an argument
        *,
        mqtt: MqttOption = None,
        centre: CentreOption = None,
        device: DeviceOption = None,
        ca: CaOption = None,
        pair: PairOption = None,
        data: DataOption = None,
        size: SizeOption = None,
        position: PositionOption = None,
        record: RecordOption = None,
        screenshots: PicturesOption = None,
        fullscreen: FullscreenOption = False,
        no_window: NoWindowOption = False,
    ) -> None:
        async def work() -> Restart:
            settings = device_settings(mqtt=mqtt, centre=centre, device=device, ca=ca, pair=pair, data=data)
            where = looks(size, position, fullscreen=fullscreen, no_window=no_window, pictures=screenshots)
            return await show_sign(settings, where, record)

        run_display(work)
