"""Offline numbers and every race of a late reply, contract 4."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from broker.contract.errors import Code
from broker.contract.payloads import Origin, Status
from controller.domain.commands import Issue

if TYPE_CHECKING:
    from tests.controller.domain.conftest import Stage

MINUTE = 60_000
REQUEST = "11111111-1111-4111-8111-111111111111"


def test_a_hand_in_becomes_a_ticket_with_its_number_token_and_time(stage: Stage) -> None:
    stage.wait(minutes=10)
    at = stage.now - 5 * MINUTE

    ticket = stage.hand_in("Z1-001", at=at, priority="elderly")
    assert (ticket.number, ticket.channel, ticket.status, ticket.issued_at, ticket.priority) == (
        "Z1-001", "offline", "waiting", at, "elderly",
    )  # fmt: skip
    assert stage.hall.by_token(ticket.token) is stage.hall.by_number("Z1-001")


def test_it_is_called_by_its_time_of_issue(stage: Stage) -> None:
    stage.press("open")
    stage.wait(minutes=10)
    later = stage.issue()
    stage.wait(minutes=1)
    earlier = stage.hand_in("Z1-001", at=stage.now - 2 * MINUTE)

    assert stage.press("next").number == earlier.number
    assert stage.press("next").number == later.number


@pytest.mark.parametrize(
    ("at", "not_before", "expected"),
    [(-5, None, -5), (-5, -2, -2), (+3, None, 0), (+3, -2, 0)],
)
def test_its_time_lies_between_the_last_answered_request_and_now(
    stage: Stage, at: int, not_before: int | None, expected: int
) -> None:
    stage.wait(minutes=10)
    bound = None if not_before is None else stage.now + not_before * MINUTE

    ticket = stage.hand_in("Z1-001", at=stage.now + at * MINUTE, not_before=bound)
    assert ticket.issued_at == stage.now + expected * MINUTE


def test_it_is_never_refused_for_hours_or_quota(make_stage: type[Stage]) -> None:
    services = make_stage.document()["service"]
    services[0]["daily_quota"] = 1
    stage = make_stage({"service": services})
    stage.issue()
    with stage.refused(Code.QUOTA_REACHED):
        stage.issue()
    assert stage.hand_in("Z1-001").status == "waiting"
    stage.wait(minutes=12 * 60)
    with stage.refused(Code.CENTRE_CLOSED):
        stage.issue("result")
    assert stage.hand_in("Z1-002").status == "waiting"


def test_a_late_request_is_void_once_its_number_was_handed_in(stage: Stage) -> None:
    stage.hand_in("Z1-001", replaces=REQUEST)
    with stage.refused(Code.EXPIRED):
        stage.issue(device="kiosk-1", request=REQUEST)
    assert len(stage.hall.tickets) == 1


def test_only_that_kiosk_s_request_is_void(stage: Stage) -> None:
    stage.hand_in("Z1-001", replaces=REQUEST)
    assert stage.issue(device="kiosk-2", request=REQUEST).number == "A001"


def test_a_ticket_that_the_request_made_takes_the_offline_number_and_token(stage: Stage) -> None:
    made = stage.issue(device="kiosk-1", request=REQUEST)
    old = stage.token(made)

    ticket = stage.hand_in("Z1-001", replaces=REQUEST)
    assert (ticket.id, ticket.number, ticket.token) == (made.id, "Z1-001", made.token)
    assert made.token != old
    assert stage.hall.by_number("A001") is made
    assert stage.hall.by_number("Z1-001") is made
    assert stage.hall.by_token(old) is None
    assert [event.type for event in stage.events] == ["issued", "renumbered"]
    assert stage.issue().number == "A002"


def test_a_renumbered_ticket_keeps_its_place_and_issue_time(stage: Stage) -> None:
    stage.press("open")
    made = stage.issue(device="kiosk-1", request=REQUEST)
    issued_at = made.issued_at
    stage.issue()
    stage.wait(minutes=3)
    stage.hand_in("Z1-001", replaces=REQUEST)

    assert made.issued_at == issued_at
    assert stage.press("next").number == "Z1-001"


def test_a_ticket_in_hand_is_renumbered_there(stage: Stage) -> None:
    stage.press("open")
    stage.issue(device="kiosk-1", request=REQUEST)
    stage.press("next")
    stage.hand_in("Z1-001", replaces=REQUEST)

    assert stage.press("start", seen="A001").number == "Z1-001"
    assert stage.press("finish", seen="Z1-001").ended.number == "Z1-001"


def test_a_no_show_whose_holder_never_saw_the_number_waits_again(stage: Stage) -> None:
    stage.press("open")
    made = stage.issue(device="kiosk-1", request=REQUEST)
    stage.press("next")
    stage.press("no_show")

    assert stage.hand_in("Z1-001", replaces=REQUEST).status == "waiting"
    assert [event.type for event in stage.events[-2:]] == ["renumbered", "returned"]
    assert stage.press("next").number == "Z1-001"
    assert made.status == Status.CALLED


def test_a_ticket_that_is_done_stays_so_when_renumbered(stage: Stage) -> None:
    stage.press("open")
    stage.issue(device="kiosk-1", request=REQUEST)
    stage.press("next")
    stage.press("finish")

    assert stage.hand_in("Z1-001", replaces=REQUEST).status == "done"


def test_the_same_number_and_token_again_is_the_same_ticket(stage: Stage) -> None:
    first = stage.hand_in("Z1-001", replaces=REQUEST)
    events = len(stage.events)
    again = stage.hand_in("Z1-001", replaces=REQUEST)

    assert (again.id, len(stage.events)) == (first.id, events)


def test_another_number_with_a_known_token_is_a_bad_request(stage: Stage) -> None:
    ticket = stage.hand_in("Z1-001")
    with stage.refused(Code.BAD_REQUEST):
        stage.hand_in("Z1-002", token=ticket.token)


@pytest.mark.parametrize(
    "number", ["Z2-001", "A-001", "A001", "Z1001", "z1-001", "Z1-1", "Z1-001-x", "Z1-001\n", "Z1-٠٠١", ""]
)
def test_a_number_that_this_kiosk_cannot_give_is_a_bad_request(stage: Stage, number: str) -> None:
    with stage.refused(Code.BAD_REQUEST):
        stage.hand_in(number)


def test_a_hand_in_of_an_earlier_day_is_stored_on_that_day_as_expired(stage: Stage) -> None:
    yesterday = stage.now
    stage.issue()
    stage.wait(minutes=24 * 60)
    today = stage.issue()

    ticket = stage.hand_in("Z1-001", at=yesterday)
    assert (ticket.status, ticket.number, ticket.issued_at) == ("expired", "Z1-001", yesterday)
    issued, expired = stage.events[-2:]
    assert (issued.type, expired.type) == ("issued", "expired")
    assert {issued.data["day"], expired.data["day"]} == {"2026-11-23"}
    assert (issued.at, expired.at) == (stage.now, stage.now)
    assert stage.hall.by_number("Z1-001") is None
    assert list(stage.hall.tickets) == [today.id]
    assert stage.secrets[("token", ticket.id)] == ticket.token


def test_a_ticket_that_the_request_made_yesterday_is_renumbered_in_yesterday_s_books(stage: Stage) -> None:
    made = stage.issue(device="kiosk-1", request=REQUEST)
    yesterday = stage.now
    stage.wait(minutes=24 * 60)
    stage.issue()
    last = next(event.data for event in reversed(stage.events) if event.data.get("id") == made.id)

    ticket = stage.hand_in("Z1-001", at=yesterday, replaces=REQUEST, made=last)
    assert (ticket.id, ticket.number, ticket.status) == (made.id, "Z1-001", "expired")
    event = stage.events[-1]
    assert (event.type, event.data["day"], event.data["other_numbers"]) == ("renumbered", "2026-11-23", ["A001"])
    assert stage.hall.by_number("Z1-001") is None


def test_a_class_that_has_gone_costs_nobody_their_place(stage: Stage) -> None:
    assert stage.hand_in("Z1-001", priority="veteran").priority == "normal"


def test_a_class_that_only_staff_grant_since_then_costs_nobody_their_place(make_stage: type[Stage]) -> None:
    priorities = make_stage.document()["priority"]
    elderly = next(one for one in priorities if one["id"] == "elderly")
    elderly["grant"] = "staff"
    stage = make_stage({"priority": priorities})
    assert stage.hand_in("Z1-001", priority="elderly").priority == "normal"


def test_a_kiosk_is_told_the_last_own_number_of_today_that_it_handed_in(stage: Stage) -> None:
    def told(device: str) -> object:
        asked = Issue(service="land", origin=Origin.KIOSK, device=device, request=stage.new_id())
        return stage.do(asked).answer.get("series")

    assert told("kiosk-1") is None
    stage.hand_in("Z1-007")
    stage.hand_in("Z1-003")
    assert told("kiosk-1") == {"day": "2026-11-23", "last": 7}
    assert told("kiosk-2") is None
    stage.wait(minutes=24 * 60)
    assert told("kiosk-1") is None


def test_an_offline_number_never_moves_the_series(stage: Stage) -> None:
    stage.issue()
    stage.hand_in("Z1-017")
    assert stage.issue().number == "A002"
