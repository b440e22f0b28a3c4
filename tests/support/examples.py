"""How many examples a property is tried on: a few at every run, which are others each time; many with `LUOT_LONG=1`.

`make quick` sets `LUOT_QUICK=1` and tries a third of the few: it is run many times a day and has to end in 20 s, of
which examples took a quarter. `make test`, which comes before every release and every merge, tries all.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

LONG = os.environ.get("LUOT_LONG") == "1"
QUICK = os.environ.get("LUOT_QUICK") == "1"
TIMES = 20
"""So many times more examples in a long run."""
FEW = 50
PART = 3
"""A quick run tries one in so many."""


def count_of(usual: int, long: int) -> int:
    """Give how many examples this run tries."""
    return long if LONG else -(-usual // PART) if QUICK else usual


def examples(count: int = FEW, *, one_fixture: bool = False) -> settings:
    """Try a property on so many examples, or many times more; `one_fixture` is shared by all of them.

    How long an example takes is no reason to fail: the machine may be busy.
    """
    spared = [HealthCheck.too_slow, *([HealthCheck.function_scoped_fixture] if one_fixture else [])]
    return settings(max_examples=count_of(count, count * TIMES), deadline=None, suppress_health_check=spared)
