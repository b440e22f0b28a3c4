"""What a screen shows of languages, and of how calm it stands while nobody is there."""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class Calm:
    """How a first screen stands while nobody is there: a hint, and by how many millimetres it is shifted."""

    hint: str = ""
    right_mm: float = 0.0
    up_mm: float = 0.0


AWAKE = Calm()
"""Somebody is there, or was a moment ago."""
