"""The report `satisfaction`: how many were asked, how many answered, and how sure the share of the satisfied is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from controller.reports.report import Column, Kind, Report
from controller.reports.statistics import wilson
from controller.reports.throughput import DONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.reports.report import Source, Tallies
    from controller.services.history import RatingRow, TicketRow


class Tally:
    """What is counted of a set of completed visits and their ratings; `scores` are the levels of the present scale."""

    __slots__ = ("_scores", "completed", "levels", "satisfied")

    def __init__(self, scores: Sequence[int]) -> None:
        self._scores = scores
        self.completed = 0
        self.levels: Counter[tuple[int, int]] = Counter()
        self.satisfied = 0

    def complete(self, _: TicketRow) -> None:
        """Count one completed visit."""
        self.completed += 1

    def rate(self, row: RatingRow) -> None:
        """Count one rating."""
        self.levels[row.version, row.score] += 1
        self.satisfied += row.satisfied

    def figures(self) -> dict[str, Any]:
        """Return the figures of the contract; levels that nobody chose are there with 0.

        `versions` has the levels by the version of the scale, so that two scales are never read as one.
        """
        ratings = self.levels.total()
        levels = dict.fromkeys(map(str, sorted(self._scores, reverse=True)), 0)
        versions: dict[str, dict[str, int]] = {}
        for (version, score), count in sorted(self.levels.items(), reverse=True):
            levels[str(score)] = levels.get(str(score), 0) + count
            versions.setdefault(str(version), {})[str(score)] = count
        low, high = wilson(self.satisfied, ratings) if ratings else (None, None)
        return {
            "completed": self.completed,
            "ratings": ratings,
            "response_rate": ratings / self.completed if self.completed else None,
            "levels": levels,
            "versions": versions,
            "satisfied": self.satisfied,
            "rate": self.satisfied / ratings if ratings else None,
            "low": low,
            "high": high,
        }


def _count(source: Source) -> Tallies[Tally]:
    served = (ticket for ticket in source.tickets() if ticket.status == DONE)
    tallies = source.tally(lambda: Tally(source.query.scores))
    return tallies.count(served, Tally.complete).count(source.ratings(), Tally.rate)


REPORT: Final = Report(
    "satisfaction",
    "report.satisfaction",
    (
        Column("completed"), Column("ratings"), Column("response_rate", Kind.SHARE),
        Column("levels", Kind.COUNTS, "level"), Column("versions", Kind.DETAIL), Column("satisfied"),
        Column("rate", Kind.SHARE), Column("low", Kind.SHARE), Column("high", Kind.SHARE),
    ),
    _count,
)  # fmt: skip
