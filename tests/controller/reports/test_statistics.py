"""Percentiles, spreads and the Wilson interval, against values worked out by hand and by the standard library."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.reports.statistics import percentile, spread, wilson


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([7], 0.9, 7), ([10, 20], 0.5, 15), ([1, 2, 3, 4], 0.5, 2.5), ([0, 10, 20, 30, 40], 0.9, 36), ([1, 2], 1.0, 2)],
)
def test_a_percentile_lies_between_its_neighbours(values: list[int], share: float, expected: float) -> None:
    assert percentile(values, share) == pytest.approx(expected)


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


@given(st.lists(st.integers(0, 10**7), min_size=2, max_size=60))
def test_median_and_ninth_decile_are_those_of_the_standard_library(values: list[int]) -> None:
    found = spread(values)

    assert found is not None
    assert found["median"] == pytest.approx(statistics.median(values) / 1000)
    assert found["p90"] == pytest.approx(statistics.quantiles(values, n=10, method="inclusive")[8] / 1000)
    assert found["mean"] == pytest.approx(statistics.fmean(values) / 1000)


def test_a_spread_of_nothing_is_null() -> None:
    assert spread([]) is None


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(10, 10, 0.722467, 1.0), (0, 10, 0.0, 0.277533), (8, 10, 0.490162, 0.943318), (45, 50, 0.786398, 0.956526)],
)
def test_the_wilson_interval_is_the_published_one(hits: int, trials: int, low: float, high: float) -> None:
    assert wilson(hits, trials) == pytest.approx((low, high), abs=1e-5)


def test_no_trial_has_no_interval() -> None:
    with pytest.raises(ValueError, match="trial"):
        wilson(0, 0)


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_the_share_and_stays_a_share(trials: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, trials))

    low, high = wilson(hits, trials)

    assert 0 <= low <= hits / trials + 1e-12
    assert hits / trials - 1e-12 <= high <= 1


@pytest.mark.parametrize("trials", [1, 2, 3, 7, 30, 4000])
@pytest.mark.parametrize("share", [0, 1])
def test_the_interval_of_none_or_of_all_holds_the_share_itself(trials: int, share: int) -> None:
    low, high = wilson(share * trials, trials)

    assert low <= share <= high
