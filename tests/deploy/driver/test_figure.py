from __future__ import annotations

import pytest

from deploy.driver.figure import Figure, percentile


def test_a_percentile_lies_between_its_neighbours() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.5
    assert percentile([1.0, 2.0, 3.0], 0.0) == 1.0
    assert percentile([1.0, 2.0, 3.0], 1.0) == 3.0
    assert percentile([7.0], 0.99) == 7.0


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_a_line_holds_the_budget_beside_the_value() -> None:
    line = Figure("touch-to-reply", 4.56789, "ms", budget="<= 5 ms", met=True, detail={"p99": 9}).line()

    assert line == {
        "name": "touch-to-reply",
        "value": 4.568,
        "unit": "ms",
        "detail": {"budget": "<= 5 ms", "met": True, "p99": 9},
    }
    assert Figure("seen", 1.0, "s").line()["detail"] == {}
