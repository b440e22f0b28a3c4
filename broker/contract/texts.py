"""Texts for people on the wire: objects by language, read with a fallback to Vietnamese."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FALLBACK = "vi"
"""The language every text has."""


def pick(text: Mapping[str, str], lang: str) -> str:
    """Give the text in a language, else in Vietnamese, else in whatever it has; an empty text gives an empty string."""
    return text.get(lang) or text.get(FALLBACK) or next(iter(text.values()), "")
