"""The procedures on disk, for when nobody answers. Reading and writing block.

The file has a head and then one procedure a line, all JSON. It is replaced as a whole; one that is torn, or of another
version of this program, counts as none and the list is fetched again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import structlog

from broker.contract.payloads import Procedure
from broker.runtime.files import write_safely
from kiosk.flow.procedure_list import NO_BOOK, Book, bind

if TYPE_CHECKING:
    from pathlib import Path

log = structlog.get_logger()


def write_procedures(file: Path, book: Book) -> None:
    """Write a book; a disk that cannot be written is logged, and the book is fetched again after the next start."""
    head = json.dumps({"revision": book.revision, "count": len(book.lines)})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_safely(file, "\n".join((head, *book.lines, "")))
    except OSError:
        log.exception("procedures_not_written", file=str(file))


def read_procedures(file: Path) -> Book:
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
