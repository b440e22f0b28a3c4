"""`luot keypad`: the buttons of an officer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

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
from displays.base.record import Record
from displays.commands.options import RecordOption, Restart, run_display, together
from displays.keypad.app import KeypadApp
from displays.keypad.pads import open_pad

if TYPE_CHECKING:
    from pathlib import Path

InputOption = Annotated[
    str,
    typer.Option(
        "--input", envvar="LUOT_INPUT", help="Where the buttons are: stdin, evdev:PATH or serial:PATH[@BAUD]."
    ),
]
PlainOption = Annotated[
    bool, typer.Option("--plain", envvar="LUOT_PLAIN", help="Send `next` as plain text, as the simplest button does.")
]


async def serve_keypad(settings: DeviceSettings, source: str, record: Path | None, *, plain: bool) -> Restart:
    """Sign in and send what is pressed until the pad is gone, or until told to restart or stop."""
    own = account(settings, os.environ)
    async with back_off_after_crashes(own.data):
        pad = open_pad(source)
        device = open_device(own, Kind.KEYPAD, os.environ)
        live = KeypadApp(device, pad, catalogue("displays"), Record(record) if record else None, plain=plain)
        restart = Restart(device)
        await together(restart.run, live.run)
        return restart


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command("keypad", help="The buttons of an officer.")
    def keypad(  # noqa: PLR0913 - every option of the command line is an argument
        mqtt: MqttOption = None,
        centre: CentreOption = None,
        device: DeviceOption = None,
        ca: CaOption = None,
        pair: PairOption = None,
        data: DataOption = None,
        record: RecordOption = None,
        *,
        source: InputOption = "stdin",
        plain: PlainOption = False,
    ) -> None:
        async def work() -> Restart:
            settings = device_settings(mqtt=mqtt, centre=centre, device=device, ca=ca, pair=pair, data=data)
            return await serve_keypad(settings, source, record, plain=plain)

        run_display(work)
