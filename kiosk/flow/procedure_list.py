"""The procedures that citizens read, as this kiosk has them: in memory by code, and on disk for when nobody answers.

The file has a head and then one procedure a line, all JSON. It is replaced as a whole; one that is torn, or of another
version of this program, counts as none and the list is fetched again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from broker.contract.payloads import Procedure
from kiosk.flow.search import Entry, search

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from broker.contract.payloads import Text


WARM = "a"
"""Looking for anything once prepares the words of all names."""


@dataclass(frozen=True, slots=True)
class Title:
    """What a list shows of a procedure."""

    code: str
    name: Text
    service: str | None
    group: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """One list of procedures; `lines` are the procedures as JSON, which is a tenth of what they take as objects."""

    revision: str = ""
    titles: tuple[Title, ...] = ()
    entries: tuple[Entry, ...] = ()
    lines: tuple[str, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)

    def title(self, code: str) -> Title | None:
        """Give a title by its code."""
        place = self.places.get(code)
        return None if place is None else self.titles[place]

    def procedure(self, code: str) -> Procedure | None:
        """Give the whole of a procedure by its code."""
        place = self.places.get(code)
        return None if place is None else Procedure.model_validate_json(self.lines[place])

    def find(self, typed: str, lang: str) -> tuple[str, ...]:
        """Give the codes of what is found by words of its name, or by its code; best first."""
        return search(self.entries, typed, lang)


NO_BOOK = Book()


def bind(revision: str, procedures: Iterable[Procedure]) -> Book:
    """Make a book, ready to be searched; takes a while for a long list, so call it outside the event loop."""
    titles, entries, lines = [], [], []
    for one in procedures:
        titles.append(Title(one.code, one.name, one.service, one.group))
        entries.append(Entry(one.code, one.name, dict.fromkeys(one.name, one.code)))
        lines.append(one.model_dump_json(exclude_defaults=True))
    places = {title.code: at for at, title in enumerate(titles)}
    book = Book(revision, tuple(titles), tuple(entries), tuple(lines), places)
    book.find(WARM, "vi")
    return book
