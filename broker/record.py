"""A record of what a device did, one JSON object a line, on disk before the next thing happens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from broker.contract.times import format_instant

if TYPE_CHECKING:
    from pathlib import Path


class Record:
    """A file that only grows; every line is flushed to the system as it is written."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def line(self, what: str, at: int, **fields: Any) -> None:  # noqa: ANN401 - JSON of any shape
        """Write one line about an instant."""
        told = {"what": what, **fields, "at": format_instant(at)}
        self._file.write(json.dumps(told, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()
