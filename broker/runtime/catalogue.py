"""Catalogues of the words that people read: `PACKAGE/texts/{lang}.po`, with symbolic keys as message ids.

A catalogue's languages are the files that are there; a language is added by adding a file, here or in a folder of the
centre's own (`LUOT_TEXTS=FOLDER`, with `FOLDER/PACKAGE/{lang}.po`). Vietnamese is complete, any other language may lack
a key and then shows the Vietnamese words. A file of the centre's own that is faulty costs at most its own words.
"""

from __future__ import annotations

import io
import os
import string
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from babel.messages.pofile import PoFileError, read_po

from broker.contract.texts import FALLBACK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from broker.contract.errors import Code, PrintError
    from broker.contract.payloads import Text


log = structlog.get_logger()

FOLDER = "LUOT_TEXTS"
"""The environment variable that names the folder of the centre's own catalogues."""

OWN_FOLDERS = {"devices.speech": "broker.speech", "displays.board.voice": "displays.voice"}
"""Packages whose folder in `LUOT_TEXTS` has another name: files that centres have written do not move with code."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of one package: `words[lang][key]`, where a word may hold `{name}` places for values."""

    words: Mapping[str, Mapping[str, str]]

    @property
    def languages(self) -> tuple[str, ...]:
        """Vietnamese first, then the others by their code."""
        return (FALLBACK, *sorted(lang for lang in self.words if lang != FALLBACK))

    @property
    def keys(self) -> frozenset[str]:
        """Every key that may be asked for."""
        return frozenset(self.words[FALLBACK])

    def say(self, key: str, lang: str, **values: object) -> str:
        """Give the words in a language, else in Vietnamese; an unknown key or a value left out is a KeyError."""
        word = self.words.get(lang, {}).get(key) or self.words[FALLBACK][key]
        return word.format(**values)

    def text(self, key: str, **values: object) -> Text:
        """Give the words in every language that has them, as `{"vi": ..., "en": ...}`; an unknown key is a KeyError."""
        spoken = (lang for lang in self.languages if lang == FALLBACK or self.words[lang].get(key))
        return {lang: self.say(key, lang, **values) for lang in spoken}


def parse_po(raw: bytes) -> dict[str, str]:
    """Give the words of one `.po` file by key; entries without a translation and fuzzy ones are left out."""
    found: dict[str, str] = {}
    for message in read_po(io.BytesIO(raw), abort_invalid=True):
        if isinstance(message.id, str) and isinstance(message.string, str) and not message.fuzzy:
            found[message.id] = message.string
    return {key: word for key, word in found.items() if key and word}


@cache
def catalogue(package: str) -> Catalogue:
    """Read the catalogue of a package (`"kiosk"`); one without Vietnamese is a FileNotFoundError."""
    folder = files(package).joinpath("texts")
    words = {
        entry.name.removesuffix(".po"): parse_po(entry.read_bytes())
        for entry in folder.iterdir()
        if entry.name.endswith(".po")
    }
    if FALLBACK not in words:
        raise FileNotFoundError(f"{package}/texts has no {FALLBACK}.po")
    own = os.environ.get(FOLDER)
    return Catalogue(with_own(words, Path(own) / OWN_FOLDERS.get(package, package)) if own else words)


def with_own(words: Mapping[str, Mapping[str, str]], folder: Path) -> dict[str, Mapping[str, str]]:
    """Give the words with those of a folder's catalogues over them; what cannot be used is left out and logged.

    A word may only name values that the Vietnamese one has: another would stop the screen on which it is said.
    """
    merged = dict(words)
    for file in sorted(folder.glob("*.po")):
        try:
            own = parse_po(file.read_bytes())
        except (OSError, ValueError, PoFileError) as error:
            log.warning("catalogue_unreadable", file=str(file), reason=str(error))
            continue
        fitting = {key: word for key, word in own.items() if places(word) <= places(words[FALLBACK].get(key, ""))}
        unusable = sorted(set(own) - set(fitting))
        if unusable:
            log.warning("words_left_out", file=str(file), keys=unusable)
        merged[file.stem] = {**words.get(file.stem, {}), **fitting}
    return merged


def places(word: str) -> set[str]:
    """Give the names of the values that a word has places for; one that is not well-formed has a place for anything."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(word) if name is not None}
    except ValueError:
        return {word}


def error_text(code: Code | PrintError) -> Text:
    """Give the words that a person reads for an error code, in every language."""
    return catalogue("broker").text(f"error.{code.value}")
