"""What wait estimates learn from what happened: plain data, kept with the store and loaded at the start.

From earlier days: how long services take, how many counters are open at which time of the day while somebody waits,
and what became of estimates (real over expected, by size of the wait). From outcome to outcome, today too: how far
into the tails of that table a range must reach so that one in ten lies below it and one in ten above (adaptive
conformal prediction). Without a history the ranges are wide, and say so honestly.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

TAIL: Final = 0.1
"""Waits in ten that may lie below a range, and above it."""
PACE: Final = 0.01
"""How fast the tails follow the outcomes."""
SIZES_S: Final = (1.0, 600.0, 1800.0)
"""Where the sizes of expected waits part: none, up to 10 minutes, up to 30, more."""
OFFSET_S: Final = 60.0
"""Added to both waits before they are compared, so that short ones compare too."""
UNKNOWN: Final = ((1.0, 3.0), (0.1, 3.0), (0.3, 2.0), (0.4, 1.8))
"""Ranges by size before anything was learnt: (low, high) over expected."""
ENOUGH: Final = 60
"""Outcomes of earlier days that a size needs before its table is trusted."""
KEPT: Final = 3000
"""Outcomes kept by size; the oldest go first."""
FADING: Final = 0.95
"""What a day of history weighs against the day after it."""
TIGHTEST: Final = 0.5
WIDEST: Final = 0.001
"""No range is closer than the median or wider than all but a thousandth of the table."""
TAIL_LEAST: Final = -0.1
TAIL_MOST: Final = 0.6
"""How far the tails may run beyond that, so that a strange day is forgotten within a day."""


class RunningMean(NamedTuple):
    """A weighted mean: sum of the values and of their weights."""

    total: float = 0.0
    weight: float = 0.0

    def plus(self, value: float, weight: float = 1.0) -> RunningMean:
        """Give the mean with one more value in it."""
        return RunningMean(self.total + value * weight, self.weight + weight)

    def joined(self, today: RunningMean) -> RunningMean:
        """Give the mean of earlier days, faded, and of today."""
        return RunningMean(self.total * FADING + today.total, self.weight * FADING + today.weight)


@dataclass(slots=True)
class LearnedTimes:
    """The learnt state of one centre. What is said of today counts from the next day on, the tails at once.

    `day` is today (YYYY-MM-DD) as far as anything was learnt of it.
    """

    day: str = ""
    means: dict[str, RunningMean] = field(default_factory=dict)
    staff: dict[tuple[str, int], RunningMean] = field(default_factory=dict)
    ratios: list[list[float]] = field(default_factory=lambda: [[] for _ in UNKNOWN])
    tails: list[list[float]] = field(default_factory=lambda: [[TAIL, TAIL] for _ in UNKNOWN])
    today_means: dict[str, RunningMean] = field(default_factory=dict)
    today_staff: dict[tuple[str, int], RunningMean] = field(default_factory=dict)
    today_ratios: list[list[float]] = field(default_factory=lambda: [[] for _ in UNKNOWN])
    _sorted: list[list[float]] | None = field(default=None, compare=False, repr=False)

    def usual_mean(self, service: str) -> float | None:
        """Give how long a service took on earlier days, in milliseconds, or None when too few did."""
        known = self.means.get(service)
        return known.total / known.weight if known and known.weight >= ENOUGH / 2 else None

    def usual_staff(self, service: str, slot: int) -> float | None:
        """Give how many counters served a service in a half hour of the day while somebody waited, or None."""
        known = self.staff.get((service, slot))
        return known.total / known.weight if known and known.weight >= 2.0 else None

    def range_of(self, expected_s: float) -> tuple[float, float]:
        """Give the ends of the range around an expected wait, in seconds."""
        size = size_of(expected_s)
        table = self._tables()[size]
        if len(table) < ENOUGH:
            low, high = UNKNOWN[size]
        else:
            below, above = (min(TIGHTEST, max(WIDEST, tail)) for tail in self.tails[size])
            low, high = _quantile(table, below), _quantile(table, 1 - above)
        scale = expected_s + OFFSET_S
        return max(0.0, low * scale - OFFSET_S), max(0.0, high * scale - OFFSET_S)

    def came_true(self, expected_s: float, low_s: float, high_s: float, waited_s: float) -> None:
        """Learn what became of an estimate: the raw range that was given, and the wait until the first call."""
        size = size_of(expected_s)
        self.today_ratios[size].append((waited_s + OFFSET_S) / (expected_s + OFFSET_S))
        tails = self.tails[size]
        for end, missed in enumerate((waited_s < low_s, waited_s > high_s)):
            tails[end] = min(TAIL_MOST, max(TAIL_LEAST, tails[end] + PACE * (TAIL - missed)))

    def served(self, service: str, duration_ms: float) -> None:
        """Learn how long one service took, from call to end."""
        self.today_means[service] = self.today_means.get(service, RunningMean()).plus(duration_ms)

    def staffed(self, service: str, since_midnight: int, counters: int) -> None:
        """Learn how many counters are open for a service at a time of the day (ms) at which somebody waits."""
        key = (service, since_midnight // (30 * 60_000))
        self.today_staff[key] = self.today_staff.get(key, RunningMean()).plus(counters)

    def turn_to(self, day: str) -> bool:
        """Let a day (YYYY-MM-DD) be today; tell whether it is another one, so that the last is history from here on."""
        if day <= self.day:
            return False
        if self.day:
            self.end_day()
        self.day = day
        return True

    def end_day(self) -> None:
        """Let today become the latest of the earlier days."""
        for service, today in self.today_means.items():
            self.means[service] = self.means.get(service, RunningMean()).joined(today)
        for key, seen in self.today_staff.items():
            # A day counts once, however often it was looked at.
            self.staff[key] = self.staff.get(key, RunningMean()).joined(RunningMean(seen.total / seen.weight, 1.0))
        for size, today_ratios in enumerate(self.today_ratios):
            self.ratios[size] = (self.ratios[size] + today_ratios)[-KEPT:]
        self.today_means, self.today_staff, self.today_ratios = {}, {}, [[] for _ in UNKNOWN]
        self._sorted = None

    def to_json(self) -> str:
        """Write the state as JSON."""
        return json.dumps(
            {
                "v": 1,
                "day": self.day,
                "means": self.means,
                "staff": [[*key, *mean] for key, mean in self.staff.items()],
                "ratios": [[round(ratio, 4) for ratio in table] for table in self.ratios],
                "tails": self.tails,
                "today_means": self.today_means,
                "today_staff": [[*key, *mean] for key, mean in self.today_staff.items()],
                "today_ratios": [[round(ratio, 4) for ratio in table] for table in self.today_ratios],
            }
        )

    @classmethod
    def from_json(cls, text: str) -> LearnedTimes:
        """Read the state back; anything else is a ValueError."""
        data: Any = json.loads(text)
        if not isinstance(data, dict) or data.get("v") != 1:
            raise ValueError("this is not what wait estimates have learnt")
        try:
            return cls(
                day=data["day"], means=_means(data["means"]), staff=_staff(data["staff"]),
                ratios=_tables(data["ratios"]), tails=_tables(data["tails"]),
                today_means=_means(data["today_means"]), today_staff=_staff(data["today_staff"]),
                today_ratios=_tables(data["today_ratios"]),
            )  # fmt: skip
        except (KeyError, TypeError) as error:
            raise ValueError(f"what wait estimates have learnt is damaged: {error}") from error

    def _tables(self) -> list[list[float]]:
        if self._sorted is None:
            self._sorted = [sorted(table) for table in self.ratios]
        return self._sorted


def size_of(expected_s: float) -> int:
    """Give the size of an expected wait: 0 none, 1 short, 2 medium, 3 long."""
    return sum(expected_s >= size for size in SIZES_S)


def _quantile(table: list[float], part: float) -> float:
    return table[min(len(table) - 1, max(0, round(part * (len(table) + 1)) - 1))]


def _means(data: dict[str, list[float]]) -> dict[str, RunningMean]:
    return {service: RunningMean(*mean) for service, mean in data.items()}


def _staff(data: list[list[Any]]) -> dict[tuple[str, int], RunningMean]:
    return {(service, slot): RunningMean(total, weight) for service, slot, total, weight in data}


def _tables(data: list[list[float]]) -> list[list[float]]:
    if len(data) != len(UNKNOWN):
        raise ValueError(f"what wait estimates have learnt has {len(data)} sizes, not {len(UNKNOWN)}")
    return [[float(value) for value in table] for table in data]
