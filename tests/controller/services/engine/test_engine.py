"""What the heart promises: nothing before the disk, everything once, the same after any crash."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Origin
from broker.contract.times import parse_instant
from controller.domain.centre.centre import CentreFaults, parse_centre
from controller.domain.commands import Cancel, Issue, Offline, PublishCentre, Rate
from controller.domain.events import EventType
from controller.mqtt.device_configs import device_config
from controller.services.configuration import Configuration
from controller.services.journal.ports import IdempotencyKey, Version

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    Runs = Callable[[], AbstractAsyncContextManager[Any]]

DAY_MS = 24 * 3600 * 1000


def key(request: str, digest: str = "same", sender: str = "kiosk-1") -> IdempotencyKey:
    return IdempotencyKey(sender, request, digest)


async def refusal(work: Any) -> Code:
    with pytest.raises(RefusedError) as refused:
        await work
    return refused.value.code


async def until(what: Callable[[], Any]) -> None:
    async with asyncio.timeout(5):
        while not what():  # noqa: ASYNC110 - anything may be waited for
            await asyncio.sleep(0)


async def test_numbers_follow_each_other_through_a_restart(open_rig: Runs) -> None:
    async with open_rig() as rig:
        first = [(await rig.issue())["number"] for _ in range(3)]
    async with open_rig() as rig:
        then = (await rig.issue())["number"]

    assert [*first, then] == ["A001", "A002", "A003", "A004"]


async def test_a_stored_text_that_no_new_configuration_may_have_keeps_no_controller_from_starting(
    open_rig: Runs, small_centre: dict[str, Any], hand_clock: Any
) -> None:
    small_centre["service"][0]["name"] = {"vi": "W" * 501}
    centre = parse_centre(small_centre, stored=True)
    async with open_rig() as rig:
        await rig.engine.do(
            PublishCentre(centre=centre, version=2),
            also=lambda batch: batch.versions.append(Version(2, hand_clock.now(), centre.to_document())),
        )
    async with open_rig() as rig:
        assert await rig.engine.ask(lambda hall, _: hall.centre) == centre


async def test_a_stored_pattern_that_is_not_linear_is_never_applied_and_is_named(
    open_rig: Runs, small_centre: dict[str, Any], hand_clock: Any
) -> None:
    pattern = r"(A+)+\1"
    small_centre["dossier"] = {"pattern": pattern, "receipt_services": ["result"]}
    with pytest.raises(CentreFaults):
        parse_centre(small_centre)
    centre = parse_centre(small_centre, stored=True)
    async with open_rig() as rig:
        await rig.engine.do(
            PublishCentre(centre=centre, version=2),
            also=lambda batch: batch.versions.append(Version(2, hand_clock.now(), centre.to_document())),
        )
    async with open_rig() as rig:
        await rig.issue(dossier="A" * 64)
        (issued,) = [one.event for one in await rig.store.events(0, 10) if one.event.type is EventType.ISSUED]
        in_force = await rig.engine.ask(lambda hall, _: hall.centre)
        configuration = Configuration(rig.engine, hand_clock)
        with structlog.testing.capture_logs() as logs:
            await configuration.start(await rig.store.version(2))

    assert issued.data["dossier"] is None
    assert in_force.disabled == ("dossier.pattern",)
    assert device_config(in_force, in_force.devices["kiosk-1"], 2, {}).model_dump()["receipt"] is None
    assert [(line["event"], line["place"]) for line in logs] == [("configuration_disabled", "dossier.pattern")]
    assert in_force.to_document()["dossier"]["pattern"] == pattern


async def test_a_repeat_gets_the_first_answer_also_after_a_restart(open_rig: Runs) -> None:
    async with open_rig() as rig:
        first = await rig.issue(key=key("r1"))
        at_once = await rig.issue(key=key("r1"))
    async with open_rig() as rig:
        later = await rig.issue(key=key("r1"))
        waiting = await rig.engine.ask(lambda hall, _: hall.waiting_for("land"))

    assert first == at_once == later
    assert waiting == 1


async def test_a_repeat_that_waits_beside_the_first_is_answered_with_it(rig: Any) -> None:
    answers = await asyncio.gather(*(rig.issue(key=key("r1"), request="r1") for _ in range(5)))

    assert {answer["number"] for answer in answers} == {"A001"}


async def test_refusals_are_remembered(open_rig: Runs, hand_clock: Any) -> None:
    async with open_rig() as rig:
        hand_clock.at = parse_instant("2026-11-23T06:00:00+07:00")
        first = await refusal(rig.issue(key=key("early")))
    async with open_rig() as rig:
        hand_clock.at = parse_instant("2026-11-23T08:00:00+07:00")
        again = await refusal(rig.issue(key=key("early")))

    assert first is again is Code.CENTRE_CLOSED


async def test_an_id_used_for_another_request_is_a_bad_request(rig: Any) -> None:
    await rig.issue(key=key("r1"))

    assert await refusal(rig.issue("result", key=key("r1", digest="other"))) is Code.BAD_REQUEST
    assert await rig.engine.ask(lambda hall, _: hall.waiting_for("result")) == 0


async def test_the_same_id_of_another_sender_is_another_request(rig: Any) -> None:
    mine, theirs = await rig.issue(key=key("r1")), await rig.issue(key=key("r1", sender="kiosk-2"))

    assert (mine["number"], theirs["number"]) == ("A001", "A002")


async def test_a_rush_shares_one_commit(rig: Any) -> None:
    rig.store.gate.clear()
    rig.store.commits.clear()
    first = asyncio.create_task(rig.issue())
    await until(lambda: rig.engine._ledger.hall.tickets)
    rush = [asyncio.create_task(rig.issue()) for _ in range(40)]
    await until(lambda: len(rig.engine._waiting) == 40)
    rig.store.gate.set()

    numbers = [ticket["number"] for ticket in await asyncio.gather(first, *rush)]

    assert numbers == [f"A{serial:03d}" for serial in range(1, 42)]
    assert rig.store.commits == [1, 40]


async def test_nothing_is_seen_before_it_is_on_disk(rig: Any) -> None:
    rig.store.gate.clear()
    issued = asyncio.create_task(rig.issue())
    await until(lambda: rig.engine._ledger.hall.tickets)
    asked = asyncio.create_task(rig.engine.ask(lambda hall, _: hall.waiting_for("land")))
    await asyncio.sleep(0)

    assert not asked.done()
    assert not issued.done()
    rig.store.gate.set()
    assert await asked == 1


@pytest.mark.parametrize("when", ["fail_before", "fail_after"])
async def test_a_failed_commit_is_try_again_for_all_and_costs_no_number(rig: Any, when: str) -> None:
    await rig.issue()
    setattr(rig.store, when, 1)

    waiting = [asyncio.create_task(rig.issue(key=key(f"r{one}"), request=f"r{one}")) for one in range(3)]
    codes = [await refusal(one) for one in waiting]
    again = [(await rig.issue(key=key(f"r{one}"), request=f"r{one}"))["number"] for one in range(3)]

    assert codes == [Code.TRY_AGAIN] * 3
    assert again == ["A002", "A003", "A004"]
    written = await rig.store.events(0, 100)
    assert [one.seq for one in written] == [1, 2, 3, 4]


async def test_a_store_that_stays_away_is_try_again_until_it_is_back(rig: Any) -> None:
    await rig.issue()
    rig.store.fail_before = 3

    codes = [await refusal(rig.issue(key=key("r"))) for _ in range(3)]

    assert codes == [Code.TRY_AGAIN] * 3
    assert (await rig.issue(key=key("r")))["number"] == "A002"
    assert rig.engine.ready


async def test_listeners_hear_after_the_disk_and_before_the_next_command(rig: Any) -> None:
    heard: list[int] = []
    rig.engine.listen(lambda commit: heard.extend(written.seq for written in commit.batch.journal))

    await rig.issue()
    rig.store.fail_before = 1
    await refusal(rig.issue())
    await rig.issue()

    assert heard == [1, 2]


async def test_a_listener_that_fails_stops_nothing(rig: Any) -> None:
    def fail(_: Any) -> None:
        raise RuntimeError("a page went wrong")

    rig.engine.listen(fail)

    assert (await rig.issue())["number"] == "A001"


async def test_journal_time_never_goes_back(rig: Any, hand_clock: Any) -> None:
    await rig.issue()
    hand_clock.at -= 3_600_000
    await rig.issue()

    first, second = await rig.store.events(0, 10)

    assert second.event.at == first.event.at


async def test_the_next_day_begins_at_001_and_yesterday_only_looks_up(open_rig: Runs, hand_clock: Any) -> None:
    async with open_rig() as rig:
        await rig.act("open")
        served, left = await rig.serve_one(), await rig.issue()
    hand_clock.at += DAY_MS
    async with open_rig() as rig:
        today = await rig.issue()
        codes = [
            await refusal(rig.engine.do(Rate(token=served["token"], score=3, version=1))),
            await refusal(rig.engine.do(Cancel(token=left["token"]))),
            await refusal(rig.engine.do(Cancel(token="A" * 22))),
        ]
        past = await rig.store.past(left["token"])
        closing = [one for one in await rig.store.events(0, 100) if one.event.type == "expired"]

    assert today["number"] == "A001"
    assert codes == [Code.NOT_RATEABLE, Code.BAD_STATE, Code.NOT_FOUND]
    assert past is not None
    assert (past["number"], past["status"]) == ("A002", "expired")
    assert closing[0].event.at == parse_instant("2026-11-24T00:00:00+07:00") - 1
    assert closing[0].day == "2026-11-23"


async def test_a_hand_in_takes_over_what_its_request_made(rig: Any) -> None:
    made = await rig.issue(key=key("first"), request="first")

    taken = await rig.issue(
        key=key("second"), request="second",
        offline=Offline(number="Z1-001", token="offline-token-00000001", at=rig.clock.at, replaces="first"),
    )  # fmt: skip
    found = await rig.engine.ask(lambda hall, _: [hall.by_number(one).id for one in ("A001", "Z1-001")])

    assert taken["id"] == made["id"]
    assert found == [made["id"], made["id"]]


async def test_what_a_hand_in_replaced_may_never_do_anything(open_rig: Runs) -> None:
    offline: dict[str, Any] = {"number": "Z1-001", "token": "offline-token-00000001", "replaces": "lost"}
    async with open_rig() as rig:
        await rig.issue(key=key("new"), request="new", offline=Offline(**offline, at=rig.clock.at))
        now = await refusal(rig.issue(key=key("lost"), request="lost"))
    async with open_rig() as rig:
        later = await refusal(rig.issue(key=key("lost"), request="lost"))
        tickets = await rig.engine.ask(lambda hall, _: len(hall.tickets))

    assert now is later is Code.EXPIRED
    assert tickets == 1


async def test_a_hand_in_of_yesterday_is_stored_on_its_day_as_expired(open_rig: Runs, hand_clock: Any) -> None:
    async with open_rig() as rig:
        await rig.issue(key=key("first"), request="first")
    yesterday = hand_clock.at
    hand_clock.at += DAY_MS
    async with open_rig() as rig:
        fresh = await rig.issue(
            key=key("a"), request="a", offline=Offline(number="Z1-001", token="offline-token-00000001", at=yesterday)
        )
        renumbered = await rig.issue(
            key=key("b"), request="b",
            offline=Offline(number="Z1-002", token="offline-token-00000002", at=yesterday, replaces="first"),
        )  # fmt: skip
        past = await rig.store.past("offline-token-00000002")

    assert (fresh["status"], renumbered["status"]) == ("expired", "expired")
    assert past is not None
    assert (past["day"], past["other_numbers"]) == ("2026-11-23", ["A001"])


async def test_a_hand_in_that_was_answered_longer_ago_than_answers_are_kept_is_in_the_books_once(
    rig: Any, hand_clock: Any
) -> None:
    given = Offline(number="Z1-001", token="offline-token-00000001", at=hand_clock.at)
    first = await rig.issue(key=key("a"), request="a", offline=given)
    hand_clock.at += 3 * DAY_MS
    await rig.issue(key=key("b"), request="b")
    events = len(await rig.store.events(0, 100))

    again = await rig.issue(key=key("c"), request="c", offline=given)
    with pytest.raises(RefusedError, match="another ticket"):
        await rig.issue(key=key("d"), request="d", offline=replace(given, number="Z1-002"))

    assert (again["id"], again["number"], again["status"]) == (first["id"], "Z1-001", "expired")
    assert len(await rig.store.events(0, 100)) == events


async def test_the_pad_is_judged_by_when_its_request_first_came(rig: Any, hand_clock: Any) -> None:
    await rig.act("open")
    await rig.serve_one()
    visit = (await rig.engine.ask(lambda hall, _: hall.counters["c1"].ended))[0]
    rate = Rate(visit=visit, counter="c1", score=3, version=1)
    rig.store.fail_before = 1

    first = await refusal(rig.engine.do(rate, key=key("rating", sender="rater-1")))
    hand_clock.pass_seconds(60)
    again = await rig.engine.do(rate, key=key("rating", sender="rater-1"))
    late = await refusal(rig.engine.do(rate, key=key("another", sender="rater-1")))

    assert first is Code.TRY_AGAIN
    assert set(again) == {"rating"}
    assert late is Code.ALREADY_RATED


async def test_answers_are_forgotten_after_two_days_and_secrets_after_their_date(rig: Any, hand_clock: Any) -> None:
    ticket = await rig.issue(key=key("r1"))
    hand_clock.at += 31 * DAY_MS
    await rig.engine.accept_clock()
    await rig.engine._purge()

    assert await rig.store.past(ticket["token"]) is None
    assert not rig.engine._memory.knows("kiosk-1", "r1")
    assert list(await rig.store.keys()) == []


async def test_a_closing_engine_finishes_what_waits_and_takes_nothing_more(open_rig: Runs) -> None:
    async with open_rig() as rig:
        issued = rig.engine.submit(Issue(service="land", origin=Origin.KIOSK))
        rig.engine.close()
        code = await refusal(rig.issue())

        assert (await issued)["ticket"]["number"] == "A001"
        assert code is Code.TRY_AGAIN
