"""Which key is which button, on a number pad and on a serial pad. Pure."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from broker.contract.payloads import Button

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_CODES: Mapping[str, int] = {
    "Enter": 28, "KeypadEnter": 96, "KeypadPlus": 78, "KeypadMinus": 74, "Backspace": 14,
    "Keypad1": 79, "Keypad2": 80, "Keypad3": 81, "Keypad4": 75, "Keypad5": 76, "Keypad6": 77,
    "Keypad7": 71, "Keypad9": 73,
}  # fmt: skip
"""The numbers that Linux gives the keys of a USB number pad (input-event-codes.h)."""

NUMBER_PAD: Mapping[str, Button] = {
    "KeypadEnter": Button.NEXT,
    "Enter": Button.NEXT,
    "KeypadPlus": Button.RECALL,
    "Keypad1": Button.START,
    "Keypad2": Button.FINISH,
    "Keypad3": Button.NO_SHOW,
    "Keypad4": Button.PARK,
    "Keypad5": Button.PAUSE,
    "Keypad6": Button.RESUME,
    "Keypad7": Button.OPEN,
    "Keypad9": Button.CLOSE,
    "KeypadMinus": Button.UNDO,
    "Backspace": Button.UNDO,
}
"""The large key calls the next one; keys that are not named do nothing."""

_BY_CODE = {KEY_CODES[name]: button for name, button in NUMBER_PAD.items()}

SERIAL_KEYS: Mapping[int, Button] = {0x20 + order: button for order, button in enumerate(Button)}
"""Codes of a serial pad, from 0x20 on in the order of the contract."""

_EVENT = struct.Struct("@llHHi")
EVENT_BYTES = _EVENT.size
"""Seconds, microseconds, type, code, value: one event as Linux writes it."""

_EV_KEY = 1
_KEY_DOWN = 1


def key_event(kind: int, code: int, value: int) -> bytes:
    """Write one event as Linux does."""
    return _EVENT.pack(0, 0, kind, code, value)


def pressed(raw: bytes) -> list[Button]:
    """Give the buttons of whole events: only keys that go down, not their letting go and not their repeating."""
    events = _EVENT.iter_unpack(raw[: len(raw) // EVENT_BYTES * EVENT_BYTES])
    down = (code for _, _, kind, code, value in events if kind == _EV_KEY and value == _KEY_DOWN)
    return [_BY_CODE[code] for code in down if code in _BY_CODE]


def named(word: str) -> Button | None:
    """Give the button that a typed word names, or None."""
    try:
        return Button(word.strip().lower().replace("-", "_"))
    except ValueError:
        return None
