"""How many examples a property is tried on: a few at every run, which are others each time; many with `LUOT_LONG=1`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

LONG = os.environ.get("LUOT_LONG") == "1"
TIMES = 20
"""So many times more examples in a long run."""
FEW = 50


def examples(count: int = FEW, *, one_fixture: bool = False) -> settings:
    """Try a property on so many examples, or many times more; `one_fixture` is shared by all of them.

    How long an example takes is no reason to fail: the machine may be busy.
    """
    spared = [HealthCheck.too_slow, *([HealthCheck.function_scoped_fixture] if one_fixture else [])]
    return settings(max_examples=count * TIMES if LONG else count, deadline=None, suppress_health_check=spared)
