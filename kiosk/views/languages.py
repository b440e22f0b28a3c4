"""The choice of a language; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from broker.runtime.catalogue import Catalogue
    from kiosk.views.context import ViewContext


@dataclass(frozen=True, slots=True)
class Language:
    """A language that can be chosen."""

    code: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class LanguageTile:
    """A language on the page of all of them; the id is its code."""

    id: str
    name: str
    chosen: bool
    icon: str = "globe"


@dataclass(frozen=True, slots=True)
class LanguagesBody:
    """Every language, where there are too many to stand on each screen."""

    title: str
    choices: tuple[LanguageTile, ...]


SIDE_BY_SIDE = 3
"""More languages than these do not stand on every screen, but on a page of their own."""


def language_name(words: Catalogue, code: str) -> str:
    """Give a language's own name, or its code where no catalogue has it."""
    return words.words.get(code, {}).get("lang.name") or code.upper()


def languages(words: Catalogue, codes: Sequence[str], chosen: str) -> tuple[Language, ...]:
    """Give the languages that can be chosen."""
    return tuple(Language(code, language_name(words, code), code == chosen) for code in codes)


def opens_languages(context: ViewContext) -> str:
    """Give the word of the button that opens the choice of a language; empty where all stand side by side."""
    return context.say("lang.open") if len(context.config.languages) > SIDE_BY_SIDE else ""


def language_sheet(context: ViewContext) -> LanguagesBody:
    """Give every language."""
    every = languages(context.words, context.config.languages, context.state.lang)
    tiles = tuple(LanguageTile(language.code, language.name, language.chosen) for language in every)
    return LanguagesBody(context.say("lang.title"), tiles)
