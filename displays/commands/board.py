"""`luot board`: the board of the lobby, with its voice."""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
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
from devices.screen import open_window
from devices.speech.cache import SentenceCache
from devices.speech.engine import CachedEngine, Dialect, EspeakEngine
from devices.speech.player import find_player
from displays.base.record import Record
from displays.board.app import BoardApp
from displays.board.view import picture_name
from displays.board.voice.phrases import Address, Wording
from displays.board.voice.speaker import CallRecordings, Speaker
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

if TYPE_CHECKING:
    from broker.runtime.clock import Clock


class Voice(StrEnum):
    """Who speaks."""

    ESPEAK = "espeak"
    OFF = "off"


VoiceOption = Annotated[Voice, typer.Option("--voice", envvar="LUOT_VOICE", help="Who speaks the calls.")]
DialectOption = Annotated[
    Dialect,
    typer.Option("--dialect", envvar="LUOT_DIALECT", help="The Vietnamese voice: northern, central or southern."),
]
AddressOption = Annotated[
    Address,
    typer.Option("--address", envvar="LUOT_ADDRESS", help="How people are addressed; see docs/displays.md."),
]
WavOption = Annotated[
    Path | None,
    typer.Option(
        "--wav-dir", envvar="LUOT_WAV_DIR", help="A folder that keeps every spoken call as WAV, and voice.jsonl."
    ),
]


@dataclass(frozen=True, slots=True)
class VoiceSetup:
    """How calls are spoken."""

    voice: Voice
    dialect: Dialect
    address: Address
    wav: Path | None

    def speaker(self, clock: Clock, data: Path) -> Speaker | None:
        """Give the voice, or None when it is off."""
        if self.voice is Voice.OFF:
            return None
        engine = CachedEngine(EspeakEngine(self.dialect), SentenceCache(data / "voice"))
        words = catalogue("displays.board.voice")
        wording = Wording(words, self.address, tuple(lang for lang in words.languages if engine.speaks(lang)))
        kept = CallRecordings.open(self.wav) if self.wav else None
        return Speaker(wording, engine, find_player(), clock, data, kept)


async def show_board(settings: DeviceSettings, where: Looks, record: Path | None, voice: VoiceSetup) -> Restart:
    """Sign in, show the zone and speak its calls until told to restart or stop."""
    own = account(settings, os.environ)
    async with back_off_after_crashes(own.data):
        if where.window:
            open_window(where.setup("board", f"Lượt – {own.device}"))
        device = open_device(own, Kind.BOARD, os.environ)
        speaker = voice.speaker(device.controller, own.data)
        live = BoardApp(device, catalogue("displays"), own.data, speaker, Record(record) if record else None)
        restart = Restart(device)
        if not where.window:
            await together(restart.run, live.run)
            return restart
        screen = importlib.import_module("displays.board.screen").BoardScreen()
        importlib.import_module("displays.base.window").DisplayWindow(live, screen, picture_name, where.pictures)
        await importlib.import_module("devices.screen.run").run_screen(screen, restart.run, live.run)
        return restart


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command("board", help="The board of the lobby, with its voice.")
    def board(  # noqa: PLR0913 - every option of the command line is an argument
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
        wav_dir: WavOption = None,
        voice: VoiceOption = Voice.ESPEAK,
        dialect: DialectOption = Dialect.CENTRAL,
        address: AddressOption = Address.CITIZEN,
        fullscreen: FullscreenOption = False,
        no_window: NoWindowOption = False,
    ) -> None:
        async def work() -> Restart:
            settings = device_settings(mqtt=mqtt, centre=centre, device=device, ca=ca, pair=pair, data=data)
            where = looks(size, position, fullscreen=fullscreen, no_window=no_window, pictures=screenshots)
            return await show_board(settings, where, record, VoiceSetup(voice, dialect, address, wav_dir))

        run_display(work)
