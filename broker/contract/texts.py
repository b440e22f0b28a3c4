"""Texts for people on the wire: objects by language, read with a fallback to Vietnamese."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FALLBACK = "vi"
"""The language every text has."""
LONGEST_TEXT: Final = 500
LONGEST_WORD: Final = 80
"""Letters that a text of a configuration may have, and one word of it: no screen and no slip has room for more."""
_ENDLESS: Final = re.compile(rf"(\S{{{LONGEST_WORD - 1}}})\S{{2,}}")


def pick(text: Mapping[str, str], lang: str) -> str:
    """Give the text in a language, else in Vietnamese, else in whatever it has; an empty text gives an empty string."""
    return text.get(lang) or text.get(FALLBACK) or next(iter(text.values()), "")


def readable(text: Mapping[str, str], lang: str) -> str:
    """Give the text in a language as far as any screen or slip has room for it."""
    return bounded(pick(text, lang))


def bounded(words: str) -> str:
    """Cut off what no screen and no slip has room for: to lay out an endless text takes seconds."""
    return without_endless(words if len(words) <= LONGEST_TEXT else f"{words[: LONGEST_TEXT - 1]}…")


def without_endless(words: str) -> str:
    """Give words of which none is longer than a line could ever be."""
    return _ENDLESS.sub(r"\1…", words) if len(words) > LONGEST_WORD else words
