"""Finding what somebody types, with marks or without, among names in several languages; pure.

What is typed are words, and each must begin a word of what is found: "ho so dat" finds "Nộp hồ sơ đất đai". A letter
that is typed bare matches it with any mark (a: a ă â, d: d đ), one typed with its mark matches only that letter. A tone
that is typed must be the tone of the word, wherever it was put ("hoà" finds "Hòa"); a word typed without one matches
any. So nothing disappears while a word is being typed in Telex: d, đ, đa, đâ, đât, đất all find "Đất".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from kiosk.flow.diacritics import bare, untoned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BETWEEN_WORDS = re.compile(r"[\W_]+")
_BEGINS, _HOLDS, _ALL_IN_NAME, _WITH_GROUP = range(4)
_GRADES = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found: its name, and further words that find it (its group, a code), both by language."""

    id: str
    name: Mapping[str, str]
    group: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Word:
    """A word in lower case: its letters without the tone, the same without any mark, and its tone."""

    letters: str
    bare: str
    tone: str

    def begins(self, other: Word) -> bool:
        """Tell whether this word, as it was typed, begins another one."""
        if self.tone not in {"", other.tone} or not other.bare.startswith(self.bare):
            return False
        return self.letters == self.bare or all(
            typed in (there, plain)
            for typed, there, plain in zip(self.letters, other.letters, other.bare, strict=False)
        )


def search(entries: Iterable[Entry], typed: str, lang: str) -> tuple[str, ...]:
    """Give the ids of what is found, best first; nothing typed finds nothing.

    First those whose name begins so, then those whose name holds the words one after another, then those that have them
    all somewhere in the name, then with the group; each in the reader's language before any other, and in given order.
    """
    wanted = words_of(typed)
    if not wanted:
        return ()
    needed = tuple(f" {word.bare}" for word in wanted)
    graded = ((_grade(entry, wanted, needed, lang), entry.id) for entry in entries)
    found = [(grade, found) for grade, found in graded if grade is not None]
    return tuple(entry for _, entry in sorted(found, key=lambda pair: pair[0]))


@lru_cache(maxsize=8192)
def words_of(text: str) -> tuple[Word, ...]:
    """Give the words of a text; whatever is no letter and no digit stands between them."""
    # A mark that stands apart from its letter is no part of a word for the splitting.
    whole = unicodedata.normalize("NFC", text).lower()
    return tuple(_word(piece) for piece in _BETWEEN_WORDS.split(whole) if piece)


@lru_cache(maxsize=4096)
def _word(piece: str) -> Word:
    letters, tone = untoned(piece)
    return Word(letters, bare(letters), tone)


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    """Give the bare words of a text with a space before each: what does not stand there needs no closer look."""
    return "".join(f" {word.bare}" for word in words_of(text))


def _grade(entry: Entry, wanted: tuple[Word, ...], needed: tuple[str, ...], lang: str) -> int | None:
    grades = []
    for spoken in {*entry.name, *entry.group}:
        name, group = entry.name.get(spoken, ""), entry.group.get(spoken, "")
        there = _plain(name) + _plain(group)
        if not all(word in there for word in needed):
            continue
        grade = _grade_in(words_of(name), words_of(group), wanted)
        if grade is not None:
            grades.append(grade if spoken == lang else grade + _GRADES)
    return min(grades, default=None)


def _grade_in(name: tuple[Word, ...], group: tuple[Word, ...], wanted: tuple[Word, ...]) -> int | None:
    first = wanted[0]
    for at in range(len(name) - len(wanted) + 1):
        if first.begins(name[at]) and all(word.begins(name[at + step]) for step, word in enumerate(wanted)):
            return _HOLDS if at else _BEGINS
    if _all_in(wanted, name):
        return _ALL_IN_NAME
    return _WITH_GROUP if _all_in(wanted, name + group) else None


def _all_in(wanted: tuple[Word, ...], words: tuple[Word, ...]) -> bool:
    return all(any(word.begins(other) for other in words) for word in wanted)
