"""What stands around the sentences of a call: the chime, and a breath after each."""

from __future__ import annotations

import math
from array import array
from functools import cache

from devices.speech.sound import RATE, Sound, join, silence

PAUSE_S = 0.4
LEAD_S = 0.15
"""Silence before the chime: amplifiers swallow the first moments."""

_STRIKE_S = 0.55
_TAIL_S = 1.0
_NOTES_HZ = (659.26, 523.25)
"""A falling third, struck one note after the other."""

_PARTIALS = ((1.0, 0.62), (2.0, 0.22), (3.01, 0.10))
"""Multiples of the note and their loudness: a struck bar, not a plain tone."""


@cache
def chime() -> Sound:
    """Give the two struck notes that stand before every call."""
    total = int((_STRIKE_S * (len(_NOTES_HZ) - 1) + _TAIL_S) * RATE)
    mixed = [0.0] * total
    for order, note in enumerate(_NOTES_HZ):
        start = int(order * _STRIKE_S * RATE)
        for index in range(total - start):
            mixed[start + index] += _struck(note, index / RATE)
    loudest = max(abs(value) for value in mixed)
    return Sound(array("h", (int(value / loudest * 0.5 * 32767) for value in mixed)))


def _struck(note_hz: float, seconds: float) -> float:
    attack = min(1.0, seconds / 0.006)
    ring = sum(
        loud * math.exp(-seconds * 3.2 * multiple) * math.sin(2 * math.pi * note_hz * multiple * seconds)
        for multiple, loud in _PARTIALS
    )
    return attack * ring


def announcement(sentences: list[Sound]) -> Sound:
    """Give the chime and then the sentences, with a breath between."""
    parts = [silence(LEAD_S), chime()]
    for sentence in sentences:
        parts += [sentence, silence(PAUSE_S)]
    return join(parts)
