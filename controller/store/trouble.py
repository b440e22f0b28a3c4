"""What a failure of the store means to whoever runs it: what to do, by what SQLite reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

_DAMAGED: Final = (
    "nothing was changed. Stop the controller and put a backup back with `luot restore FROM --data {data}`;"
    " the damaged file is kept beside it"
)
_ADVICE: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (
        ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT", "SQLITE_SCHEMA", "SQLITE_ERROR", "SQLITE_MISMATCH"),
        _DAMAGED,
    ),
    (("SQLITE_FULL",), "the disk is full: free some space. What was acknowledged before is kept"),
    (
        ("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN", "SQLITE_AUTH"),
        "let {data} and its files belong to the user of the controller, on a disk that can be written",
    ),
    (("SQLITE_BUSY", "SQLITE_LOCKED"), "another program holds it: end that program, or wait for it"),
    (
        ("SQLITE_IOERR",),
        "the disk reports an error: look into the system's log, and if it is failing restore a backup on another disk",
    ),
)


def advice(error: sqlite3.Error, data: Path) -> str:
    """Return what to do about an error of SQLite on the store of a data directory."""
    name = getattr(error, "sqlite_errorname", "SQLITE_CORRUPT")
    for names, sentence in _ADVICE:
        if name.startswith(names):
            return sentence.format(data=data)
    return f"if it stays so, restore a backup with `luot restore FROM --data {data}`"
