"""Two recordings held against each other, line by line."""

from __future__ import annotations

import difflib
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHOWN = 60
WIDTH = 400


def differences(one: Path, other: Path) -> list[str]:
    """Give a sentence for each difference, with file and line of both; an empty list when they are byte-equal."""
    found: list[str] = []
    names = sorted({str(path.relative_to(top)) for top in (one, other) for path in top.rglob("*") if path.is_file()})
    if not names:
        return [f"there is no recording in {one} or {other}"]
    for name in names:
        if not (one / name).exists() or not (other / name).exists():
            found.append(f"{name}: only in {one if (one / name).exists() else other}")
        elif (one / name).read_bytes() != (other / name).read_bytes():
            found += _of_file(name, (one / name).read_text().split("\n"), (other / name).read_text().split("\n"))
    return found


def _of_file(name: str, left: list[str], right: list[str]) -> Iterator[str]:
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    for tag, first, last, other_first, other_last in matcher.get_opcodes():
        if tag == "equal":
            continue
        yield f"{name}: lines {first + 1}-{last} against {other_first + 1}-{other_last}"
        for old, new in zip_longest(left[first:last], right[other_first:other_last]):
            yield f"  {name}:{first + 1}"
            yield from (f"  {mark} {line[:WIDTH]}" for mark, line in (("-", old), ("+", new)) if line is not None)
            first += 1  # noqa: PLW2901 - the line that is told next
