"""What is read aloud of a screen: its title and texts, then each choice with the key that chooses it; pure.

Works for any face: what stands on a target is a choice, all else is read before. Where nobody can speak the chosen
language, `told` is the same screen in one that somebody can.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devices.speech.numbers import number_words
from devices.speech.spoken import Utterance, spoken_number, words_of
from kiosk.views.parts import Choice
from kiosk.views.words import words_of as texts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from broker.runtime.catalogue import Catalogue
    from kiosk.views.view_model import ViewModel

KEYS = 9
"""So many targets have a key of their own."""
_UNREAD = re.compile(r"(^|\.)(closes|keys|letters|which)\b")
"""Fields that change by the second, or are keys of a keyboard."""
_TICKET = re.compile(r"\b(?:[A-ZĐ]{1,2}\d{3,5}|[A-ZĐ]{1,2}\d?-\d{3,4})\b")
_TIME = re.compile(r"\b(\d{1,2}):(\d{2})\b")
_RANGE = re.compile(r"(\d)\s*–\s*(\d)")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Guide:
    """Reads faces in one language with the words of the kiosk's catalogue."""

    words: Catalogue
    lang: str

    def sentences(self, shown: ViewModel, told: ViewModel, targets: Sequence[Sequence[str]]) -> tuple[Utterance, ...]:
        """Give what is read of a face; `targets` are the texts on each target, as the screen shows them, in order."""
        said = in_other_words(shown, told)
        on_targets = {text for target in targets for text in target}
        part = told.warning or told.body
        texts = [text for path, text in texts_of(part) if not _UNREAD.search(path)]
        shown_texts = [text for path, text in texts_of(shown.warning or shown.body) if not _UNREAD.search(path)]
        before = [text for text, original in zip(texts, shown_texts, strict=False) if original not in on_targets]
        names = [", ".join(said.get(text, text) for text in target) for target in targets]
        lines = [*before, *self._chosen(told), *self._choices(names)]
        return tuple(Utterance(self.lang, self.spoken(line)) for line in dict.fromkeys(lines) if speakable(line))

    def focused(self, name: str) -> Utterance:
        """Give what is read when the focus comes to a target."""
        return Utterance(self.lang, self.spoken(name))

    def spoken(self, text: str) -> str:
        """Write a text as it is read: tickets letter by letter, times and numbers as words."""
        word = words_of(self.lang)
        text = _TICKET.sub(lambda found: spoken_number(found[0], word), text)
        text = _RANGE.sub(lambda found: f"{found[1]} {self._say('to')} {found[2]}", text)
        text = _TIME.sub(self._time, text)
        text = text.replace(" – ", ", ").replace("–", f" {self._say('to')} ").replace(" · ", ", ")
        text = " ".join(text.split()).replace(" ,", ",")
        return _NUMBER.sub(lambda found: number_words(int(found[0]), self.lang, word), text)

    def _say(self, key: str, **values: object) -> str:
        return self.words.say(f"guide.{key}", self.lang, **values)

    def _time(self, found: re.Match[str]) -> str:
        hour, minute = (number_words(int(part), self.lang, words_of(self.lang)) for part in found.groups())
        return self._say("time", hour=hour, minute=minute) if int(found[2]) else self._say("hour", hour=hour)

    def _chosen(self, face: ViewModel) -> list[str]:
        groups = (getattr(face.body, name, ()) for name in ("choices", "reasons"))
        names = [choice.name for group in groups for choice in group if isinstance(choice, Choice) and choice.chosen]
        return [self._say("chosen", names=", ".join(names))] if names else []

    def _choices(self, names: Sequence[str]) -> list[str]:
        lines = [self._say("choice", number=number, name=name) for number, name in enumerate(names[:KEYS], 1)]
        return [*lines, self._say("more")] if len(names) > KEYS else lines


def in_other_words(shown: ViewModel, told: ViewModel) -> dict[str, str]:
    """Give for each text of a face the one that says the same in another language."""
    other = dict(texts_of(told))
    return {text: other.get(path, text) for path, text in texts_of(shown)}


def speakable(text: str) -> bool:
    """Tell whether there is anything to say: marks alone are not."""
    return any(character.isalnum() for character in text)


def topic(face: ViewModel) -> tuple[object, ...]:
    """Give what makes a screen another one to a listener; times and counts that change do not."""
    body = face.body
    chosen = tuple(part for name in ("choices", "reasons") for part in getattr(body, name, ()) if part.chosen)
    told = (getattr(body, name, "") for name in ("title", "question", "slip", "note", "status"))
    lang = next((language.code for language in face.top.languages if language.chosen), "")
    return (type(body), *told, chosen, bool(face.warning), lang)
