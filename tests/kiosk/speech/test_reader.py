"""Reading aloud: the latest screen wins, a touch ends it, what is missing is said once."""

from __future__ import annotations

import asyncio
from array import array
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from devices.speech.engine import SpeechError
from devices.speech.player import SilentPlayer
from devices.speech.sound import RATE, Sound, from_wav
from devices.speech.spoken import Utterance
from kiosk.flow.actions import OpenModes, ToggleMode
from kiosk.flow.modes import NO_MODES
from kiosk.speech.reader import Reader
from kiosk.views.accessibility import AccessBody
from tests.gallery.kiosk.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass
class Voice:
    """An engine whose sound is as long as the text; `broken` for one that fails."""

    broken: bool = False
    spoken: list[str] = field(default_factory=list)
    signature: str = "fake"

    def speaks(self, lang: str) -> bool:
        return lang == "vi"

    async def speak(self, utterance: Utterance) -> Sound:
        if self.broken:
            raise SpeechError("the voice is gone")
        self.spoken.append(utterance.text)
        return Sound(array("h", [len(utterance.text)] * 10), RATE)


@dataclass
class Ear:
    """A player that goes on until it is let go on."""

    fault: str | None = None
    heard: list[int] = field(default_factory=list)
    stopped: int = 0
    on: asyncio.Event = field(default_factory=asyncio.Event)

    async def play(self, wav: Path) -> None:
        self.heard.append(from_wav(await asyncio.to_thread(wav.read_bytes)).samples[0])
        try:
            await self.on.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            raise


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.002)


def say(*texts: str) -> list[Utterance]:
    return [Utterance("vi", text) for text in texts]


async def test_sentences_are_heard_one_after_another(tmp_path: Path) -> None:
    ear = Ear()
    ear.on.set()
    Reader(Voice(), ear, tmp_path, "sh").read(say("a", "bcd"))
    await until(lambda: ear.heard == [1, 3])


async def test_the_latest_screen_wins_and_a_touch_ends_it(tmp_path: Path) -> None:
    ear = Ear()
    reader = Reader(Voice(), ear, tmp_path, "sh")
    reader.read(say("a", "never"))
    await until(lambda: ear.heard == [1])
    reader.read(say("bc", "never"))
    await until(lambda: ear.heard == [1, 2])
    assert ear.stopped == 1
    reader.hush()
    await until(lambda: ear.stopped == 2)
    assert ear.heard == [1, 2]


async def test_a_voice_that_fails_is_told_and_tried_no_more(tmp_path: Path) -> None:
    voice, ear = Voice(broken=True), Ear()
    reader = Reader(voice, ear, tmp_path, "sh")
    reader.read(say("a"))
    await until(lambda: reader.fault is not None)
    assert reader.status == "the voice is gone"
    voice.broken = False
    reader.read(say("a"))
    await asyncio.sleep(0)
    assert voice.spoken == []


@pytest.mark.parametrize(("player", "program"), [(SilentPlayer(), "sh"), (Ear(), "espeak-ng-that-is-not-here")])
async def test_without_a_sound_card_or_a_voice_nothing_is_read_and_it_says_so(
    tmp_path: Path, player: SilentPlayer | Ear, program: str
) -> None:
    reader = Reader(Voice(), player, tmp_path, program)
    reader.read(say("a"))
    assert "no sound device" in reader.status or "install the Debian package" in reader.status


def test_what_cannot_be_heard_is_not_offered() -> None:
    kiosk = Scene.set_up("vi")
    kiosk.state = replace(kiosk.state, speaks=False)
    kiosk.touch(OpenModes(), ToggleMode("spoken"))
    body = kiosk.face().body
    assert isinstance(body, AccessBody)
    assert "spoken" not in {choice.id for choice in body.choices}
    assert kiosk.state.modes == NO_MODES
