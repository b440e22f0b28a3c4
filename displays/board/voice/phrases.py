"""What the voice says, as text: pure, from the catalogue `displays/voice/texts`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from broker.contract.texts import FALLBACK
from devices.speech.spoken import Utterance, spoken_label, spoken_number, words_of

if TYPE_CHECKING:
    from broker.contract.payloads import Call
    from broker.runtime.catalogue import Catalogue

REPEATS = 2
"""Every call is said so often in each of its languages."""


class Address(StrEnum):
    """How a citizen is addressed; a setting of the board."""

    CITIZEN = "citizen"
    GUEST = "guest"
    ELDER = "elder"


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
            number=spoken_number(call.number, words_of(lang)),
            counter=spoken_label(call.label, lang, words_of(lang)),
        )

    def _is_spoken(self, lang: str) -> bool:
        return lang in self.languages and lang in self.words.languages
