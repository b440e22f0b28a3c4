"""How wide a text of few lines should be so that no single word is left over on the last; pure."""

from __future__ import annotations

from itertools import accumulate, combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

MOST_LINES = 3
"""What has more lines is a paragraph, which fills its place."""
MOST_WORDS = 24
PAUSES = tuple("–—-·/,;:.?!…")
"""After one of these a reader pauses anyway; a line that begins with one reads as if something were missing."""


AROUND = "“”‘’\"'()[]" + "".join(PAUSES)
"""What may stand around a word without being part of it."""


def pairs(text: str) -> frozenset[tuple[str, str]]:
    """Read which two words belong together, as `"màn hình|thủ tục"`; what is no pair is left out."""
    found = (tuple(entry.casefold().split()) for entry in text.split("|"))
    return frozenset((pair[0], pair[1]) for pair in found if len(pair) == 2)


def cut(widths: Sequence[float], space: float, room: float) -> list[int]:
    """Give at which words the lines after the first begin, as words are put into lines of a room."""
    starts, used = [], 0.0
    for at, width in enumerate(widths):
        used += (space if used else 0) + width
        if used > room and at:
            starts.append(at)
            used = width
    return starts


def balanced(
    words: Sequence[str],
    widths: Sequence[float],
    space: float,
    room: float,
    together: Collection[tuple[str, str]] = frozenset(),
) -> float:
    """Give the least room in which words stand on as few lines as in `room`, lines ending at a pause if they can.

    A line ends between two words that belong `together` only where every other way takes more lines or begins a line
    with a pause. A text of one line, or a long one, keeps all its room.
    """
    lines, widest = len(cut(widths, space, room)) + 1, max(widths)
    if not 1 < lines <= MOST_LINES or len(words) > MOST_WORDS or widest > room:
        return room
    reach = list(accumulate(widths, lambda before, width: before + space + width, initial=-space))
    spans = {reach[end] - reach[start] - space for start, end in combinations(range(len(reach)), 2)}
    fitting = [span for span in sorted(spans) if widest <= span <= room and len(cut(widths, space, span)) < lines]
    ranked = [(*_roughness(words, cut(widths, space, span), together), span) for span in fitting]
    return min(ranked)[-1] if ranked else room


def _roughness(
    words: Sequence[str], starts: Sequence[int], together: Collection[tuple[str, str]]
) -> tuple[int, int, int]:
    """Count the lines that begin with a pause, those that part what belongs together, and those without a pause."""
    return (
        sum(words[at] in PAUSES for at in starts),
        sum((_bare(words[at - 1], "left"), _bare(words[at], "right")) in together for at in starts),
        sum(not words[at - 1].endswith(PAUSES) for at in starts),
    )


def _bare(word: str, side: str) -> str:
    """Give a word as pairs have it; a mark between the two of a pair parts them: it is left on."""
    return (word.lstrip(AROUND) if side == "left" else word.rstrip(AROUND)).casefold()
