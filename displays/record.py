"""A record of what was shown or said, one JSON object a line, on disk before the next thing happens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from broker.contract.times import format_instant

if TYPE_CHECKING:
    from pathlib import Path

    from broker.contract.payloads import Call


class Record:
    """A file that only grows; every line is with the system before the call returns."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path

    def call(self, what: str, call: Call, at: int, **more: Any) -> None:  # noqa: ANN401 - JSON of any shape
        """Write down what was done with a call at an instant: `shown`, `spoken` or `missed`."""
        self.line(what, at, id=call.id, recall=call.recall, number=call.number, counter=call.counter, **more)

    def line(self, what: str, at: int, **fields: Any) -> None:  # noqa: ANN401 - JSON of any shape
        """Write one line about an instant."""
        told = {"what": what, **fields, "at": format_instant(at)}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(told, ensure_ascii=False) + "\n")
