"""Which key is which button, on a number pad and on a serial pad. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broker.contract.payloads import Button

if TYPE_CHECKING:
    from collections.abc import Mapping

NUMBER_PAD: Mapping[str, Button] = {
    "KEY_KPENTER": Button.NEXT,
    "KEY_ENTER": Button.NEXT,
    "KEY_KPPLUS": Button.RECALL,
    "KEY_KP1": Button.START,
    "KEY_KP2": Button.FINISH,
    "KEY_KP3": Button.NO_SHOW,
    "KEY_KP4": Button.PARK,
    "KEY_KP5": Button.PAUSE,
    "KEY_KP6": Button.RESUME,
    "KEY_KP7": Button.OPEN,
    "KEY_KP9": Button.CLOSE,
    "KEY_KPMINUS": Button.UNDO,
    "KEY_BACKSPACE": Button.UNDO,
}
"""Linux key names of a USB number pad. The large key calls the next one; keys that are not named do nothing."""

SERIAL_KEYS: Mapping[int, Button] = {0x20 + order: button for order, button in enumerate(Button)}
"""Codes of a serial pad, from 0x20 on in the order of the contract."""

_KEY_DOWN = 1


def pressed(key: str, value: int) -> Button | None:
    """Give the button of a key event; letting go, the repeating of a key held down, and other keys give None."""
    return NUMBER_PAD.get(key) if value == _KEY_DOWN else None


def named(word: str) -> Button | None:
    """Give the button that a typed word names, or None."""
    try:
        return Button(word.strip().lower().replace("-", "_"))
    except ValueError:
        return None
