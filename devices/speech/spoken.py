"""Tickets and labels as words: pure, from the catalogue `broker/speech/texts`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broker.contract.texts import pick
from broker.runtime.catalogue import catalogue
from devices.speech.numbers import digit_words, number_words

if TYPE_CHECKING:
    from broker.contract.payloads import Text
    from devices.speech.numbers import Word

_PARTS = re.compile(r"\d+|[^\W\d_]+|\s+|[^\w\s]+|_+")
_SYMBOLS = re.compile(r"\d|[^\W\d_]|[\W_]+")


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence in one language."""

    lang: str
    text: str


def words_of(lang: str) -> Word:
    """Give the words for digits, numbers and letters in a language."""
    return lambda key: catalogue("devices.speech").say(key, lang)


def spoken_number(number: str, word: Word) -> str:
    """Read a ticket's number: letters by their names, digits one by one, a pause for anything between."""
    parts: list[str] = []
    for symbol in _SYMBOLS.findall(number):
        if symbol.isdecimal():
            parts.append(digit_words(str(int(symbol)), word))
        elif symbol.isalpha():
            parts.append(_letter(symbol, word))
        elif parts:
            parts[-1] += ","
    return " ".join(parts).rstrip(",")


def spoken_label(label: Text, lang: str, word: Word) -> str:
    """Read a counter's label: its numbers as words, lone letters by their names, the rest as it is written."""
    spoken: list[str] = []
    named = False
    for part in _PARTS.findall(pick(label, lang)):
        if part.isdecimal():
            lead = word("label.number") if named and word("label.number") not in spoken else ""
            spoken += [lead, number_words(int(part), lang, word)]
        elif part.isalpha():
            spoken.append(_letter(part, word) if len(part) == 1 else _plain(part, first=not spoken))
        else:
            continue
        named = len(part) > 1 and part.isalpha()
    return " ".join(part for part in spoken if part)


def _letter(letter: str, word: Word) -> str:
    try:
        return word(f"letter.{letter.upper()}")
    except KeyError:
        return letter


def _plain(part: str, *, first: bool) -> str:
    return part[0].lower() + part[1:] if first and part[1:].islower() else part
