"""How good estimates were on the same tickets: root mean square error, bias, coverage; and what is asked of them."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from controller.domain.estimate.learned import LearnedTimes
from controller.domain.estimate.queue_estimator import QueueEstimator
from deploy.bench.wait_estimate.lived_day import OTHERS, LivedDay, Waited

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deploy.bench.wait_estimate.scenarios import Plan, Scenario

FIRST_DAY: Final = date(2026, 1, 5)
OURS: Final = "Lượt"
COVERAGE: Final = (0.78, 0.82)
MOST_OF_LES: Final = 0.65
MOST_OF_FIXED: Final = 1.1


@dataclass(frozen=True, slots=True)
class Error:
    """Errors in minutes: `rmse` is their root mean square, `bias` their mean (below zero: told too short)."""

    rmse: float
    bias: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scenario showed.

    `coverage` is the share of waits within the raw range, `told_coverage` within the one that people are told,
    `width_min` the median width of the raw range. `short_staffed` tells whether fewer counters were open than a fixed
    estimate believes in.
    """

    scenario: str
    tickets: int
    mean_wait_min: float
    errors: Mapping[str, Error]
    coverage: float
    told_coverage: float
    width_min: float
    short_staffed: bool

    @property
    def of_les(self) -> float:
        """Give our error over that of LES."""
        return self.errors[OURS].rmse / self.errors["LES"].rmse

    @property
    def of_fixed(self) -> float:
        """Give our error over that of the fixed queue length."""
        return self.errors[OURS].rmse / self.errors["fixed queue"].rmse

    @property
    def misses(self) -> list[str]:
        """Name what was asked and not reached."""
        reached_fixed = self.of_fixed < 1 if self.short_staffed else self.of_fixed <= MOST_OF_FIXED
        asked = {
            f"coverage {self.coverage:.1%} is not within 78-82 %": COVERAGE[0] <= self.coverage <= COVERAGE[1],
            f"RMSE is {self.of_les:.2f} x LES, more than {MOST_OF_LES}": self.of_les <= MOST_OF_LES,
            f"RMSE is {self.of_fixed:.2f} x the fixed queue length": reached_fixed,
        }
        return [miss for miss, reached in asked.items() if not reached]


def lived_days(scenario: Scenario, plan: Plan) -> list[Waited]:
    """Live through all days of a scenario with one memory; give those who waited on the days after the learning."""
    estimator = QueueEstimator(LearnedTimes())
    waited: list[Waited] = []
    for number in range(plan.days):
        dice = random.Random(f"{plan.seed} {scenario.name} {number}")  # noqa: S311 - a rehearsal, not a secret
        of_day = LivedDay(scenario, estimator).live(FIRST_DAY + timedelta(days=number), dice)
        if number >= plan.learning_days:
            waited += of_day
    return waited


def measured(scenario: Scenario, plan: Plan) -> Outcome:
    """Give what the days of a scenario show."""
    waited = lived_days(scenario, plan)
    ours = {OURS: error(waited, [one.told.expected_s for one in waited])}
    others = {name: error(waited, [one.others[name] for one in waited]) for name in OTHERS}
    widths = sorted(one.raw[1] - one.raw[0] for one in waited)
    return Outcome(
        scenario=scenario.name,
        tickets=len(waited),
        mean_wait_min=sum(one.waited_s for one in waited) / len(waited) / 60,
        errors=ours | others,
        coverage=share(one.raw[0] <= one.waited_s <= one.raw[1] for one in waited),
        told_coverage=share(one.told.low_s <= one.waited_s <= one.told.high_s for one in waited),
        width_min=widths[len(widths) // 2] / 60,
        short_staffed=is_short_staffed(scenario),
    )


def is_short_staffed(scenario: Scenario) -> bool:
    """Tell whether a service has at some time fewer open counters than a fixed estimate believes in."""
    return any(
        sum(service in scenario.counters[counter] for counter in opened) < nominal
        for _, opened in scenario.staff
        for service, nominal in scenario.nominal.items()
    )


def error(waited: Sequence[Waited], said_s: Sequence[float]) -> Error:
    """Give the errors of what was said, in minutes."""
    misses = [(said - one.waited_s) / 60 for one, said in zip(waited, said_s, strict=True)]
    return Error(math.sqrt(sum(miss * miss for miss in misses) / len(misses)), sum(misses) / len(misses))


def share(hits: Iterable[bool]) -> float:
    """Give the share of what is true."""
    found = list(hits)
    return sum(found) / len(found)
