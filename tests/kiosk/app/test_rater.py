"""A rating pad at work on a broker in memory."""

from __future__ import annotations

from typing import Any

from broker.contract.channels import COUNTER_STATE
from broker.contract.errors import Code
from broker.contract.payloads import CounterState, DeviceConfig, ErrorBody, Kind, Reply, Request
from broker.contract.times import format_instant
from broker.runtime.catalogue import catalogue
from kiosk.app.rater import RaterApp
from kiosk.flow.actions import GiveScore
from kiosk.flow.config import rater_config
from kiosk.flow.rater import Asking, Idle, Sorry, Thanked
from tests.gallery.kiosk.specimens import rater_data


def ended(hall: Any, counter: str = "c3") -> CounterState:
    at = format_instant(hall.clock.now())
    told = {"counter": counter, "label": {"vi": "Quầy 3"}, "status": "open", "since": at}
    return CounterState.model_validate({**told, "ended": {"visit": "visit-1", "number": "A007", "at": at}})


async def open_pad(hall: Any) -> RaterApp:
    device = await hall.device("rater-3", Kind.RATER)
    pad = RaterApp(device, catalogue("kiosk"))
    await hall.run(device.run(), pad.run())
    await hall.until(lambda: device.link.connected)
    await hall.configure("rater-3", rater_data())
    await hall.beat()
    await hall.until(lambda: pad.state.config and pad.state.live)
    return pad


async def test_a_visit_that_ends_is_rated_by_its_id(hall: Any) -> None:
    hall.answer = lambda request: Reply(id=request.id, ok=True, result={"rating": "r"})
    pad = await open_pad(hall)
    answered: list[tuple[str, str | None]] = []
    pad.on_answered = lambda visit, code: answered.append((visit, code))
    await hall.controller.publish(COUNTER_STATE, ended(hall), counter="c3")
    await hall.until(lambda: isinstance(pad.state.view, Asking))
    pad.act(GiveScore(3))
    await hall.until(lambda: isinstance(pad.state.view, Thanked))
    assert answered == [("visit-1", None)]
    sent = hall.requests[0].model_dump()
    assert (sent["op"], sent["visit"], sent["score"], sent["version"]) == ("rate", "visit-1", 3, 3)


async def test_another_counter_is_none_of_its_business(hall: Any) -> None:
    pad = await open_pad(hall)
    await hall.controller.publish(COUNTER_STATE, ended(hall, "c4"), counter="c4")
    await hall.controller.publish(COUNTER_STATE, ended(hall), counter="c3")
    await hall.until(lambda: isinstance(pad.state.view, Asking))
    assert pad.state.asked == ("visit-1",)


async def test_a_refusal_is_told(hall: Any) -> None:
    def refuse(request: Request) -> Reply:
        return Reply(id=request.id, ok=False, error=ErrorBody(code=Code.ALREADY_RATED))

    hall.answer = refuse
    pad = await open_pad(hall)
    await hall.controller.publish(COUNTER_STATE, ended(hall), counter="c3")
    await hall.until(lambda: isinstance(pad.state.view, Asking))
    pad.act(GiveScore(3))
    await hall.until(lambda: isinstance(pad.state.view, Sorry))


async def test_the_state_of_its_counter_that_came_before_its_configuration_is_used(hall: Any) -> None:
    device = await hall.device("rater-3", Kind.RATER)
    pad = RaterApp(device, catalogue("kiosk"))
    await hall.controller.publish(COUNTER_STATE, ended(hall), counter="c3")
    await hall.run(device.run(), pad.run())
    await hall.until(lambda: device.link.connected)
    await hall.configure("rater-3", rater_data())
    await hall.until(lambda: isinstance(pad.state.view, Asking))


async def test_a_pad_whose_configuration_is_taken_away_asks_nothing(hall: Any) -> None:
    pad = await open_pad(hall)
    await hall.controller.publish(COUNTER_STATE, ended(hall), counter="c3")
    await hall.until(lambda: isinstance(pad.state.view, Asking))
    await hall.configure("rater-3", None)
    await hall.until(lambda: isinstance(pad.state.view, Idle))


async def test_a_pad_that_was_told_nonsense_starts_with_the_last_good_configuration(hall: Any) -> None:
    await open_pad(hall)
    await hall.configure("rater-3", {**rater_data(), "counter": "?"})
    await hall.until(lambda: any(b"config_refused" in told for told in hall.broker.retained.values()))
    await hall.switch_off()
    hall.broker.retained.clear()
    device = await hall.device("rater-3", Kind.RATER)
    again = RaterApp(device, catalogue("kiosk"))
    await hall.run(device.run(), again.run())
    await hall.until(lambda: again.state.config)
    assert again.state.config == rater_config(DeviceConfig.model_validate(rater_data()))
