from __future__ import annotations

import pytest

from deploy.bench.wait_estimate.bench import figures


@pytest.mark.system
@pytest.mark.timeout(600)
def test_every_scenario_reaches_what_was_asked() -> None:
    found = list(figures())

    assert len(found) == 4
    assert [(one["detail"]["scenario"], one["detail"]["misses"]) for one in found if not one["detail"]["met"]] == []
    for one in found:
        assert 0.78 <= one["value"] <= 0.82
        assert one["detail"]["rmse_of_les"] <= 0.65
        assert one["detail"]["rmse_of_fixed_queue"] <= 1.1
