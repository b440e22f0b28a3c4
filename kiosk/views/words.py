"""Every word that a face shows, in the order in which it is declared; pure."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_WORDS = {"id", "letter", "letters", "qr", "mode", "modes"}
"""Fields that hold no words: what is sent, what is drawn."""
NO_WORDS_END = ("icon", "tone")


def words_of(part: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Walk the texts of a face or of a part of one, each with the path of its field (`body.tiles.0.name`)."""
    if isinstance(part, str):
        if part:
            yield path, part
    elif isinstance(part, tuple):
        for at, inner in enumerate(part):
            yield from words_of(inner, f"{path}.{at}")
    elif is_dataclass(part):
        for field in fields(part):
            if field.name not in NO_WORDS and not field.name.endswith(NO_WORDS_END):
                yield from words_of(getattr(part, field.name), f"{path}.{field.name}".removeprefix("."))
