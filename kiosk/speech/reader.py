"""Reads aloud: the latest screen wins, a touch ends it, what is missing is said once and never blocks."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

import structlog

from devices.speech.engine import SpeechError
from devices.speech.player import PlaybackError
from devices.speech.sound import to_wav

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from devices.speech.engine import Engine
    from devices.speech.player import Player
    from devices.speech.spoken import Utterance

log = structlog.get_logger()


class Reader:
    """Speaks sentences one after another, or stops. `fault` is why nothing can be heard, or None."""

    def __init__(self, engine: Engine, player: Player, scratch: Path, program: str = "espeak-ng") -> None:
        self._engine, self._player = engine, player
        self._file = scratch / "guidance.wav"
        self._task: asyncio.Task[None] | None = None
        self.fault = player.fault
        if self.fault is None and shutil.which(program) is None:
            self.fault = f"{program} is not on this machine: install the Debian package {program}"
        if self.fault is not None:
            log.warning("guidance_unavailable", reason=self.fault)

    @property
    def status(self) -> str:
        """`ok`, or what is wrong, in one sentence."""
        return self.fault or "ok"

    def speaks(self, lang: str) -> bool:
        """Tell whether there is a voice for a language."""
        return self._engine.speaks(lang)

    def read(self, utterances: Sequence[Utterance]) -> None:
        """Speak these and nothing of what was spoken before."""
        self.hush()
        if self.fault is None and utterances:
            self._task = asyncio.get_running_loop().create_task(self._speak(tuple(utterances)), name="guidance")

    def hush(self) -> None:
        """Be silent."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _speak(self, utterances: tuple[Utterance, ...]) -> None:
        try:
            for utterance in utterances:
                sound = await self._engine.speak(utterance)
                await asyncio.to_thread(self._write, to_wav(sound))
                await self._player.play(self._file)
        except (SpeechError, PlaybackError, OSError) as error:
            if self.fault is None:
                log.warning("guidance_failed", reason=str(error))
            self.fault = str(error)

    def _write(self, wav: bytes) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_bytes(wav)
