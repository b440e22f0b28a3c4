"""Another configuration comes into force; what is in use cannot be removed (contract 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import Code
from broker.contract.payloads import Origin
from controller.domain.centre.centre import parse_centre
from controller.domain.commands import Issue, PublishCentre, Rate, Reprint, SlipOutcome

if TYPE_CHECKING:
    from tests.controller.domain.conftest import Stage


def publish(stage: Stage, **changes: Any) -> None:
    data = stage.document() | changes
    stage.do(PublishCentre(centre=parse_centre(data), version=stage.hall.version + 1, officer="admin"))


def without(stage: Stage, table: str, name: str) -> dict[str, Any]:
    data = stage.document()
    left = {table: [one for one in data[table] if one["id"] != name]}
    if table == "counter":
        left["device"] = [one for one in data["device"] if one.get("counter") != name]
    if table == "service":
        left["counter"] = [
            one | {"services": [service for service in one["services"] if service != name]} for one in data["counter"]
        ]
    return left


def test_a_published_version_is_in_force_at_once_and_after_a_replay(stage: Stage) -> None:
    stage.press("open")
    waiting = stage.issue(priority="elderly")
    priorities = stage.document()["priority"]
    priorities[0]["weight"] = 9.0
    publish(stage, priority=priorities)
    stage.wait(minutes=1)

    assert (stage.events[-1].type, stage.events[-1].data["version"]) == ("config_published", 2)
    assert (stage.choice().ticket, stage.choice().score) == (waiting, 9.0 * 60_000)
    stage.crash()
    assert stage.hall.version == 2
    assert stage.choice().score == 9.0 * 60_000


@pytest.mark.parametrize(("table", "name"), [("service", "survey"), ("priority", "child")])
def test_what_living_tickets_need_cannot_be_removed(stage: Stage, table: str, name: str) -> None:
    stage.issue("survey", "child")
    with stage.refused(Code.BAD_STATE):
        publish(stage, **without(stage, table, name))


def test_an_open_counter_or_one_that_a_ticket_is_bound_to_cannot_be_removed(stage: Stage) -> None:
    stage.press("open")
    with stage.refused(Code.BAD_STATE):
        publish(stage, **without(stage, "counter", "c1"))
    stage.issue("land")
    stage.press("next")
    stage.press("transfer", to_counter="c3")
    with stage.refused(Code.BAD_STATE):
        publish(stage, **without(stage, "counter", "c3"))


def test_what_nobody_uses_any_more_can_be_removed(stage: Stage) -> None:
    stage.press("open")
    stage.issue("survey", "child")
    stage.press("next")
    stage.press("finish")
    publish(stage, **without(stage, "service", "survey"))
    publish(stage, **without(stage, "counter", "c3"))
    assert "survey" in stage.hall.services
    assert "c3" not in stage.hall.counters


def test_a_service_that_has_gone_leaves_nothing_to_take_back(stage: Stage) -> None:
    stage.press("open")
    stage.issue("survey")
    stage.press("next")
    stage.press("finish")
    publish(stage, **without(stage, "service", "survey"))
    with stage.refused(Code.BAD_STATE):
        stage.press("undo")


def test_services_counters_and_classes_can_be_added_during_the_day(stage: Stage) -> None:
    data = stage.document()
    data["service"].append(data["service"][0] | {"id": "advice", "series": "X"})
    data["counter"].append(data["counter"][0] | {"id": "c4", "services": ["advice"]})
    publish(stage, service=data["service"], counter=data["counter"])
    stage.press("open", "c4")
    assert stage.issue("advice").number == "X001"
    assert stage.press("next", "c4").number == "X001"


def test_a_visit_is_rated_and_its_slip_printed_after_its_service_has_gone(stage: Stage) -> None:
    stage.press("open")
    done = stage.do(Issue(service="survey", origin=Origin.KIOSK, device="kiosk-1", printer="printer-1", request="r-1"))
    ticket = stage.hall.tickets[done.answer["ticket"].id]
    stage.press("next")
    stage.press("finish")
    publish(stage, **without(stage, "service", "survey"))
    stage.do(Rate(token=stage.token(ticket), score=3, version=2))
    stage.do(SlipOutcome(ticket=ticket.id, ok=True))
    (again,) = stage.do(Reprint(token=stage.token(ticket), printer="printer-1", request="r-2")).effects
    assert again.slip.service == {"vi": "survey"}
