"""The report `satisfaction`: how many were asked, how many answered, and how sure the share of the satisfied is."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from controller.reports.statistics import wilson
from controller.reports.throughput import DONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from controller.services.history import RatingRow, TicketRow


class Tally:
    """What is counted of a set of completed visits and their ratings."""

    __slots__ = ("completed", "levels", "satisfied")

    def __init__(self) -> None:
        self.completed = 0
        self.levels: Counter[tuple[int, int]] = Counter()
        self.satisfied = 0

    def rate(self, row: RatingRow) -> None:
        """Count one rating."""
        self.levels[row.version, row.score] += 1
        self.satisfied += row.satisfied

    def figures(self, scores: Sequence[int]) -> dict[str, Any]:
        """Give the figures of the contract; levels of `scores` that nobody chose are there with 0.

        `versions` tells the levels apart by the version of the scale, so that two scales are never read as one.
        """
        ratings = self.levels.total()
        levels = dict.fromkeys(map(str, sorted(scores, reverse=True)), 0)
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


def satisfaction(
    tickets: Iterable[TicketRow],
    ratings: Iterable[RatingRow],
    key: Callable[[TicketRow | RatingRow], str],
    scores: Sequence[int],
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Give the rows in the order of their keys, and the total."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    total = Tally()
    for ticket in tickets:
        if ticket.status == DONE:
            tallies[key(ticket)].completed += 1
            total.completed += 1
    for rating in ratings:
        tallies[key(rating)].rate(rating)
        total.rate(rating)
    return [{"key": name, **tallies[name].figures(scores)} for name in sorted(tallies)], total.figures(scores)
