"""A language that nobody speaks: Vietnamese made longer, marked and bracketed; pure.

Shown on every screen it proves what a test can see: a text without brackets stands in the code and not in a catalogue,
and a text that is cut off would be cut off in a real language too.
"""

from __future__ import annotations

import math
import re
from itertools import cycle

from broker.contract.texts import FALLBACK
from broker.runtime.catalogue import Catalogue

PSEUDO = "qps"
"""A code that is reserved for private use."""
LONGER = 0.4
"""By so much longer than Vietnamese; English takes 10 to 20 % more, French and German 30."""
PATTERNS = ("date", "slip.date", "slip.time")
"""Keys that hold patterns of dates and not words."""

_PLACES = re.compile(r"(\{[^}]*\})")
_MARKED = str.maketrans("aeioucnsztdlrgyAEIOUCNSZTDLRGY", "áéíóúçñšžťďľřğýÁÉÍÓÚÇÑŠŽŤĎĽŘĞÝ")


def lengthened(text: str) -> str:
    """Give a text in the pseudo-language; places for values stay as they are, an empty text stays empty."""
    if not text:
        return text
    words = [word for word in _PLACES.sub(" ", text).split() if word.isalpha()] or ["x"]
    wanted = math.ceil(LONGER * len(_PLACES.sub("", text)))
    added: list[str] = []
    for word in cycle(reversed(words)):
        if sum(len(part) + 1 for part in added) >= wanted:
            break
        added.append(word)
    parts = [part if _PLACES.fullmatch(part) else part.translate(_MARKED) for part in _PLACES.split(text)]
    return f"[{''.join(parts)} {' '.join(added).translate(_MARKED)}]"


def with_pseudo(words: Catalogue) -> Catalogue:
    """Give a catalogue that knows the pseudo-language too."""
    base = words.words[FALLBACK]
    return Catalogue({**words.words, PSEUDO: {key: pseudo_word(key, word) for key, word in base.items()}})


def pseudo_word(key: str, word: str) -> str:
    """Give a word of a catalogue in the pseudo-language; a pattern of dates stays as it is."""
    return word if key in PATTERNS else lengthened(word)


def with_pseudo_texts(data: object) -> object:
    """Give a configuration as it comes over the wire, every text of it in the pseudo-language too."""
    if isinstance(data, list | tuple):
        return [with_pseudo_texts(part) for part in data]
    if not isinstance(data, dict):
        return data
    if isinstance(data.get(FALLBACK), str):
        return {**data, PSEUDO: lengthened(data[FALLBACK])}
    return {key: with_pseudo_texts(part) for key, part in data.items()}


def bare(text: str) -> str:
    """Give what of a text stands outside all brackets."""
    depth, outside = 0, []
    for character in text:
        depth += character == "["
        if depth == 0:
            outside.append(character)
        depth -= character == "]"
    return "".join(outside)
