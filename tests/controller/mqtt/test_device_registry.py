"""Who is there, what each device is told, and what is cleared of those that were removed."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from broker.contract.channels import CONFIG, COUNTER_STATE, DEVICE_STATE
from broker.contract.payloads import DeviceState, Kind


async def until(what: Any, seconds: float = 5.0) -> Any:
    async with asyncio.timeout(seconds):
        while not (found := what()):  # noqa: ASYNC110 - anything may be waited for
            await asyncio.sleep(0.001)
    return found


def retained(stage: Any, channel: Any, **segments: str) -> Any:
    raw = stage.broker.retained.get(channel.topic(stage.broker.centre, **segments))
    return json.loads(raw) if raw else None


async def born(stage: Any, device: str, session: str, **told: Any) -> None:
    state = DeviceState(online=True, session=session, kind=Kind.SIGN, version="1", at=stage.rig.clock.now(), **told)
    stage.broker.inject(
        DEVICE_STATE.topic(stage.broker.centre, device=device), state.model_dump_json().encode(), retain=True
    )
    await until(lambda: stage.presence.seen(device) and stage.presence.seen(device).session == session)


async def test_each_device_is_told_what_belongs_to_its_kind(stage: Any) -> None:
    kiosk = await until(lambda: retained(stage, CONFIG, device="kiosk-1"))
    keypad = retained(stage, CONFIG, device="keypad-1")
    printer = retained(stage, CONFIG, device="printer-1")
    board = retained(stage, CONFIG, device="board-1")
    rater = retained(stage, CONFIG, device="rater-1")

    assert (kiosk["revision"], kiosk["kind"], kiosk["offline"], kiosk["printer"]) == (1, "kiosk", "Z1", "printer-1")
    assert kiosk["services"][0] == {"id": "land", "group": "land", "name": {"vi": "Nộp"}, "series": "A"}
    assert [one["id"] for one in kiosk["priorities"]] == ["elderly"]
    assert kiosk["priorities"][0]["proof"] == {}
    assert kiosk["hours"][0]["open"] == ["07:00-17:00"]
    assert kiosk["centre"]["public_url"] == "http://127.0.0.1:8000"
    assert (keypad["counter"], board["zone"]) == ("c1", "hall")
    assert (printer["address"], printer["width_mm"]) == ("tcp://127.0.0.1:9100", 80)
    assert (rater["counter"], rater["label"], rater["rating"]["window_s"]) == ("c1", {"vi": "Quầy 1"}, 30)


async def test_a_device_is_there_from_its_birth_to_the_will_of_that_session(stage: Any) -> None:
    topic = DEVICE_STATE.topic(stage.broker.centre, device="sign-1")
    await born(stage, "sign-1", "one")
    was_there = stage.presence.online("sign-1")
    await born(stage, "sign-1", "two")
    stage.broker.inject(topic, b'{"online": false, "session": "one"}', retain=True)
    stage.broker.inject(topic, b'{"online": false, "session": "other"}', retain=True)
    await stage.rig.engine.ask(lambda hall, _: hall.day)
    after_old_will = stage.presence.online("sign-1")

    stage.broker.inject(topic, b'{"online": false, "session": "two"}', retain=True)
    await until(lambda: not stage.presence.online("sign-1"))

    assert (was_there, after_old_will) == (True, True)
    assert stage.presence.reconnects("sign-1") == 1


async def test_a_device_that_was_not_heard_for_75_seconds_is_away(stage: Any) -> None:
    await born(stage, "sign-1", "one")

    stage.rig.clock.pass_seconds(75)
    still_there = stage.presence.online("sign-1")
    stage.rig.clock.pass_seconds(1)

    assert (still_there, stage.presence.online("sign-1")) == (True, False)


async def test_what_was_removed_is_cleared_and_again_when_its_will_follows(stage: Any) -> None:
    await born(stage, "sign-1", "one")
    await until(lambda: retained(stage, COUNTER_STATE, counter="c2"))
    data = dict(stage.configuration.current().data)
    data["device"] = [one for one in data["device"] if one["id"] != "sign-1"]
    data["counter"] = [one for one in data["counter"] if one["id"] != "c2"]

    await stage.configuration.publish(data, expected=1)
    cleared = [retained(stage, CONFIG, device="sign-1"), retained(stage, DEVICE_STATE, device="sign-1")]
    topic = DEVICE_STATE.topic(stage.broker.centre, device="sign-1")
    stage.broker.inject(topic, b'{"online": false, "session": "one"}', retain=True)
    await until(lambda: topic not in stage.broker.retained)

    assert cleared == [None, None]
    assert retained(stage, COUNTER_STATE, counter="c2") is None
    assert retained(stage, CONFIG, device="kiosk-1")["revision"] == 2
    assert stage.presence.seen("sign-1") is None


async def test_what_was_removed_while_nobody_was_linked_is_cleared_at_the_next_connect(stage: Any) -> None:
    await until(lambda: retained(stage, CONFIG, device="sign-1"))
    stage.broker.cut("controller")
    data = dict(stage.configuration.current().data)
    data["device"] = [one for one in data["device"] if one["id"] != "sign-1"]

    await stage.configuration.publish(data, expected=1)
    stage.broker.mend("controller")
    await until(lambda: retained(stage, CONFIG, device="kiosk-1")["revision"] == 2)

    assert retained(stage, CONFIG, device="sign-1") is None
