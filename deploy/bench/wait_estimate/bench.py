"""`luot bench wait-estimate`: every scenario measured, the figures as the bench command prints them."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from deploy.bench.wait_estimate.measure import Outcome, measured
from deploy.bench.wait_estimate.scenarios import shipped_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKERS: Final = 2


def figures() -> Iterator[dict[str, Any]]:
    """Live through all scenarios, each in a process of its own, and give their figures in the order of the file."""
    plan = shipped_plan()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=context) as workers:
        for outcome in workers.map(_measured, range(len(plan.scenarios))):
            yield figure(outcome)


def _measured(place: int) -> Outcome:
    plan = shipped_plan()
    return measured(plan.scenarios[place], plan)


def figure(outcome: Outcome) -> dict[str, Any]:
    """Give the figure of one scenario: the coverage of its ranges, with everything else beside it."""
    most = "< 1" if outcome.short_staffed else "<= 1.1"
    return {
        "name": "wait-estimate",
        "value": round(outcome.coverage, 4),
        "unit": "coverage of a nominal 0.8",
        "detail": {
            "budget": f"coverage 0.78-0.82, RMSE <= 0.65 x LES and {most} x the fixed queue length",
            "met": not outcome.misses,
            "misses": outcome.misses,
            "scenario": outcome.scenario,
            "tickets": outcome.tickets,
            "mean_wait_min": round(outcome.mean_wait_min, 1),
            "told_coverage": round(outcome.told_coverage, 4),
            "median_width_min": round(outcome.width_min, 1),
            "rmse_of_les": round(outcome.of_les, 3),
            "rmse_of_fixed_queue": round(outcome.of_fixed, 3),
            "rmse_min": {name: round(error.rmse, 2) for name, error in outcome.errors.items()},
            "bias_min": {name: round(error.bias, 2) for name, error in outcome.errors.items()},
        },
    }
