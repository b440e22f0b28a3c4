"""From a call to what is heard: words, sound, record, loudspeaker; one call at a time."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import structlog

from devices.speech.engine import SpeechError
from devices.speech.player import PlaybackError
from devices.speech.sound import Sound, to_wav
from displays.base.record import Record
from displays.board.voice.chime import announcement

if TYPE_CHECKING:
    from pathlib import Path

    from broker.contract.payloads import Call
    from broker.runtime.clock import Clock
    from devices.speech.engine import Engine
    from devices.speech.player import Player
    from devices.speech.spoken import Utterance
    from displays.board.voice.phrases import Wording

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class CallRecordings:
    """Where every call stays as a WAV beside `voice.jsonl`, one line for each."""

    folder: Path
    record: Record

    @classmethod
    def open(cls, folder: Path) -> CallRecordings:
        """Make the folder and its record."""
        return cls(folder, Record(folder / "voice.jsonl"))


@dataclass(frozen=True, slots=True)
class Spoken:
    """A call as it left the voice: its text, how long it took, and the WAV where calls are kept."""

    text: str
    seconds: float
    wav: str | None


class Speaker:
    """Speaks calls. A sentence that cannot be made leaves the chime: people look up at the board."""

    def __init__(
        self,
        wording: Wording,
        engine: Engine,
        player: Player,
        clock: Clock,
        scratch: Path,
        kept: CallRecordings | None = None,
    ) -> None:
        self._wording = wording
        self._engine = engine
        self._player = player
        self._clock = clock
        self._scratch = scratch
        self._kept = kept
        self._fault: str | None = None
        self._spoken = 0

    @property
    def status(self) -> str:
        """`ok`, or what is wrong with the voice, in one sentence."""
        return self._fault or self._player.fault or "ok"

    @property
    def audible(self) -> bool:
        """Tell whether calls reach somebody's ears, or a folder from which they are played."""
        return self._fault is None and (self._player.fault is None or self._kept is not None)

    async def say(self, call: Call) -> Spoken | None:
        """Speak one call to its end; None when nobody could hear it. Faults are logged and told by `status`."""
        if self._player.fault is not None and self._kept is None:
            return None
        script = self._wording.script(call)
        sound = await self._sound(script)
        try:
            path = await asyncio.to_thread(self._write, call, sound)
            if self._player.fault is None:
                await self._player.play(path)
        except (PlaybackError, OSError) as error:
            self._fault = str(error)
            log.warning("call_not_heard", reason=str(error))
            return None
        text = " ".join(utterance.text for utterance in script)
        spoken = Spoken(text, round(sound.seconds, 2), path.name if self._kept else None)
        if self._kept is not None:
            self._kept.record.call("spoken", call, self._clock.now(), **asdict(spoken), status=self.status)
        return spoken

    async def _sound(self, script: tuple[Utterance, ...]) -> Sound:
        made: dict[Utterance, Sound] = {}
        try:
            for utterance in script:
                if utterance not in made:
                    made[utterance] = await self._engine.speak(utterance)
            self._fault = None
        except (SpeechError, OSError) as error:
            self._fault = str(error)
            log.warning("speech_failed", reason=str(error))
        sentences = [made[utterance] for utterance in script if utterance in made]
        return await asyncio.to_thread(announcement, sentences)

    def _write(self, call: Call, sound: Sound) -> Path:
        self._spoken += 1
        path = self._scratch / "call.wav"
        if self._kept is not None:
            path = self._kept.folder / f"{self._spoken:05d}-{call.number}-{call.counter}-{call.recall}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(to_wav(sound))
        return path
