"""The procedures that citizens read, as this kiosk has them: in memory by code, and on disk for when nobody answers.

The file has a head and then one procedure a line, all JSON. It is replaced as a whole; one that is torn, or of another
version of this program, counts as none and the list is fetched again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from broker.contract.payloads import Procedure
from broker.runtime.files import write_safely
from kiosk.flow.search import Entry, search

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from broker.contract.payloads import Text

log = structlog.get_logger()

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


# ---- on disk; both block ----


def write_book(file: Path, book: Book) -> None:
    """Write a book; a disk that cannot be written is logged, and the book is fetched again after the next start."""
    head = json.dumps({"revision": book.revision, "count": len(book.lines)})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_safely(file, "\n".join((head, *book.lines, "")))
    except OSError:
        log.exception("procedures_not_written", file=str(file))


def read_book(file: Path) -> Book:
    """Read what was written last; without a file, or with one that cannot be read, there is nothing in it."""
    try:
        return _read(file.read_text())
    except FileNotFoundError:
        return NO_BOOK
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("procedures_unreadable", file=str(file), reason=str(error)[:200])
        return NO_BOOK


def _read(text: str) -> Book:
    head, *lines, rest = text.split("\n")
    told = json.loads(head)
    if rest or len(lines) != told["count"]:
        raise ValueError(f"{len(lines)} of {told['count']} procedures are whole")
    return bind(str(told["revision"]), [Procedure.model_validate_json(line) for line in lines])
