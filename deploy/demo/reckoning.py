"""The books of the day: what each independent witness saw, and whether it all agrees. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Witness:
    """What was seen from outside the controller, by number.

    `issued` is what the kiosks counted; `printed` what was read back from the bytes that reached the printers' sockets;
    `signed` and `spoken` what the signs showed and the voice said; `cancelled` what was answered to those who gave up.
    """

    issued: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    signed: set[str] = field(default_factory=set)
    spoken: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    ratings: int = 0


@dataclass(frozen=True, slots=True)
class Books:
    """What the controller says of the same day over HTTP: the totals of its reports, and who still waits."""

    issued: int
    called: int
    served: int
    no_show: int
    cancelled: int
    expired: int
    waiting: int
    in_hand: int
    completed: int
    ratings: int
    still_waiting: frozenset[str]


@dataclass(frozen=True, slots=True)
class Line:
    """One equation of the table: what stands left and right of it, and whether it holds."""

    claim: str
    left: int
    right: int
    holds: bool
    detail: str = ""


def _twice(numbers: list[str]) -> list[str]:
    return sorted(number for number, times in Counter(numbers).items() if times > 1)


def _difference(left: set[str], right: set[str], left_name: str, right_name: str) -> str:
    parts = []
    if left - right:
        parts.append(f"only {left_name}: {', '.join(sorted(left - right)[:8])}")
    if right - left:
        parts.append(f"only {right_name}: {', '.join(sorted(right - left)[:8])}")
    return "; ".join(parts)


def _same(claim: str, left: set[str], right: set[str], left_name: str, right_name: str) -> Line:
    return Line(claim, len(left), len(right), left == right, _difference(left, right, left_name, right_name))


def _equal(claim: str, left: int, right: int) -> Line:
    return Line(claim, left, right, left == right)


def _witnessed(seen: Witness, books: Books) -> list[Line]:
    """The equations that hold among the independent records, number by number."""
    issued, printed = set(seen.issued), set(seen.printed)
    ends = seen.signed | books.still_waiting | seen.cancelled
    overlap = (seen.signed & books.still_waiting) | (seen.cancelled & books.still_waiting)
    return [
        Line("no number was given twice", len(seen.issued), len(issued), not _twice(seen.issued),
             ", ".join(_twice(seen.issued))),
        Line("no slip was printed twice", len(seen.printed), len(printed), not _twice(seen.printed),
             ", ".join(_twice(seen.printed))),
        _same("issued at the kiosks = printed on paper", issued, printed, "issued", "printed"),
        _same("shown on the signs = said by the voice", seen.signed, seen.spoken, "shown", "said"),
        _same("printed = called + left waiting + cancelled", printed, ends, "printed", "called, left or cancelled"),
        Line("nobody is both called and left waiting", len(overlap), 0, not overlap, ", ".join(sorted(overlap)[:8])),
    ]  # fmt: skip


def _reported(seen: Witness, books: Books) -> list[Line]:
    """The equations between the independent records and the controller's own reports."""
    return [
        _equal("issued at the kiosks = issued in the report", len(seen.issued), books.issued),
        _equal("called on the signs = called in the report", len(seen.signed), books.called),
        _equal("cancelled at the kiosks = cancelled in the report", len(seen.cancelled), books.cancelled),
        _equal(
            "left waiting = waiting + expired in the report", len(books.still_waiting), books.waiting + books.expired
        ),
        _equal("called = served + no-show + in hand", books.called, books.served + books.no_show + books.in_hand),
        _equal("nobody is left in hand", books.in_hand, 0),
        _equal("ratings given = ratings in the report", seen.ratings, books.ratings),
        Line("ratings ≤ served", books.ratings, books.served, books.ratings <= books.served),
        _equal("served in throughput = completed in satisfaction", books.served, books.completed),
    ]


def reckon(seen: Witness, books: Books, scraped: dict[str, int] | None = None) -> list[Line]:
    """Hold every record against every other; `scraped` are figures that Prometheus holds, where it ran."""
    lines = [*_witnessed(seen, books), *_reported(seen, books)]
    if scraped is not None:
        told = {"issued": books.issued, "called": books.called, "served": books.served, "no_show": books.no_show}
        lines += [_equal(f"{name} in Prometheus = in the report", scraped.get(name, -1), figure)
                  for name, figure in told.items()]  # fmt: skip
    return lines


def balances(lines: list[Line]) -> bool:
    """Tell whether every equation holds, and that there was a day at all."""
    return bool(lines) and all(line.holds for line in lines)
