"""What a first screen says and how it stands while nobody is there, and the choice of a language; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.flow.state import Welcome
from kiosk.flow.step import closes_in
from kiosk.views.first_body import AWAKE, Calm, Language, LanguagesBody, LanguageTile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from broker.runtime.catalogue import Catalogue
    from kiosk.views.context import Sight

CALM_AFTER_S = 60.0
STEP_S = 20.0
"""So long a hint stands, and what is drawn stands at one place."""
SHIFTS_MM = ((0.0, 0.0), (3.0, 1.0), (-2.0, 2.0), (4.0, -1.0), (-4.0, 1.0), (2.0, -2.0), (-3.0, -1.0))
"""To the right and upwards. No step comes back to the same pixels with the same hint for a while."""
SIDE_BY_SIDE = 3
"""More languages than these do not stand on every screen, but on a page of their own."""


def calm(sight: Sight) -> Calm:
    """Give the hint and the shift of the present moment; `AWAKE` while somebody is there."""
    state, moment = sight.state, sight.moment
    quiet = moment.real - state.touched - CALM_AFTER_S
    if not isinstance(state.view, Welcome) or quiet < 0 or closes_in(state, moment) is not None:
        return AWAKE
    at, said = int(quiet // STEP_S), hints(sight)
    return Calm(said[at % len(said)], *SHIFTS_MM[at % len(SHIFTS_MM)])


def doors(sight: Sight) -> tuple[str, str, str, str]:
    """Give what can be done without a number: looking for a slip, and reading about procedures where there are some."""
    ways = ["welcome.find", "welcome.find.note", "welcome.read", "welcome.read.note"]
    find, find_note, read, read_note = (sight.say(way) for way in ways)
    return (find, find_note, read, read_note) if sight.state.book.titles else (find, find_note, "", "")


def hints(sight: Sight) -> tuple[str, ...]:
    """Give what a first screen tells in turn; each names the button that it speaks of as it is written there."""
    buttons = {"number": "welcome.start", "slip": "welcome.find", "read": "welcome.read", "access": "access.open"}
    if not sight.state.book.titles:
        del buttons["read"]
    return tuple(sight.say(f"calm.{hint}", button=sight.say(button)) for hint, button in buttons.items())


def language_name(words: Catalogue, code: str) -> str:
    """Give a language's own name, or its code where no catalogue has it."""
    return words.words.get(code, {}).get("lang.name") or code.upper()


def languages(words: Catalogue, codes: Sequence[str], chosen: str) -> tuple[Language, ...]:
    """Give the languages that can be chosen."""
    return tuple(Language(code, language_name(words, code), code == chosen) for code in codes)


def opens_languages(sight: Sight) -> str:
    """Give the word of the button that opens the choice of a language; empty where all stand side by side."""
    return sight.say("lang.open") if len(sight.config.languages) > SIDE_BY_SIDE else ""


def language_sheet(sight: Sight) -> LanguagesBody:
    """Give every language."""
    every = languages(sight.words, sight.config.languages, sight.state.lang)
    tiles = tuple(LanguageTile(language.code, language.name, language.chosen) for language in every)
    return LanguagesBody(sight.say("lang.title"), tiles)
