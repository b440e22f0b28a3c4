"""The real espeak-ng, measured; other programs stood in for by scripts."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from devices.speech import engine as module
from devices.speech.cache import SentenceCache
from devices.speech.engine import CachedEngine, Dialect, EspeakEngine, PiperEngine, SpeechError
from devices.speech.sound import RATE, Sound
from devices.speech.spoken import Utterance

if TYPE_CHECKING:
    from pathlib import Path

SENTENCE = Utterance("vi", "Mời công dân có số a không không bảy, đến quầy số ba.")


def loudness(sound: Sound) -> float:
    return math.sqrt(sum(value * value for value in sound.samples) / len(sound.samples)) / 32768


@pytest.mark.parametrize("dialect", list(Dialect))
async def test_espeak_speaks_vietnamese_in_every_dialect(dialect: Dialect) -> None:
    sound = await EspeakEngine(dialect).speak(SENTENCE)

    assert sound.rate == RATE
    assert 2.0 < sound.seconds < 8.0
    assert loudness(sound) > 0.02


async def test_espeak_speaks_english_too() -> None:
    sound = await EspeakEngine().speak(Utterance("en", "Ticket number eigh zero zero seven."))

    assert sound.seconds > 1.0
    assert loudness(sound) > 0.02


async def test_a_text_is_never_taken_for_an_option() -> None:
    assert (await EspeakEngine().speak(Utterance("vi", "--help"))).seconds < 5


async def test_a_language_without_a_voice_is_refused() -> None:
    assert not EspeakEngine().speaks("hre")
    with pytest.raises(SpeechError, match="hre"):
        await EspeakEngine().speak(Utterance("hre", "a"))


async def test_a_missing_program_says_what_to_install() -> None:
    with pytest.raises(SpeechError, match="install the Debian package espeak-ng"):
        await EspeakEngine(program="espeak-ng-that-is-not-here").speak(SENTENCE)


def program(path: Path, body: str) -> str:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


async def test_a_program_that_fails_says_why(tmp_path: Path) -> None:
    broken = program(tmp_path / "broken", "cat >/dev/null; echo no voices installed >&2; exit 3")

    with pytest.raises(SpeechError, match="no voices installed"):
        await EspeakEngine(program=broken).speak(SENTENCE)


async def test_a_program_that_leaves_no_sound_is_a_failure(tmp_path: Path) -> None:
    empty = program(tmp_path / "empty", "cat >/dev/null")

    with pytest.raises(SpeechError, match="no readable sound"):
        await EspeakEngine(program=empty).speak(SENTENCE)


async def test_a_program_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DEADLINE_S", 0.1)
    hanging = program(tmp_path / "hanging", "exec sleep 60")

    with pytest.raises(SpeechError, match="no sound within"):
        await EspeakEngine(program=hanging).speak(SENTENCE)


async def test_piper_is_given_the_model_and_the_text(tmp_path: Path) -> None:
    espeak = 'espeak-ng -v vi --stdin -w "$4"'
    piper = program(tmp_path / "piper", f'[ "$1 $2 $3" = "--model {tmp_path}/vi.onnx --output_file" ] && {espeak}')
    engine = PiperEngine({"vi": tmp_path / "vi.onnx"}, program=piper)

    assert (await engine.speak(SENTENCE)).seconds > 2
    assert not engine.speaks("en")
    with pytest.raises(SpeechError, match="no model"):
        await engine.speak(Utterance("en", "a"))


@dataclass
class Counting:
    """An engine that counts."""

    signature: str = "counting"
    asked: list[Utterance] = field(default_factory=list)

    def speaks(self, lang: str) -> bool:
        return lang == "vi"

    async def speak(self, utterance: Utterance) -> Sound:
        self.asked.append(utterance)
        return Sound(array("h", [len(self.asked)] * 10))


async def test_a_sentence_is_spoken_once_and_then_taken_from_disk(tmp_path: Path) -> None:
    inner = Counting()
    engine = CachedEngine(inner, SentenceCache(tmp_path))

    first, second = await engine.speak(SENTENCE), await engine.speak(SENTENCE)

    assert first == second
    assert inner.asked == [SENTENCE]
    assert engine.speaks("vi")
    assert not engine.speaks("en")


async def test_another_voice_does_not_take_the_first_ones_sentences(tmp_path: Path) -> None:
    cache = SentenceCache(tmp_path)
    north, south = Counting("north"), Counting("south")
    await CachedEngine(north, cache).speak(SENTENCE)
    await CachedEngine(south, cache).speak(SENTENCE)

    assert len(south.asked) == 1
    assert EspeakEngine(Dialect.NORTH).signature != EspeakEngine(Dialect.SOUTH).signature
