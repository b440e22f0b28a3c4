"""What makes a WAV file audible: paplay or aplay where there is a sound device, otherwise nothing, and saying so."""

from __future__ import annotations

import asyncio
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class PlaybackError(Exception):
    """A sound could not be played; the message says why."""


class Player(Protocol):
    """Something that plays a WAV file to its end."""

    @property
    def fault(self) -> str | None:
        """Why nothing can be heard, or None."""
        ...

    async def play(self, wav: Path) -> None:
        """Return when the sound has ended; PlaybackFailed when it could not be played."""
        ...


@dataclass(frozen=True, slots=True)
class SilentPlayer:
    """Plays nothing, because there is nothing to play on."""

    fault: str | None = "no sound device: nothing can be heard"

    async def play(self, wav: Path) -> None:
        """Return at once."""


@dataclass(frozen=True, slots=True)
class ProgramPlayer:
    """Plays by a program that takes a WAV file: `aplay -q FILE`, `paplay FILE`."""

    command: tuple[str, ...]
    fault: str | None = None

    async def play(self, wav: Path) -> None:
        """Return when the program has ended; one that fails is PlaybackFailed."""
        process = await asyncio.create_subprocess_exec(
            *self.command, str(wav), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
        try:
            _, complaint = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise PlaybackError(f"{self.command[0]}: {complaint.decode(errors='replace').strip()}")


def find_player(environment: Mapping[str, str] = os.environ, root: Path = Path("/")) -> Player:
    """Give the player that this machine has: paplay with a running PulseAudio or PipeWire, aplay with a sound card."""
    runtime = environment.get("XDG_RUNTIME_DIR")
    pulse = "PULSE_SERVER" in environment or (runtime and (Path(runtime) / "pulse" / "native").exists())
    if pulse and shutil.which("paplay", path=environment.get("PATH")):
        return ProgramPlayer(("paplay",))
    cards = any((root / "dev" / "snd").glob("pcm*p"))
    if cards and shutil.which("aplay", path=environment.get("PATH")):
        return ProgramPlayer(("aplay", "-q"))
    if cards:
        return SilentPlayer("a sound card but no player: install the Debian package alsa-utils")
    return SilentPlayer()
