"""What the voice says, as text: pure, from the catalogue `displays/voice/texts`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from broker.contract.texts import FALLBACK, pick
from displays.voice.numbers import digit_words, number_words

if TYPE_CHECKING:
    from broker.contract.payloads import Call, Text
    from broker.texts import Catalogue
    from displays.voice.numbers import Word

REPEATS = 2
"""Every call is said so often in each of its languages."""

_PARTS = re.compile(r"\d+|[^\W\d_]+|\s+|[^\w\s]+|_+")
_SYMBOLS = re.compile(r"\d|[^\W\d_]|[\W_]+")


class Address(StrEnum):
    """How a citizen is addressed; a setting of the board."""

    CITIZEN = "citizen"
    GUEST = "guest"
    ELDER = "elder"


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence in one language."""

    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of every language and how people are addressed; `languages` are those that may be heard."""

    words: Catalogue
    address: Address = Address.CITIZEN
    languages: tuple[str, ...] = (FALLBACK, "en")

    def script(self, call: Call) -> tuple[Utterance, ...]:
        """Give the sentences of a call: Vietnamese first, then the ticket's language if another, all of it twice."""
        further = [call.lang] if call.lang != FALLBACK and self._is_spoken(call.lang) else []
        once = [Utterance(lang, self.sentence(call, lang)) for lang in (FALLBACK, *further)]
        return tuple(once * REPEATS)

    def sentence(self, call: Call, lang: str) -> str:
        """Give the sentence that asks the holder of a number to a counter."""
        return self.words.say(
            "call",
            lang,
            address=self.words.say(f"address.{self.address.value}", lang),
            number=spoken_number(call.number, self._word(lang)),
            counter=spoken_label(call.label, lang, self._word(lang)),
        )

    def _is_spoken(self, lang: str) -> bool:
        return lang in self.languages and lang in self.words.languages

    def _word(self, lang: str) -> Word:
        return lambda key: self.words.say(key, lang)


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
