from __future__ import annotations

import asyncio
import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from broker.runtime.catalogue import catalogue
from broker.runtime.clock import SystemClock
from devices.speech.cache import SentenceCache
from devices.speech.engine import CachedEngine, EspeakEngine, SpeechError
from devices.speech.player import PlaybackError, SilentPlayer
from devices.speech.sound import RATE, Sound, from_wav
from displays.board.voice.chime import LEAD_S, chime
from displays.board.voice.phrases import Wording
from displays.board.voice.speaker import CallRecordings, Speaker

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable
    from pathlib import Path

    from broker.contract.payloads import Call
    from devices.speech.spoken import Utterance

WORDING = Wording(catalogue("displays.board.voice"))


def loudness(samples: array[int]) -> float:
    return math.sqrt(sum(value * value for value in samples) / max(1, len(samples))) / 32768


@dataclass
class Hearing:
    """A player that keeps what it was given."""

    fault: str | None = None
    broken: bool = False
    heard: list[Sound] = field(default_factory=list)

    async def play(self, wav: Path) -> None:
        if self.broken:
            raise PlaybackError("aplay: device busy")
        self.heard.append(from_wav(await asyncio.to_thread(wav.read_bytes)))


class Mute:
    """An engine that cannot speak."""

    signature = "mute"

    def speaks(self, lang: str) -> bool:
        return bool(lang)

    async def speak(self, utterance: Utterance) -> Sound:
        raise SpeechError(f"no voice for {utterance.lang}: install one")


async def test_a_call_is_heard_with_the_chime_first_and_its_sentence_twice(
    tmp_path: Path, make_call: Callable[..., Call]
) -> None:
    engine, player = EspeakEngine(), Hearing()
    speaker = Speaker(WORDING, engine, player, SystemClock(), tmp_path)
    call = make_call("A007", "c3")

    spoken = await speaker.say(call)

    (sound,) = player.heard
    lead, bell = int(LEAD_S * RATE), len(chime().samples)
    assert sound.samples[lead : lead + bell] == chime().samples
    once = (await engine.speak(WORDING.script(call)[0])).samples
    rest = sound.samples[lead + bell :]
    assert rest[: len(once)] == once
    assert rest[len(once) + int(0.4 * RATE) :][: len(once)] == once
    assert loudness(rest[: len(once)]) > 0.02
    assert spoken is not None
    assert spoken.seconds > 5
    assert speaker.status == "ok"
    assert speaker.audible


async def test_every_call_is_kept_as_a_wav_with_a_line_that_tells_it(
    tmp_path: Path, make_call: Callable[..., Call]
) -> None:
    kept = CallRecordings.open(tmp_path / "wav")
    engine = CachedEngine(EspeakEngine(), SentenceCache(tmp_path / "cache"))
    speaker = Speaker(WORDING, engine, SilentPlayer(), SystemClock(), tmp_path, kept)
    call = make_call("A007", "c3")

    await speaker.say(call)
    await speaker.say(make_call("A007", "c3", recall=1))

    first, second = [json.loads(line) for line in (tmp_path / "wav" / "voice.jsonl").read_text().splitlines()]
    assert (first["id"], first["recall"], first["number"], first["counter"]) == (call.id, 0, "A007", "c3")
    assert second["recall"] == 1
    assert "a không không bảy, đến quầy số ba" in first["text"]
    assert first["status"].startswith("no sound device")
    sound = from_wav((tmp_path / "wav" / first["wav"]).read_bytes())
    assert sound.seconds == pytest.approx(first["seconds"], abs=0.01)
    assert loudness(sound.samples) > 0.02
    assert first["wav"] != second["wav"]


async def test_nothing_is_spoken_where_nobody_can_hear(tmp_path: Path, make_call: Callable[..., Call]) -> None:
    speaker = Speaker(WORDING, Mute(), SilentPlayer(), SystemClock(), tmp_path)

    assert await speaker.say(make_call()) is None
    assert not speaker.audible
    assert "no sound device" in speaker.status


async def test_without_words_the_chime_is_still_heard(tmp_path: Path, make_call: Callable[..., Call]) -> None:
    player = Hearing()
    speaker = Speaker(WORDING, Mute(), player, SystemClock(), tmp_path)

    await speaker.say(make_call())

    assert player.heard[0].seconds == pytest.approx(LEAD_S + chime().seconds, abs=0.01)
    assert "install one" in speaker.status
    assert not speaker.audible


async def test_a_broken_loudspeaker_is_told_and_the_next_call_tries_again(
    tmp_path: Path, make_call: Callable[..., Call]
) -> None:
    player = Hearing(broken=True)
    speaker = Speaker(WORDING, EspeakEngine(), player, SystemClock(), tmp_path)

    assert await speaker.say(make_call()) is None
    assert speaker.status == "aplay: device busy"

    player.broken = False
    assert await speaker.say(make_call()) is not None
    assert speaker.status == "ok"
