"""Opening hours as a configuration writes them: spans of a day, `07:00-11:30`; pure.

Times of day are minutes since local midnight, 1440 being "24:00".
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of open time, in minutes since local midnight; `end` itself is closed."""

    start: int
    end: int

    @property
    def words(self) -> str:
        """The span as people read it, `07:00–11:30`."""
        return _text(self, "–")


def parse_spans(texts: Iterable[str]) -> tuple[Span, ...]:
    """Read spans as `07:00-11:30`, with `24:00` allowed as an end; a wrong or overlapping one is a ValueError."""
    spans = sorted(parse_span(text) for text in texts)
    for before, after in pairwise(spans):
        if after.start < before.end:
            raise ValueError(f"{_text(after)} overlaps {_text(before)}")
    return tuple(spans)


def parse_span(text: str) -> Span:
    """Read one span; a wrong one is a ValueError."""
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f"{text!r} is not a span of time, as 07:00-11:30")
    span = Span(_parse_minute(start), _parse_minute(end))
    if span.start >= span.end:
        raise ValueError(f"{text!r} ends before it begins")
    return span


def _parse_minute(text: str) -> int:
    hour, colon, minute = text.strip().partition(":")
    if not (
        colon and len(minute) == 2 and 1 <= len(hour) <= 2 and (hour + minute).isascii() and (hour + minute).isdigit()
    ):
        raise ValueError(f"{text!r} is not a time of day, as 07:00")
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > DAY_MINUTES:
        raise ValueError(f"{text!r} is not a time of day, as 07:00")
    return total


def _text(span: Span, dash: str = "-") -> str:
    return dash.join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in (span.start, span.end))
