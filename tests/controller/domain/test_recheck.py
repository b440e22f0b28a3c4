"""The version of the order of calls: whoever changes the order has to raise it and keep what was."""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING, Any

from broker.contract.errors import RefusedError
from controller.domain.queue.calling import CHOOSERS, RULES
from controller.domain.recheck import FIRST_RULES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.controller.domain.conftest import Stage

ORDERS = {1: "bd200bb88b0a5ca415608fdc24523dbc"}
"""What each version of the rules makes of the same days. These never change: journals were written by them."""

TABLES: dict[str, Any] = {
    "service": [
        {"id": one, "group": "land", "series": series, "name": {"vi": one}, "target_wait_min": target, "weight": weight}
        for one, series, target, weight in (("a", "A", 30, 1.0), ("b", "B", None, 1.5), ("c", "C", 12, 1.0))
    ],
    "counter": [
        {"id": "c1", "label": {"vi": "1"}, "services": ["a", "b", "c"]},
        {"id": "c2", "label": {"vi": "2"}, "services": ["c", "a"], "prefer": "listed"},
    ],
    "priority": [{"id": "elderly", "name": {"vi": "75"}, "weight": 3.0, "target_wait_min": 10, "grant": "kiosk"}],
    "device": None,
    "hours": [{"days": ["mon"], "open": ["07:00-22:00"]}],
}


def order_of(stage: Stage, seed: int) -> list[tuple[Any, ...]]:
    """Let a random day pass; give what was decided at each call."""
    draw = random.Random(seed)  # noqa: S311 - a day that can be lived again, not a secret
    found: list[tuple[Any, ...]] = []
    for counter in ("c1", "c2"):
        stage.press("open", counter)
    for _ in range(150):
        stage.wait(seconds=draw.randrange(120))
        if draw.random() < 0.6:
            stage.issue(draw.choice("aabc"), draw.choice(["normal", "normal", "elderly"]))
            continue
        counter, action = draw.choice(["c1", "c2"]), draw.choice(["next", "next", "next", "transfer", "undo"])
        try:
            done = stage.act(action, counter, **({"service": "b"} if action == "transfer" else {}))
        except RefusedError:
            continue
        data = [event.data for event in done.events if event.type == "called"]
        found += [(one["number"], one["counter"], one["rule"], one["score"], one["second"]) for one in data]
    return found


def test_the_order_of_each_version_is_what_it_was(make_stage: Callable[..., Stage]) -> None:
    orders = [order_of(make_stage(TABLES), seed) for seed in range(12)]
    rules = {one[2] for order in orders for one in order}

    assert {"in_a_row", "listed", "target", "score"} <= rules
    assert hashlib.sha256(repr(orders).encode()).hexdigest()[:32] == ORDERS[RULES], (
        "the order of calls has changed: raise calling.RULES, keep the former function in CHOOSERS, add its order here"
    )


def test_every_version_that_a_journal_may_bear_is_known() -> None:
    assert sorted(CHOOSERS) == list(range(FIRST_RULES, RULES + 1)) == sorted(ORDERS)


def test_a_call_says_by_which_rules_it_was_decided(stage: Stage) -> None:
    stage.press("open")
    ticket, _ = stage.issue(), stage.issue()
    calls = [stage.act("call", number=ticket.number, reason="ill").events[-1], stage.act("next").events[-1]]

    assert [(call.type, call.data["rules"]) for call in calls] == [("called", RULES)] * 2
