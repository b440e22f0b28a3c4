"""Cuts what is higher than its place into pages, never through anything; pure.

Lengths are counted downwards from the top of what is cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Span = tuple[float, float]
"""From where to where something reaches."""


def bands(spans: Iterable[Span]) -> list[Span]:
    """Join what stands side by side: give the stretches between which a cut goes through nothing."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def pages(spans: Iterable[Span], room: float) -> tuple[Span, ...]:
    """Give the stretch of each page, as few as fit into the room; what is higher than a page has one to itself."""
    made: list[Span] = []
    for start, end in bands(spans):
        if made and end - made[-1][0] <= room:
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    return tuple(made)


def aired(cut: Iterable[Span], room: float) -> tuple[Span, ...]:
    """Let each page begin as high as its room allows, not above the end of the one before: air over its first row."""
    made: list[Span] = []
    for start, end in cut:
        least = made[-1][1] if made else 0.0
        made.append((min(start, max(least, end - room)), end))
    return tuple(made)
