from __future__ import annotations

import math
from array import array

import pytest

from devices.speech.sound import RATE, NotSoundError, Sound, from_wav, join, silence, to_wav


def tone(seconds: float, hertz: float = 440.0, rate: int = RATE) -> Sound:
    return Sound(
        array("h", (int(9000 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(int(seconds * rate)))), rate
    )


def strength(samples: array[int], hertz: float) -> float:
    """How much of one frequency there is (a single bin of a Fourier transform)."""
    real = sum(value * math.cos(2 * math.pi * hertz * n / RATE) for n, value in enumerate(samples))
    imaginary = sum(value * math.sin(2 * math.pi * hertz * n / RATE) for n, value in enumerate(samples))
    return math.hypot(real, imaginary) / len(samples)


def test_wav_files_read_back_what_was_written() -> None:
    sound = tone(0.2)

    assert from_wav(to_wav(sound)) == sound


@pytest.mark.parametrize("raw", [b"", b"RIFF", b"no sound at all" * 9])
def test_bytes_that_are_no_wav_are_refused(raw: bytes) -> None:
    with pytest.raises(NotSoundError):
        from_wav(raw)


def test_sounds_of_another_rate_keep_their_length_and_pitch() -> None:
    joined = join([tone(0.5, rate=16_000), silence(0.1)])

    assert joined.rate == RATE
    assert joined.seconds == pytest.approx(0.6, abs=0.001)
    assert strength(joined.samples, 440) > 20 * strength(joined.samples, 600)
