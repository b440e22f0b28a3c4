"""Texts that may be stored: without lone surrogates, and without control characters but tab and line ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNSTORABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
MOST_FAULTS: Final = 20


def is_storable(text: str) -> bool:
    """Return whether a text holds only characters that may be stored."""
    return _UNSTORABLE.search(text) is None


def unstorable(value: Any, place: str = "") -> list[str]:  # noqa: ANN401 - any JSON
    """Return the places within JSON-like data, as `service[3].name.vi`, of texts and keys that may not be stored."""
    found = []
    for where, text in _texts(value, place):
        if not is_storable(text):
            found.append(where)
            if len(found) == MOST_FAULTS:
                break
    return found


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    """Give every text with its place; without recursion, for data may be nested as deep as its sender likes."""
    waiting: list[tuple[str, Any]] = [(place, value)]
    while waiting:
        where, part = waiting.pop()
        if isinstance(part, str):
            yield where, part
        elif isinstance(part, dict):
            for key, inner in part.items():
                name = str(key) if is_storable(str(key)) else "?"
                yield where, str(key)
                waiting.append((f"{where}.{name}" if where else name, inner))
        elif isinstance(part, list | tuple):
            waiting.extend((f"{where}[{index}]", inner) for index, inner in enumerate(part))
