"""The day closes at local midnight, or when the controller next runs (contract 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from broker.contract.errors import Code
from broker.contract.payloads import Status
from broker.contract.times import parse_instant
from controller.domain.commands import Cancel, Rate, Tick
from controller.domain.queue.views import board, counter_state, service_state

if TYPE_CHECKING:
    from tests.controller.domain.conftest import Stage

MIDNIGHT = parse_instant("2026-11-24T00:00:00+07:00")
TUESDAY = parse_instant("2026-11-24T08:00:00+07:00")


def full_day(stage: Stage) -> dict[str, Any]:
    """One ticket in each living state."""
    for counter in ("c1", "c2", "c3"):
        stage.press("open", counter)
    found = {"called": stage.issue("land"), "serving": stage.issue("result"), "parked": stage.issue("survey")}
    stage.press("next", "c2")
    stage.press("next", "c3")
    stage.press("start", "c3")
    stage.press("next", "c1")
    stage.press("park", "c1")
    return found | {"waiting": stage.issue("land")}


def test_at_midnight_all_that_lives_ends_and_the_counters_close(stage: Stage) -> None:
    tickets = full_day(stage)
    stage.now = MIDNIGHT - 1
    assert stage.do(Tick()).events == ()
    stage.now = MIDNIGHT
    done = stage.do(Tick())

    assert {name: ticket.status for name, ticket in tickets.items()} == {
        "called": Status.NO_SHOW, "serving": Status.DONE, "parked": Status.EXPIRED, "waiting": Status.EXPIRED,
    }  # fmt: skip
    assert {event.at for event in done.events} == {MIDNIGHT - 1}
    assert [event.data["counter"] for event in done.events if event.type == "counter_closed"] == ["c1", "c2", "c3"]


def test_the_next_day_begins_empty_with_number_one(stage: Stage) -> None:
    full_day(stage)
    stage.now = MIDNIGHT
    stage.do(Tick())

    assert board(stage.hall, "hall", MIDNIGHT).calls == []
    assert counter_state(stage.hall, "c1", MIDNIGHT).status == "closed"
    state = service_state(stage.hall, "land", MIDNIGHT)
    assert (state.waiting, state.serving, state.last_called) == (0, 0, None)
    stage.now = TUESDAY
    assert stage.issue().number == "A001"


def test_any_command_first_closes_the_day_that_is_over(stage: Stage) -> None:
    full_day(stage)
    stage.now = TUESDAY
    ticket = stage.issue()

    assert (ticket.number, list(stage.hall.tickets)) == ("A001", [ticket.id])
    kinds = [event.type for event in stage.events[-9:]]
    assert kinds[-1] == "issued"
    assert stage.events[-2].at == MIDNIGHT - 1


def test_a_refused_command_leaves_the_day_to_the_next_tick(stage: Stage) -> None:
    full_day(stage)
    stage.now = TUESDAY
    with stage.refused(Code.COUNTER_CLOSED):
        stage.press("next")
    assert len(stage.do(Tick()).events) == 7


def test_a_counter_that_was_open_yesterday_is_closed_today(stage: Stage) -> None:
    stage.press("open")
    stage.now = TUESDAY
    assert stage.press("open").status == "open"
    assert [event.type for event in stage.events] == ["counter_opened", "counter_closed", "counter_opened"]


def test_a_controller_that_slept_for_days_closes_the_old_day_on_its_own_date(stage: Stage) -> None:
    stage.press("open")
    stage.issue()
    stage.now = MIDNIGHT + 5 * 24 * 3600 * 1000
    stage.do(Tick())
    assert {event.at for event in stage.events[-2:]} == {MIDNIGHT - 1}


def test_tokens_of_yesterday_do_nothing_today(stage: Stage) -> None:
    ticket = stage.issue()
    token = stage.token(ticket)
    stage.now = TUESDAY
    stage.do(Tick())
    for command in (Cancel(token=token), Rate(token=token, score=3, version=2)):
        with stage.refused(Code.NOT_FOUND):
            stage.do(command)


def test_the_order_of_calls_starts_anew(stage: Stage) -> None:
    stage.press("open")
    for _ in range(2):
        stage.issue(priority="elderly")
        stage.press("next")
    stage.now = TUESDAY
    stage.press("open")
    stage.issue(priority="elderly")
    stage.issue()
    stage.wait(minutes=1)
    assert stage.choice().rule == "score"


def test_time_that_jumps_back_does_not_move_the_journal(stage: Stage) -> None:
    stage.issue()
    stage.now -= 3600_000
    ticket = stage.issue()
    assert ticket.issued_at == stage.events[0].at
    assert stage.events[-1].at == stage.events[0].at


def test_a_clock_that_jumps_back_over_midnight_does_not_open_yesterday_again(stage: Stage) -> None:
    stage.now = TUESDAY
    stage.issue()
    stage.now = MIDNIGHT - 1
    assert stage.issue().number == "A002"
    assert str(stage.hall.day) == "2026-11-24"


def test_the_day_turns_at_the_centre_s_midnight_not_at_utc_s(stage: Stage) -> None:
    stage.now = parse_instant("2026-11-24T07:30:00+07:00")
    first = stage.issue()
    stage.now = parse_instant("2026-11-24T16:00:00+07:00")
    assert (first.number, stage.issue().number) == ("A001", "A002")


def test_a_crash_over_midnight_closes_the_same_day(stage: Stage) -> None:
    tickets = full_day(stage)
    stage.crash()
    stage.now = TUESDAY
    stage.do(Tick())
    stage.issue()
    assert sum(event.type == "expired" for event in stage.events) == 2
    assert len(tickets) == 4


def test_services_that_carry_over_wait_again_under_their_number_and_token(make_stage: type[Stage]) -> None:
    services = make_stage.document()["service"]
    services[0]["carry_over"] = True
    stage = make_stage({"service": services})
    stage.issue("result")
    kept = stage.issue("land")
    token, issued_at = stage.token(kept), kept.issued_at
    stage.issue("survey")
    stage.now = TUESDAY
    done = stage.do(Tick())

    again = stage.hall.by_token(token)
    assert again is not None
    assert (again.number, again.status, again.issued_at, again.carried_from) == ("A001", "waiting", issued_at, kept.id)
    assert [event.data["number"] for event in done.events if event.data.get("reason") == "carried_over"] == ["A001"] * 2
    assert stage.issue("land").number == "A002"
    stage.press("open")
    assert stage.press("next").number == "A001"
    stage.check_replay()
