"""Sound as samples: joining, and WAV files; 16 bits, one channel, little-endian."""

from __future__ import annotations

import io
import sys
import wave
from array import array
from dataclasses import dataclass

RATE = 22_050
"""Samples a second of everything that is heard; the rate of espeak-ng."""


class NotSoundError(Exception):
    """Bytes that are no WAV of 16 bits."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Samples of one channel at `rate` a second."""

    samples: array[int]
    rate: int = RATE

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate

    def at_rate(self, rate: int) -> Sound:
        """Give the sound with another number of samples a second, straight lines between the old ones."""
        if rate == self.rate or not self.samples:
            return Sound(self.samples, rate)
        length = int(len(self.samples) * rate / self.rate)
        last = len(self.samples) - 1
        drawn = array("h", bytes(2 * length))
        for index in range(length):
            whole, part = divmod(index * self.rate, rate)
            here, there = self.samples[whole], self.samples[min(whole + 1, last)]
            drawn[index] = here + (there - here) * part // rate
        return Sound(drawn, rate)


def silence(seconds: float) -> Sound:
    """Give so many seconds of nothing."""
    return Sound(array("h", bytes(2 * int(seconds * RATE))))


def join(parts: list[Sound]) -> Sound:
    """Give the sounds one after another at `RATE`."""
    joined = array("h")
    for part in parts:
        joined.extend(part.at_rate(RATE).samples)
    return Sound(joined)


def to_wav(sound: Sound) -> bytes:
    """Write a WAV file of 16 bits and one channel."""
    raw = io.BytesIO()
    with wave.open(raw, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes(_little_endian(sound.samples).tobytes())
    return raw.getvalue()


def from_wav(raw: bytes) -> Sound:
    """Read a WAV file of 16 bits, of several channels the first; anything else is NotSound."""
    try:
        with wave.open(io.BytesIO(raw), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise NotSoundError(f"not a WAV file: {error}") from error
    if width != 2:
        raise NotSoundError(f"a WAV of {8 * width} bits; 16 are read")
    return Sound(_little_endian(array("h", frames[: len(frames) // 2 * 2]))[::channels], rate)


def _little_endian(samples: array[int]) -> array[int]:
    if sys.byteorder == "little":
        return samples
    turned = array("h", samples)
    turned.byteswap()
    return turned
