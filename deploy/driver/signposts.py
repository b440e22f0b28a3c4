"""The words by which a walk finds its way, the same on every screen: home, languages, accessibility, pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from broker.runtime.catalogue import Catalogue

MODES = ("contrast", "large", "low")
"""How somebody may have the screen."""
HOMEWARDS = ("nav.home", "idle.leave", "notice.again", "ticket.done", "access.done", "nav.back", "page.more")
"""What leads to the first screen, the shortest way before the others."""
ENDS = ("staff.exit", "staff.restart")
"""What ends the program."""


@dataclass(frozen=True, slots=True)
class Signposts:
    """The words in one language; `names` are those of the language itself and `others` those of the other ones.

    In large letters a language is called by its code. `blank` is the key whose character cannot be seen.
    """

    names: tuple[str, ...]
    others: tuple[str, ...]
    codes: tuple[str, ...]
    languages: tuple[str, ...]
    access: str
    modes: tuple[str, ...]
    done: str
    earlier: str
    more: str
    home: tuple[str, ...]
    ends: tuple[str, ...]
    blank: str
    reading: str

    @property
    def apart(self) -> frozenset[str]:
        """Give what a walk leaves alone where it meets it: what ends the program, and what a scene tries once."""
        return frozenset({*self.ends, *self.names, *self.others, *self.codes, *self.languages, self.access, self.blank})

    def kind(self, screen: str, labels: Collection[str]) -> str:
        """Give the kind of a screen; where procedures are chosen it is another than where services are."""
        return f"{screen}-to-read" if screen == "groups" and self.reading in labels else screen

    def homewards(self, labels: Collection[str]) -> list[str]:
        """Give those of a screen's targets that may lead home, the likeliest first."""
        return [words for words in self.home if words in labels]


def signposts(languages: Sequence[str], texts: Catalogue) -> Signposts:
    """Give the words that a kiosk's catalogue has in the first of the languages."""
    lang = languages[0]

    def say(keys: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(texts.say(key, lang) for key in keys))

    access, done, earlier, more, blank, reading = say(
        ("access.open", "access.done", "page.earlier", "page.more", "keys.space", "read.search")
    )
    return Signposts(
        names=(texts.say("lang.name", lang), lang.upper()),
        others=tuple(texts.say("lang.name", code) for code in languages[1:]),
        codes=tuple(code.upper() for code in languages),
        languages=tuple(texts.say("lang.open", code) for code in languages),
        access=access, modes=say([f"access.{mode}" for mode in MODES]), done=done, earlier=earlier, more=more,
        home=say(HOMEWARDS), ends=say(ENDS), blank=blank, reading=reading,
    )  # fmt: skip
