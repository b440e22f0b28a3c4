"""Speech engines: separate programs that turn one sentence into sound, never on the event loop."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

from broker.contract.texts import FALLBACK
from broker.runtime.catalogue import catalogue
from devices.speech.sound import NotSoundError, Sound, from_wav

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devices.speech.cache import SentenceCache
    from devices.speech.spoken import Utterance

DEADLINE_S = 10.0
"""A program that needs longer for one sentence is ended; it takes about 50 ms."""


class Dialect(StrEnum):
    """The Vietnamese voices of espeak-ng; a setting of the board."""

    NORTH = "vi"
    CENTRAL = "vi-vn-x-central"
    SOUTH = "vi-vn-x-south"


class SpeechError(Exception):
    """A sentence could not be turned into sound; the message says why and what to do."""


class Engine(Protocol):
    """Something that speaks."""

    @property
    def signature(self) -> str:
        """What makes its sound differ from another's: part of the key of a kept sentence."""
        ...

    def speaks(self, lang: str) -> bool:
        """Tell whether it has a voice for a language."""
        ...

    async def speak(self, utterance: Utterance) -> Sound:
        """Turn a sentence into sound; SpeechError when it cannot."""
        ...


def known_voices() -> dict[str, str]:
    """Give the voices that the catalogues name, by language; a language without one is not spoken."""
    words = catalogue("devices.speech").words
    return {lang: words[lang]["voice"] for lang in words if lang != FALLBACK and "voice" in words[lang]}


@dataclass(frozen=True, slots=True)
class EspeakEngine:
    """Debian's espeak-ng: intelligible, every sentence, no network."""

    dialect: Dialect = Dialect.CENTRAL
    words_a_minute: int = 140
    program: str = "espeak-ng"
    voices: Mapping[str, str] = field(default_factory=known_voices)

    @property
    def signature(self) -> str:
        """Program, voice and speed."""
        return f"{self.program} {self.dialect.value} {self.words_a_minute} {sorted(self.voices.items())}"

    def speaks(self, lang: str) -> bool:
        """Tell whether it has a voice for a language."""
        return lang == "vi" or lang in self.voices

    async def speak(self, utterance: Utterance) -> Sound:
        """Turn a sentence into sound; SpeechError when it cannot."""
        voice = self.dialect.value if utterance.lang == "vi" else self.voices.get(utterance.lang)
        if voice is None:
            raise SpeechError(f"espeak-ng was given no voice for the language {utterance.lang!r}.")
        options = ["-v", voice, "-s", str(self.words_a_minute), "-b", "1", "--stdin", "-w"]
        return await _sound_of(self.program, options, utterance.text, "install the Debian package espeak-ng")


@dataclass(frozen=True, slots=True)
class PiperEngine:
    """piper, where a centre has installed it with a voice model for each language; a separate program (GPL-3)."""

    models: Mapping[str, Path]
    program: str = "piper"

    @property
    def signature(self) -> str:
        """Program and models."""
        return f"{self.program} {sorted((lang, path.name) for lang, path in self.models.items())}"

    def speaks(self, lang: str) -> bool:
        """Tell whether it was given a model for a language."""
        return lang in self.models

    async def speak(self, utterance: Utterance) -> Sound:
        """Turn a sentence into sound; SpeechError when it cannot."""
        if utterance.lang not in self.models:
            raise SpeechError(f"piper was given no model for the language {utterance.lang!r}.")
        options = ["--model", str(self.models[utterance.lang]), "--output_file"]
        return await _sound_of(self.program, options, utterance.text, "install piper, or choose espeak")


async def _sound_of(program: str, options: list[str], text: str, remedy: str) -> Sound:
    """Run `program options FILE` with the text on its standard input and read FILE."""
    if shutil.which(program) is None:
        raise SpeechError(f"{program} is not on this machine: {remedy}.")
    with TemporaryDirectory(prefix="luot-voice-") as folder:
        path = Path(folder) / "sentence.wav"
        process = await asyncio.create_subprocess_exec(
            program, *options, str(path),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            async with asyncio.timeout(DEADLINE_S):
                _, complaint = await process.communicate(text.encode())
        except TimeoutError as error:
            raise SpeechError(f"{program} gave no sound within {DEADLINE_S:.0f} s.") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise SpeechError(f"{program} failed: {complaint.decode(errors='replace').strip() or process.returncode}")
        try:
            return await asyncio.to_thread(_read, path)
        except (OSError, NotSoundError) as error:
            raise SpeechError(f"{program} left no readable sound: {error}") from error


def _read(path: Path) -> Sound:
    return from_wav(path.read_bytes())


@dataclass(frozen=True, slots=True)
class CachedEngine:
    """An engine whose sentences are kept on disk."""

    engine: Engine
    cache: SentenceCache

    @property
    def signature(self) -> str:
        """The inner engine's."""
        return self.engine.signature

    def speaks(self, lang: str) -> bool:
        """Tell whether the inner engine has a voice for a language."""
        return self.engine.speaks(lang)

    async def speak(self, utterance: Utterance) -> Sound:
        """Give a sentence from the cache, or let the engine speak it and keep it."""
        key = f"{self.signature}\n{utterance.lang}\n{utterance.text}"
        found = await asyncio.to_thread(self.cache.find, key)
        if found is not None:
            return found
        sound = await self.engine.speak(utterance)
        await asyncio.to_thread(self.cache.keep, key, sound)
        return sound
