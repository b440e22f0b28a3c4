"""A kiosk at work on a broker in memory: requests, offline numbers, hand-ins, restarts."""

from __future__ import annotations

import json
import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.channels import COMMAND, CONTROLLER_STATE, COUNTER_STATE, RESULT, SERVICE_STATE
from broker.contract.errors import Code
from broker.contract.payloads import (
    Command,
    ControllerState,
    CounterState,
    ErrorBody,
    Kind,
    Reply,
    Request,
    Ticket,
)
from broker.contract.times import format_instant, parse_instant
from broker.link.requester import Requester
from broker.runtime.catalogue import catalogue
from kiosk.app import kiosk as kiosk_app
from kiosk.app.kiosk import KioskApp
from kiosk.flow.actions import AskCancel, Begin, GoBack, TakeService
from kiosk.flow.effects import KeepOffline
from kiosk.flow.rejected_tickets import NOT_TAKEN
from kiosk.flow.series import Series
from kiosk.flow.state import ConfirmCancel, Notice, Shown, Welcome
from kiosk.flow.state import Slip as SlipState
from kiosk.storage.outbox import Outbox
from tests.gallery.kiosk.specimens import MONDAY_MORNING, a_procedure, a_service, ticket_data

if TYPE_CHECKING:
    from tests.kiosk.conftest import FakeAgent


GIVEN = "11111111-2222-4333-8444-000000000001"


def ok(request: Request, **changes: Any) -> Reply:
    return Reply(id=request.id, ok=True, result={"ticket": ticket_data(**changes)})


def refusal(request: Request, code: Code) -> Reply:
    return Reply(id=request.id, ok=False, error=ErrorBody(code=code))


def view_of(kiosk: KioskApp) -> Any:
    return kiosk.state.view


async def go_offline(hall: Any, kiosk: KioskApp) -> Shown:
    """Take a number that nobody answers for."""
    kiosk.act(Begin())
    kiosk.act(TakeService("land"))
    hall.clock.seconds += 3.1
    await hall.until(lambda: isinstance(kiosk.state.view, Shown))
    view = kiosk.state.view
    assert isinstance(view, Shown)
    return view


async def test_a_touch_becomes_a_request_and_its_reply_a_ticket(hall: Any, open_kiosk: Any) -> None:
    hall.answer = ok
    kiosk = await open_kiosk()
    kiosk.act(Begin())
    kiosk.act(TakeService("land"))
    await hall.until(lambda: isinstance(kiosk.state.view, Shown))
    assert view_of(kiosk).ticket.number == "A007"
    sent = hall.requests[0].model_dump()
    assert (sent["op"], sent["service"], sent["priority"], sent["lang"]) == ("issue", "land", "normal", "vi")
    assert len(hall.requests) == 1


async def test_a_number_that_is_kept_after_all_is_told_as_given_once(hall: Any, open_kiosk: Any) -> None:
    hall.answer = ok
    kiosk = await open_kiosk()
    given: list[Ticket] = []
    kiosk.on_given = given.append
    kiosk.act(Begin())
    kiosk.act(TakeService("land"))
    await hall.until(lambda: isinstance(view_of(kiosk), Shown))

    kiosk.act(AskCancel())
    assert isinstance(view_of(kiosk), ConfirmCancel)
    kiosk.act(GoBack())

    assert isinstance(view_of(kiosk), Shown)
    assert given == [view_of(kiosk).ticket]


async def test_the_states_of_services_and_counters_are_followed(hall: Any, open_kiosk: Any) -> None:
    kiosk = await open_kiosk()
    await hall.controller.publish(SERVICE_STATE, a_service("land", waiting=8), service="land")
    at = format_instant(MONDAY_MORNING)
    counter = {"counter": "c1", "label": {"vi": "Quầy 1"}, "status": "open", "since": at}
    await hall.controller.publish(COUNTER_STATE, CounterState.model_validate(counter), counter="c1")
    await hall.until(lambda: kiosk.state.labels)
    assert kiosk.state.services["land"].waiting == 8
    await hall.controller.publish(SERVICE_STATE, None, service="land")
    await hall.until(lambda: not kiosk.state.services)


async def test_the_outcome_of_the_slip_comes_as_a_command(hall: Any, open_kiosk: Any) -> None:
    hall.answer = ok
    kiosk = await open_kiosk()
    results: list[Any] = []

    async def hear(message: Any) -> None:
        results.append(message.payload)

    hall.controller.on(RESULT, hear)
    kiosk.act(Begin())
    kiosk.act(TakeService("land"))
    await hall.until(lambda: isinstance(kiosk.state.view, Shown))
    told = {"id": str(uuid.uuid4()), "op": "printed", "ttl_s": 60, "ticket": ticket_data()["id"], "ok": False}
    command = Command.model_validate({**told, "error": "paper_out"})
    await hall.controller.publish(COMMAND, command, device="kiosk-1")
    await hall.until(lambda: results)
    assert (view_of(kiosk).slip, view_of(kiosk).error) == (SlipState.FAILED, "paper_out")
    assert results[0].ok is True


async def test_identify_shows_the_name(hall: Any, open_kiosk: Any) -> None:
    kiosk = await open_kiosk()
    command = Command.model_validate({"id": str(uuid.uuid4()), "op": "identify", "ttl_s": 60})
    await hall.controller.publish(COMMAND, command, device="kiosk-1")
    await hall.until(lambda: kiosk.face().top.device)
    assert "kiosk-1" in kiosk.face().top.device


async def test_without_a_reply_the_own_series_is_printed_kept_and_handed_in(
    hall: Any, open_kiosk: Any, agent: FakeAgent
) -> None:
    kiosk = await open_kiosk()
    shown = await go_offline(hall, kiosk)
    assert shown.ticket.number == "Z1-001"
    await hall.until(lambda: len(hall.requests) >= 2 and agent.printed)
    unanswered, handed = hall.requests[0].model_dump(), hall.requests[-1].model_dump()
    assert agent.voided == [unanswered["id"]]
    ticket, slip = agent.printed[0]
    assert (ticket.number, slip.qr) == ("Z1-001", f"http://127.0.0.1:8000/t/{shown.ticket.token}")
    assert handed["offline"]["replaces"] == unanswered["id"]
    assert handed["offline"]["token"] == shown.ticket.token
    assert handed["id"] != unanswered["id"]
    await hall.until(lambda: view_of(kiosk).slip is SlipState.PRINTED)


async def test_a_slip_that_has_begun_is_shown_and_nothing_goes_offline(
    hall: Any, open_kiosk: Any, agent: FakeAgent
) -> None:
    agent.begun, agent.known = True, Ticket.model_validate(ticket_data())
    kiosk = await open_kiosk()
    shown = await go_offline(hall, kiosk)
    assert shown.ticket.number == "A007"
    assert Outbox(hall.folder / "kiosk-1" / "outbox").waiting == ()


async def test_try_again_gives_an_own_number_at_once(hall: Any, open_kiosk: Any) -> None:
    hall.answer = lambda request: None if "offline" in request.model_dump() else refusal(request, Code.TRY_AGAIN)
    kiosk = await open_kiosk()
    kiosk.act(Begin())
    kiosk.act(TakeService("land"))
    await hall.until(lambda: isinstance(kiosk.state.view, Shown))
    assert view_of(kiosk).ticket.number == "Z1-001"


async def test_a_hand_in_is_asked_again_until_it_is_answered_and_once_only(hall: Any, open_kiosk: Any) -> None:
    kiosk = await open_kiosk()
    await go_offline(hall, kiosk)
    tries = iter([Code.TRY_AGAIN, Code.TRY_AGAIN])

    def answer(request: Request) -> Reply:
        code = next(tries, None)
        return refusal(request, code) if code else ok(request, number="Z1-001", position=2)

    hall.answer = answer
    hall.broker.cut("kiosk-1")
    hall.broker.mend("kiosk-1")
    folder = hall.folder / "kiosk-1" / "outbox"
    await hall.until(lambda: not Outbox(folder).waiting)
    handed = {request.id for request in hall.requests if "offline" in request.model_dump()}
    assert len(handed) == 1
    await hall.until(lambda: view_of(kiosk).ticket.position == 2)


@pytest.mark.parametrize("jump_ms", [-7_200_000, 7_200_000, 43_200_000])
async def test_a_clock_that_is_set_before_a_number_is_handed_in_makes_it_neither_older_nor_younger(
    hall: Any, open_kiosk: Any, jump_ms: int
) -> None:
    kiosk = await open_kiosk()
    await go_offline(hall, kiosk)
    hall.clock.seconds += 20
    state = ControllerState(online=True, session="later", at=hall.clock.now() + jump_ms)
    await hall.controller.publish(CONTROLLER_STATE, state)
    await hall.controller.publish(SERVICE_STATE, a_service("land", waiting=77), service="land")
    await hall.until(lambda: kiosk.state.services and kiosk.state.services["land"].waiting == 77)
    hall.requests.clear()
    hall.broker.cut("kiosk-1")
    hall.broker.mend("kiosk-1")
    await hall.until(lambda: hall.requests)
    handed = hall.requests[0]
    given = parse_instant(handed.model_dump()["offline"]["at"])
    assert 20_000 <= handed.at - given < 21_000


async def test_what_was_given_alone_is_handed_in_before_anything_new_once_the_controller_is_back(
    hall: Any, open_kiosk: Any
) -> None:
    kiosk = await open_kiosk()
    await go_offline(hall, kiosk)
    await hall.until(lambda: hall.requests and "offline" in hall.requests[-1].model_dump())
    hall.clock.seconds += 40
    await hall.until(lambda: not kiosk.state.live and view_of(kiosk) == Welcome())
    hall.requests.clear()
    await hall.beat()
    await hall.until(lambda: kiosk.state.live)
    kiosk.act(Begin())
    kiosk.act(TakeService("land"))
    await hall.until(lambda: any("offline" not in request.model_dump() for request in hall.requests))
    assert "offline" in hall.requests[0].model_dump()


async def test_a_hand_in_that_nobody_answers_is_asked_again_without_a_pause_in_which_something_new_could_come_first(
    hall: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kiosk_app, "HAND_IN_PAUSE_S", 600.0)
    monkeypatch.setattr("devices.base.device.Requester", partial(Requester, give_up_s=0.02))
    device = await hall.device("kiosk-1", Kind.KIOSK)
    offline = {"number": "Z1-001", "token": "t" * 22, "at": format_instant(MONDAY_MORNING)}
    outbox = Outbox(hall.folder / "outbox")
    outbox.keep(KeepOffline(GIVEN, "Z1-001", {"service": "land", "offline": offline}, Series("2026-11-23", 1), 0.0))
    await hall.run(device.run(), KioskApp(device, catalogue("kiosk"), outbox, hall.folder).run())
    await hall.until(lambda: len(hall.requests) >= 2)
    assert {request.id for request in hall.requests} == {GIVEN}


async def test_a_kiosk_with_another_disk_goes_on_behind_the_numbers_that_the_controller_knows(
    hall: Any, open_kiosk: Any
) -> None:
    told = {"day": "2026-11-23", "last": 7}
    hall.answer = lambda request: Reply(id=request.id, ok=True, result={"ticket": ticket_data(), "series": told})
    kiosk = await open_kiosk()
    kiosk.act(Begin())
    kiosk.act(TakeService("land"))
    await hall.until(lambda: isinstance(view_of(kiosk), Shown))
    assert Outbox(hall.folder / "kiosk-1" / "outbox").series() == Series("2026-11-23", 7)
    hall.answer = lambda _: None
    hall.clock.seconds += 40
    await hall.until(lambda: view_of(kiosk) == Welcome())
    assert (await go_offline(hall, kiosk)).ticket.number == "Z1-008"


async def test_a_hand_in_that_is_refused_for_good_is_put_aside(hall: Any, open_kiosk: Any) -> None:
    kiosk = await open_kiosk()
    told = (await go_offline(hall, kiosk)).ticket
    hall.answer = lambda request: refusal(request, Code.BAD_REQUEST) if "offline" in request.model_dump() else None
    refused = hall.folder / "kiosk-1" / "outbox" / "refused"
    await hall.until(lambda: list(refused.iterdir()))
    await hall.until(lambda: kiosk.state.view == Notice(NOT_TAKEN, hall.clock.seconds))
    hall.clock.seconds += 6
    await hall.until(lambda: any(b"refused" in raw for raw in hall.broker.retained.values()))
    (state,) = [json.loads(raw) for raw in hall.broker.retained.values() if b"refused" in raw]
    (name,) = [card.name for card in kiosk.state.config.services if card.id == "land"]
    said = {"number": "Z1-001", "service": "land", "name": name, "code": "bad_request"}
    assert state["detail"]["refused"] == [said]
    (again,) = Outbox(hall.folder / "kiosk-1" / "outbox").refused
    assert (again.number, again.token, again.code) == (told.number, told.token, "bad_request")
    hall.clock.seconds += 24 * 3600
    await hall.until(lambda: not any(b"refused" in raw for raw in hall.broker.retained.values()))


async def test_a_restart_knows_what_was_known_goes_on_counting_and_hands_in(hall: Any, open_kiosk: Any) -> None:
    kiosk = await open_kiosk()
    await hall.controller.publish(SERVICE_STATE, a_service("land", waiting=8), service="land")
    await hall.until(lambda: kiosk.state.services)
    await go_offline(hall, kiosk)
    await hall.switch_off()
    hall.clock.seconds += 60
    await hall.controller.publish(SERVICE_STATE, None, service="land")
    begun = len(hall.requests)
    again = await open_kiosk()
    assert again.state.services["land"].waiting == 8
    assert again.state.view == Welcome()
    await hall.until(lambda: len(hall.requests) > begun)
    assert hall.requests[-1].model_dump()["offline"]["number"] == "Z1-001"
    assert (await go_offline(hall, again)).ticket.number == "Z1-002"


async def test_a_kiosk_started_alone_with_a_clock_a_day_ahead_goes_on_counting(hall: Any, open_kiosk: Any) -> None:
    assert (await go_offline(hall, await open_kiosk())).ticket.number == "Z1-001"
    await hall.switch_off()
    hall.clock.seconds += 24 * 3600
    device = await hall.device("kiosk-1", Kind.KIOSK)
    data = hall.folder / "kiosk-1"
    kiosk = KioskApp(device, catalogue("kiosk"), Outbox(data / "outbox"), data)
    await hall.run(device.run(), kiosk.run())
    await hall.until(lambda: kiosk.state.config)
    assert (await go_offline(hall, kiosk)).ticket.number == "Z1-002"
    assert kiosk.state.series == Series("2026-11-23", 2, sure=False)


async def test_the_controller_that_falls_silent_is_noticed(hall: Any, open_kiosk: Any) -> None:
    kiosk = await open_kiosk()
    hall.clock.seconds += 16
    await hall.until(lambda: not kiosk.state.live)
    assert kiosk.face().top.note
    await hall.beat()
    await hall.until(lambda: kiosk.state.live)


async def test_a_list_of_procedures_that_is_in_force_is_fetched(hall: Any, open_kiosk: Any) -> None:
    def answer(request: Request) -> Reply:
        page = {"revision": "r1", "items": [a_procedure("1.1").model_dump()], "next": None}
        return Reply(id=request.id, ok=True, result=page)

    hall.answer = answer
    kiosk = await open_kiosk(procedures={"revision": "r1", "count": 1})

    await hall.until(lambda: kiosk.state.book.revision == "r1")
    assert kiosk.state.book.procedure("1.1") == a_procedure("1.1")
    assert (hall.folder / "kiosk-1" / "procedures.jsonl").exists()
