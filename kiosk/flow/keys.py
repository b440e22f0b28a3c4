"""Keys of a keyboard: what each is called, and what it means to a code reader, whatever layout the computer has; pure.

A code reader is a keyboard that presses keys of the American layout. On a computer with another layout (on the
Vietnamese one the row of digits types letters) the same keys type something else, so a key is known by its place:
the usage of USB HID, which SDL calls the scancode.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

UNKNOWN: Final = "\ufffd"
"""Stands for a character that is composed with Alt, as some readers type Vietnamese letters."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key that was pressed.

    `name`: what it is called, by its place on the American layout: `a`, `1`, `enter`, `up`, `numpad1`.
    `meant`: the character that a code reader means by it; empty for a key without one, or with Ctrl or Meta.
    `typed`: what it types for a person in the layout of the computer; empty where it types nothing.
    """

    name: str
    meant: str = ""
    typed: str = ""


_PLAIN: Final = "abcdefghijklmnopqrstuvwxyz1234567890"
_SHIFTED: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$%^&*()"
_SIGNS: Final = ((45, "-", "_"), (46, "=", "+"), (47, "[", "{"), (48, "]", "}"), (49, "\\", "|"), (50, "\\", "|"),
                 (51, ";", ":"), (52, "'", '"'), (53, "`", "~"), (54, ",", "<"), (55, ".", ">"), (56, "/", "?"),
                 (44, " ", " "), (100, "\\", "|"))  # fmt: skip
_CHARACTERS: Final = dict(enumerate(zip(_PLAIN, _SHIFTED, strict=True), 4)) | {
    at: (plain, shifted) for at, plain, shifted in _SIGNS
}
_NUMPAD: Final = dict(zip(range(84, 88), "/*-+", strict=True)) | dict(zip(range(89, 100), "1234567890.", strict=True))
_NAMED: Final = {
    40: "enter", 41: "escape", 42: "backspace", 43: "tab", 44: "space", 73: "insert", 74: "home", 75: "pageup",
    76: "delete", 77: "end", 78: "pagedown", 79: "right", 80: "left", 81: "down", 82: "up", 88: "enter",
} | {at: f"f{at - 57}" for at in range(58, 70)}  # fmt: skip
_SILENT: Final = frozenset({57, 83, *range(224, 232)})
"""Caps Lock, Num Lock, and the keys that only change others."""


def key_of(scancode: int, modifiers: Collection[str]) -> Key | None:
    """Give the key at a place of the keyboard, without what it types; None for one that only changes others.

    `modifiers` are Kivy's words for what is held down. Caps Lock changes nothing: a reader does not know of it.
    """
    if scancode in _SILENT:
        return None
    pad = _NUMPAD.get(scancode, "")
    plain, shifted = _CHARACTERS.get(scancode, (pad, pad))
    name = f"numpad{pad}" if pad else _NAMED.get(scancode) or plain or f"key{scancode}"
    character = shifted if "shift" in modifiers else plain
    if "ctrl" in modifiers or "meta" in modifiers:
        character = ""
    return Key(name, UNKNOWN if character and "alt" in modifiers else character)
