"""What devices may ask, and how they are answered."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import pytest

from broker.contract.channels import PRESS, REPLY, REQUEST
from broker.contract.payloads import Press, Request
from broker.contract.times import format_instant, parse_instant


async def until(what: Any, seconds: float = 5.0) -> Any:
    async with asyncio.timeout(seconds):
        while not (found := what()):  # noqa: ASYNC110 - anything may be waited for
            await asyncio.sleep(0.001)
    return found


def code(reply: dict[str, Any]) -> str | None:
    return None if reply["ok"] else reply["error"]["code"]


async def test_a_kiosk_gets_a_number_looks_it_up_and_cancels_it(stage: Any) -> None:
    kiosk = await stage.peer("kiosk-2")

    ticket = (await kiosk.request("issue", service="land"))["result"]["ticket"]
    by_token = (await kiosk.request("lookup", token=ticket["token"]))["result"]["ticket"]
    by_number = (await kiosk.request("lookup", number="A001"))["result"]["ticket"]
    cancelled = (await kiosk.request("cancel", token=ticket["token"]))["result"]["ticket"]

    assert (ticket["number"], ticket["channel"], ticket["position"]) == ("A001", "kiosk", 1)
    assert by_token == ticket
    assert by_number == {name: value for name, value in ticket.items() if name != "token"}
    assert cancelled["status"] == "cancelled"


async def test_a_repeated_request_is_answered_as_the_first_time_and_done_once(stage: Any) -> None:
    kiosk, request = await stage.peer("kiosk-2"), str(uuid.uuid4())

    first = await kiosk.request("issue", request, service="land", at="2026-11-23T08:00:00.000+07:00")
    again = await kiosk.request("issue", request, service="land", at="2026-11-23T08:00:02.000+07:00")
    other = await kiosk.request("issue", request, service="result")

    assert first == again
    assert code(other) == "bad_request"


@pytest.mark.parametrize(
    ("op", "fields", "expected"),
    [
        ("issue", {"service": "none"}, "unknown_service"),
        ("issue", {}, "bad_request"),
        ("issue", {"service": 7}, "bad_request"),
        ("lookup", {}, "bad_request"),
        ("lookup", {"token": "A" * 22, "number": "A001"}, "bad_request"),
        ("lookup", {"token": "A" * 22}, "not_found"),
        ("cancel", {"token": "A" * 22}, "not_found"),
        ("reprint", {}, "bad_request"),
        ("rate", {"score": 3, "version": 1}, "bad_request"),
        ("rate", {"visit": "v", "score": 3, "version": 1}, "not_allowed"),
        ("dance", {}, "bad_request"),
    ],
)
async def test_what_cannot_be_done_is_answered_by_name(stage: Any, op: str, fields: Any, expected: str) -> None:
    kiosk = await stage.peer("kiosk-2")

    reply = await kiosk.request(op, **fields)

    assert code(reply) == expected
    assert set(reply["error"]["message"]) >= {"vi", "en"}


async def test_time_is_the_controllers(stage: Any) -> None:
    kiosk = await stage.peer("kiosk-2")

    assert (await kiosk.request("time"))["result"] == {"now": format_instant(stage.rig.clock.now())}


async def test_a_pad_rates_only_what_ended_at_its_counter(stage: Any) -> None:
    pad = await stage.peer("rater-1")
    await stage.rig.act("open")
    await stage.rig.serve_one()
    visit = (await stage.rig.engine.ask(lambda hall, _: hall.counters["c1"].ended))[0]

    assert code(await pad.request("issue", service="land")) == "not_allowed"
    assert code(await pad.request("rate", token="A" * 22, score=3, version=1)) == "not_allowed"
    assert code(await pad.request("rate", visit=visit, score=1, version=1)) == "bad_request"
    rated = await pad.request("rate", visit=visit, score=1, version=1, reasons=["slow"])
    assert set(rated["result"]) == {"rating"}
    assert stage.counts.dropped["not_allowed"] == 2


async def test_buttons_work_their_own_counter_and_are_answered_with_its_state(stage: Any) -> None:
    keypad = await stage.peer("keypad-1")
    await stage.rig.issue()

    opened = await keypad.press("open")
    called = await keypad.press("next", at=format_instant(stage.rig.clock.now()))

    assert opened["result"]["status"] == "open"
    assert (called["result"]["status"], called["result"]["number"]) == ("calling", "A001")
    assert code(await keypad.press("open")) == "bad_state"
    assert code(await keypad.press("dance")) == "bad_request"


async def test_a_repeated_press_is_done_once_also_when_it_is_old_by_then(stage: Any) -> None:
    keypad, press = await stage.peer("keypad-1"), str(uuid.uuid4())
    await stage.rig.issue()
    await stage.rig.issue()
    await keypad.press("open")
    at = format_instant(stage.rig.clock.now())

    first = await keypad.press("next", press, at=at)
    stage.rig.clock.pass_seconds(6)
    again = await keypad.press("next", press, at=at)
    late = await keypad.press("next", at=at)

    assert first == again
    assert code(late) == "expired"


async def test_a_press_of_a_keypad_whose_clock_was_never_set_is_too_old(stage: Any) -> None:
    keypad = await stage.peer("keypad-1")

    assert code(await keypad.press("open", at="1970-01-01T00:00:05+07:00")) == "expired"


async def test_a_press_for_another_number_than_the_one_in_hand_does_nothing(stage: Any) -> None:
    keypad = await stage.peer("keypad-1")
    await stage.rig.issue()
    await keypad.press("open")

    assert code(await keypad.press("next", **{"for": "A009"})) == "bad_state"
    assert (await keypad.press("next", **{"for": None}))["result"]["number"] == "A001"


async def test_a_bouncing_contact_calls_once(stage: Any) -> None:
    keypad = await stage.peer("keypad-1")
    await stage.rig.issue()
    await stage.rig.issue()
    await keypad.press("open")

    for _ in range(2):
        await keypad.link.publish(PRESS, Press(button="next"), device="keypad-1")
    state = await stage.rig.engine.ask(lambda hall, _: hall.in_hand(hall.counters["c1"]))
    await until(lambda: state is not None)
    stage.rig.clock.pass_seconds(1.1)
    await keypad.link.publish(PRESS, Press(button="next"), device="keypad-1")
    numbers = [one.event.data["number"] for one in await stage.rig.store.events(0, 50) if one.event.type == "called"]

    assert numbers[:1] == ["A001"]
    assert numbers in (["A001"], ["A001", "A002"])


async def test_too_many_messages_are_asked_to_come_again_and_change_nothing(stage: Any) -> None:
    kiosk = await stage.peer("kiosk-2")
    asked = [str(uuid.uuid4()) for _ in range(120)]

    for one in asked:
        await kiosk.link.publish(REQUEST, Request.model_validate({"id": one, "op": "time"}), device="kiosk-2")
    replies = await until(lambda: kiosk.heard[REPLY.name] if len(kiosk.heard[REPLY.name]) == 120 else None)
    refused = [reply for reply in replies if not reply.ok]

    assert len(refused) == 20
    assert {reply.error.code for reply in refused} == {"try_again"}
    stage.rig.clock.pass_seconds(1)
    assert (await kiosk.request("time", refused[0].id))["ok"]


async def test_malformed_messages_are_answered_where_there_is_an_id(stage: Any) -> None:
    kiosk = await stage.peer("kiosk-2")
    topic = REQUEST.topic(stage.broker.centre, device="kiosk-2")

    stage.broker.inject(topic, json.dumps({"id": "not a uuid", "op": "time"}).encode())
    stage.broker.inject(topic, b"{")
    reply = (await until(lambda: kiosk.heard[REPLY.name]))[0]

    assert (reply.id, reply.error.code) == ("not a uuid", "bad_request")
    assert stage.link.counts.unreadable["malformed"] == 2
    assert (await kiosk.request("time"))["ok"]


async def test_a_request_that_was_left_retained_is_dropped_at_the_next_connect(stage: Any) -> None:
    topic = REQUEST.topic(stage.broker.centre, device="kiosk-2")
    stage.broker.cut("controller")
    asked = {"id": str(uuid.uuid4()), "op": "issue", "service": "land"}
    stage.broker.inject(topic, json.dumps(asked).encode(), retain=True)

    stage.broker.mend("controller")
    await until(lambda: stage.link.counts.unreadable["retained"] == 1)

    assert await stage.rig.engine.ask(lambda hall, _: len(hall.tickets)) == 0


async def test_unknown_devices_are_ignored_and_counted(stage: Any) -> None:
    topic = REQUEST.topic(stage.broker.centre, device="stranger")

    stage.broker.inject(topic, json.dumps({"id": str(uuid.uuid4()), "op": "issue", "service": "land"}).encode())
    await until(lambda: stage.counts.dropped["unknown_device"])

    assert await stage.rig.engine.ask(lambda hall, _: len(hall.tickets)) == 0


async def test_while_the_store_is_away_everyone_is_asked_to_come_again(stage: Any) -> None:
    kiosk, request = await stage.peer("kiosk-2"), str(uuid.uuid4())
    stage.rig.store.fail_before = 1

    assert code(await kiosk.request("issue", request, service="land")) == "try_again"
    assert (await kiosk.request("issue", request, service="land"))["result"]["ticket"]["number"] == "A001"


async def test_an_offline_number_is_handed_in_with_its_own_time(stage: Any) -> None:
    kiosk, clock = await stage.peer("kiosk-2"), stage.rig.clock
    await kiosk.request("issue", service="land")
    clock.pass_seconds(600)
    slow = clock.now() - 3_600_000  # this kiosk's clock is an hour behind
    given = {"number": "Z2-001", "token": "offline-token-00000001", "at": format_instant(slow - 300_000)}

    reply = await kiosk.request("issue", service="land", at=format_instant(slow), offline=given)
    ticket = reply["result"]["ticket"]

    assert (ticket["number"], ticket["channel"]) == ("Z2-001", "offline")
    assert ticket["issued_at"] == format_instant(clock.now() - 300_000)


async def test_a_restart_in_the_midst_of_hand_ins_moves_none_of_the_rest_forward_in_time(open_stage: Any) -> None:
    stage = await open_stage()
    kiosk, clock = await stage.peer("kiosk-2"), stage.rig.clock
    await kiosk.request("time")
    clock.pass_seconds(600)
    given = [
        {"number": f"Z2-00{n}", "token": f"offline-token-0000000{n}", "at": format_instant(clock.now() - 300_000 + n)}
        for n in (1, 2, 3)
    ]
    await kiosk.request("issue", service="nowhere", at=format_instant(clock.now()), offline=given[0])
    await kiosk.request("issue", service="land", at=format_instant(clock.now()), offline=given[1])
    await stage.rig.engine.start()  # what another process would find on disk
    again = await open_stage()

    reply = await (await again.peer("kiosk-2")).request(
        "issue", service="land", at=format_instant(clock.now()), offline=given[2]
    )

    assert reply["result"]["ticket"]["issued_at"] == given[2]["at"]


async def test_an_offline_number_is_not_older_than_any_answer_to_its_kiosk(stage: Any) -> None:
    kiosk, clock = await stage.peer("kiosk-2"), stage.rig.clock
    now = (await kiosk.request("time"))["result"]["now"]
    clock.pass_seconds(600)
    given = {"number": "Z2-001", "token": "offline-token-00000001", "at": format_instant(clock.now() - 3_600_000)}

    reply = await kiosk.request("issue", service="land", at=format_instant(clock.now()), offline=given)

    assert parse_instant(reply["result"]["ticket"]["issued_at"]) >= parse_instant(now)


async def test_a_press_with_an_endless_id_is_refused_before_anything_is_remembered(stage: Any) -> None:
    keypad = await stage.peer("keypad-1")
    topic = PRESS.topic(stage.broker.centre, device="keypad-1")

    for id_ in ("x" * 65, "x" * 60_000, "x" * 70_000, "\ud800", "a\x00"):
        stage.broker.inject(topic, json.dumps({"id": id_, "button": "open"}).encode())
    await until(lambda: stage.link.counts.unreadable.total() == 5)

    assert stage.link.counts.unreadable == {"malformed": 4, "oversize": 1}
    assert stage.link.counts.failed == {}
    assert list(await stage.rig.store.keys()) == []
    assert (await keypad.press("open", "x" * 64))["ok"]


async def test_half_a_letter_beside_a_readable_id_is_answered(stage: Any) -> None:
    keypad = await stage.peer("keypad-1")
    stage.broker.inject(PRESS.topic(stage.broker.centre, device="keypad-1"), b'{"id": "press-1", "button": "\\ud800"}')

    reply = (await until(lambda: keypad.heard[REPLY.name]))[0]

    assert (reply.id, reply.error.code) == ("press-1", "bad_request")
