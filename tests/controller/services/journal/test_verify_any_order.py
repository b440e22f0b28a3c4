"""Random days through the real engine and store, with failing commits, restarts and other rules: verify finds nothing.

`LUOT_LONG=1` lives 100 of them, else there are a few.
"""

from __future__ import annotations

import os
import random
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import RefusedError
from broker.contract.payloads import Origin
from controller.domain.commands import Action, Cancel, Command, CounterCommand, Issue, Offline, Rank, Rate, Reprioritise
from controller.services.configuration import Configuration
from controller.services.journal.verify import verify
from controller.store.audit import Audit
from controller.store.database import FILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    Runs = Callable[..., AbstractAsyncContextManager[Any]]

DAYS = 100 if os.environ.get("LUOT_LONG") == "1" else 4
RUNS, STEPS = 4, 60
TABLES: dict[str, Any] = {
    "calling": {"call_next_arrival": True, "recalls_max": 1, "no_show_after_s": 30},
    "series": [{"id": "A", "first": 1, "last": 9}],
}
ACTIONS = [*Action, *[Action.NEXT] * 12, *[Action.START, Action.FINISH, Action.UNDO] * 3]


def anything(draw: random.Random, known: list[dict[str, Any]], asked: int) -> Command:
    """Give some command, most likely about a ticket that was once issued."""
    ticket = draw.choice(known) if known else {"token": "x" * 22, "number": "A001"}
    service = draw.choice(["land", "land", "result"])
    if draw.random() < 0.35 or not known:
        return Issue(service=service, origin=Origin.KIOSK, device="kiosk-1", request=f"r{asked}")
    if draw.random() < 0.06:
        late = Offline(number=f"Z1-{asked:03d}", token=f"offline-token-{asked:022d}", at=0, replaces=f"r{asked - 5}")
        return Issue(service=service, origin=Origin.OFFLINE, device="kiosk-1", request=f"r{asked}", offline=late)
    if draw.random() < 0.15:
        others: list[Command] = [
            Cancel(token=ticket["token"]),
            Rate(token=ticket["token"], score=3, version=1),
            Reprioritise(number=ticket["number"], priority="elderly", reason="card"),
        ]
        return draw.choice(others)
    action = draw.choice(ACTIONS)
    fields: dict[str, Any] = {"service": service}
    if action is Action.TRANSFER:
        fields = draw.choice([{"service": service}, {"to_counter": "c2"}, {"to_officer": "someone"}])
    if action is Action.HAND_OVER:
        fields = {"to_officer": "u3"}
    if action is Action.PARK:
        fields = {"minutes": draw.choice([None, 1, 5])}
    return CounterCommand(
        action=action, counter=draw.choice(["c1", "c2"]), rank=Rank.SUPERVISOR, officer=draw.choice(["u1", "u2"]),
        number=ticket["number"], reason="ill", **fields,
    )  # fmt: skip


async def publish_other_rules(rig: Any, draw: random.Random) -> None:
    """Put a configuration in force under which others are called."""
    configuration = Configuration(rig.engine, rig.clock)
    await configuration.start(await rig.store.version(await rig.engine.ask(lambda hall, _: hall.version)))
    data = dict(configuration.current().data)
    data["calling"] = data["calling"] | {"most_priority_in_a_row": draw.choice([1, 2, 5])}
    data["counter"] = [one | {"prefer": draw.choice(["all", "listed"])} for one in data["counter"]]
    data["service"] = [one | {"weight": draw.choice([1.0, 2.5])} for one in data["service"]]
    await configuration.publish(data, expected=configuration.current().version)


@pytest.mark.parametrize("seed", range(DAYS))
async def test_the_projections_are_those_of_the_journal_whatever_happened(
    open_rig: Runs, tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311 - a day that can be lived again, not a secret
    known: list[dict[str, Any]] = []
    done = 0
    for run in range(RUNS):
        async with open_rig(**TABLES) as rig:
            for step in range(STEPS):
                if draw.random() < 0.05:
                    setattr(rig.store, draw.choice(["fail_before", "fail_after"]), 1)
                rig.clock.pass_seconds(draw.choice([0, 1, 10, 40, 90, 300]))
                try:
                    if draw.random() < 0.03:
                        await publish_other_rules(rig, draw)
                    answer = await rig.engine.do(anything(draw, known, run * STEPS + step))
                except RefusedError:
                    continue
                done += 1
                known += [answer["ticket"]] if "token" in answer.get("ticket", {}) else []
        rig.clock.pass_seconds(draw.choice([60, 3600, 24 * 3600]))

    with closing(Audit(tmp_path / FILE)) as audit:
        found = verify(audit)
    assert found.differences == []
    assert found.calls > 4, "a day without calls proves no order"
    assert done > 40, "a day of refusals proves nothing"
