from __future__ import annotations

import math
from array import array

import pytest

from devices.speech.sound import RATE, Sound
from displays.board.voice.chime import LEAD_S, PAUSE_S, announcement, chime


def tone(seconds: float, hertz: float = 440.0, rate: int = RATE) -> Sound:
    return Sound(
        array("h", (int(9000 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(int(seconds * rate)))), rate
    )


def loudness(samples: array[int]) -> float:
    return math.sqrt(sum(value * value for value in samples) / max(1, len(samples))) / 32768


def strength(samples: array[int], hertz: float) -> float:
    """How much of one frequency there is (a single bin of a Fourier transform)."""
    real = sum(value * math.cos(2 * math.pi * hertz * n / RATE) for n, value in enumerate(samples))
    imaginary = sum(value * math.sin(2 * math.pi * hertz * n / RATE) for n, value in enumerate(samples))
    return math.hypot(real, imaginary) / len(samples)


def test_the_chime_is_two_falling_notes_that_ring_out() -> None:
    samples = chime().samples
    first, second = samples[: int(0.5 * RATE)], samples[int(0.6 * RATE) :]

    assert 1.0 < chime().seconds < 2.0
    assert strength(first, 659.26) > 5 * strength(first, 523.25)
    assert strength(second, 523.25) > 2 * strength(second, 659.26)
    assert loudness(samples[-RATE // 10 :]) < 0.15 * loudness(first)
    assert 0.3 < max(samples) / 32768 <= 0.51


def test_an_announcement_has_the_chime_first_and_a_breath_after_each_sentence() -> None:
    sentence = tone(1.0)
    whole = announcement([sentence, sentence])

    assert whole.seconds == pytest.approx(LEAD_S + chime().seconds + 2 * (1.0 + PAUSE_S), abs=0.01)
    lead = int(LEAD_S * RATE)
    assert whole.samples[lead : lead + len(chime().samples)] == chime().samples
    assert loudness(whole.samples[:lead]) == 0
