"""Vietnamese letters taken apart: the letter with its own mark (ă â đ ê ô ơ ư), the tone, the bare letter; pure."""

from __future__ import annotations

import unicodedata

GRAVE, ACUTE, TILDE, HOOK, DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
TONES = (GRAVE, ACUTE, TILDE, HOOK, DOT)


def untoned(text: str) -> tuple[str, str]:
    """Give a text without its tones, its letters whole, and the last tone it had (empty for none)."""
    if text.isascii():
        return text, ""
    parts = unicodedata.normalize("NFD", text)
    tone = next((part for part in reversed(parts) if part in TONES), "")
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES)), tone


def bare(text: str) -> str:
    """Give a text in lower case without any mark, with d for đ."""
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(part for part in parts if not unicodedata.combining(part))
