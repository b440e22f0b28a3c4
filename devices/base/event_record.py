"""A record of what a device did, one JSON object a line, with the system before the next thing happens."""

from __future__ import annotations

import json
import os
import weakref
from typing import TYPE_CHECKING, Any

from broker.contract.times import format_instant

if TYPE_CHECKING:
    from pathlib import Path


class Record:
    """A file (or a pipe) that only grows; a line is written whole and at once. It is closed with its last user."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._closing = weakref.finalize(self, os.close, self._descriptor)

    def line(self, what: str, at: int, **fields: Any) -> None:  # noqa: ANN401 - JSON of any shape
        """Write one line about an instant."""
        told = {"what": what, **fields, "at": format_instant(at)}
        os.write(self._descriptor, (json.dumps(told, ensure_ascii=False) + "\n").encode())

    def close(self) -> None:
        """Close the file; nothing is written after."""
        self._closing()
        # The number of a closed file is soon another file's.
        self._descriptor = -1
