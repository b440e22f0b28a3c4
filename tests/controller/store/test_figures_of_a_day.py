"""Reports over a real store that a real engine wrote, against the events of its journal and what was done."""

from __future__ import annotations

from datetime import date
from typing import Any

from controller.reports.grouping import By
from controller.reports.registry import make_report
from controller.reports.report import ReportQuery
from controller.services.history import CallRow
from controller.store.database import FILE
from controller.store.figures import FiguresStore

DAY = date(2026, 11, 23)


def report(rig: Any, name: str, by: By) -> dict[str, Any]:
    return make_report(ReportQuery(name, DAY, DAY, by), FiguresStore(rig.folder / FILE), rig.clock.now())


async def test_calls_carry_their_rule_whom_they_passed_and_their_reason_unless_taken_back(rig: Any) -> None:
    for _ in range(2):
        await rig.issue()
        rig.clock.pass_seconds(60)
    await rig.issue(priority="elderly", staff=True)
    last = await rig.issue()
    rig.clock.pass_seconds(240)
    await rig.act("open")
    await rig.act("next")
    await rig.act("next")
    await rig.act("undo")
    await rig.act("call", number=last["number"], reason="ill")

    calls = list(FiguresStore(rig.folder / FILE).calls(DAY, DAY))
    fairness = report(rig, "fairness", By.SERVICE)

    def call(priority: str, rule: str, overtook: int, reason: str | None) -> CallRow:
        return CallRow("2026-11-23", 8, "land", "c1", "officer", "kiosk", priority, rule, overtook, reason)

    assert calls == [call("elderly", "score", 2, None), call("normal", "manual", 2, "ill")]
    assert [(row["key"], row["called"], row["overtaken"], row["manual"]) for row in fairness["rows"]] == [
        ("land", 2, 4, 1)
    ]  # fmt: skip
    assert fairness["total"]["reasons"] == {"ill": 1}
    assert fairness["total"]["longest_wait_s"] == 240.0


async def test_every_overtaking_is_one_that_a_look_at_who_waited_finds(rig: Any) -> None:
    for turn in range(6):
        await rig.issue(priority="elderly" if turn % 3 == 2 else "normal", staff=True)
        rig.clock.pass_seconds(45)
    await rig.act("open")
    for _ in range(6):
        await rig.act("next")
        rig.clock.pass_seconds(200)

    figures = FiguresStore(rig.folder / FILE)
    lived = [(row.issued_at, row.called_at) for row in figures.tickets(DAY, DAY) if row.called_at is not None]
    passed = sum(came < later and called > sooner for came, called in lived for later, sooner in lived)

    total = report(rig, "fairness", By.DAY)["total"]
    assert (len(lived), passed > 0) == (6, True)
    assert total["overtaken"] == sum(total["rules"].values()) == passed


async def test_an_officers_day_is_open_paused_and_idle_as_it_was_lived(rig: Any) -> None:
    await rig.act("open")
    rig.clock.pass_seconds(100)
    await rig.serve_one()
    await rig.issue()
    await rig.act("next")
    rig.clock.pass_seconds(300)
    await rig.act("finish")
    rig.clock.pass_seconds(30)
    await rig.act("pause", reason="lunch")
    rig.clock.pass_seconds(1000)
    await rig.act("resume")
    rig.clock.pass_seconds(20)
    await rig.act("close")
    rig.clock.pass_seconds(5000)

    (row,) = report(rig, "officers", By.OFFICER)["rows"]

    assert row == {
        "key": "officer", "served": 2, "serve_s": {"median": 150.0, "p90": 270.0, "mean": 150.0},
        "open_s": 1450.0, "paused_s": 1000.0, "idle_s": 150.0,
    }  # fmt: skip


async def test_the_centre_tells_its_time_zone(rig: Any) -> None:
    assert str(FiguresStore(rig.folder / FILE).timezone()) == "Asia/Ho_Chi_Minh"
