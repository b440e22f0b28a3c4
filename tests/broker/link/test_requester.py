"""Requests and presses are repeated with one id until they are answered."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from broker.contract.channels import PRESS, REPLY, REQUEST
from broker.contract.payloads import Kind, Press, Reply, Request
from broker.link.memory_link import MemoryBroker, MemoryLink
from broker.link.requester import Requester, UnansweredError
from broker.runtime.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from broker.link.link import Message

PATIENCE_S = 5.0


class Hall:
    """A controller that answers when the test says so."""

    def __init__(self) -> None:
        self.broker = MemoryBroker("c", SystemClock())
        self.broker.admit("kiosk-1", Kind.KIOSK)
        self.broker.admit("keypad-1", Kind.KEYPAD)
        self.controller = self.broker.link("controller")
        self.kiosk = self.broker.link("kiosk-1")
        self.keypad = self.broker.link("keypad-1")
        self.requests: asyncio.Queue[Request] = asyncio.Queue()
        self.presses: asyncio.Queue[Press] = asyncio.Queue()
        self.controller.on(REQUEST, self._request)
        self.controller.on(PRESS, self._press)

    async def _request(self, message: Message[Request]) -> None:
        assert message.payload is not None
        self.requests.put_nowait(message.payload)

    async def _press(self, message: Message[Press]) -> None:
        assert message.payload is not None
        self.presses.put_nowait(message.payload)

    async def asked(self) -> Request:
        return await asyncio.wait_for(self.requests.get(), PATIENCE_S)

    def answer(self, id_: str, device: str = "kiosk-1") -> None:
        self.controller.post(REPLY, Reply(id=id_, ok=True, result={"done": 1}), device=device)


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    made = Hall()
    ups: list[asyncio.Event] = []
    tasks: list[asyncio.Task[None]] = []
    for link in (made.controller, made.kiosk, made.keypad):
        ups.append(_up(link))
        tasks.append(asyncio.create_task(link.run()))
    for up in ups:
        await asyncio.wait_for(up.wait(), PATIENCE_S)
    yield made
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _up(link: MemoryLink) -> asyncio.Event:
    event = asyncio.Event()

    async def hear() -> None:
        event.set()

    link.on_connect(hear)
    return event


async def test_a_request_is_answered_by_the_reply_with_its_id(hall: Hall) -> None:
    asking = asyncio.create_task(Requester(hall.kiosk, SystemClock()).request("issue", {"service": "land"}))
    asked = await hall.asked()
    hall.answer("somebody-else")
    hall.answer(asked.id)

    assert (asked.op, asked.model_extra) == ("issue", {"service": "land"})
    assert await asking == Reply(id=asked.id, ok=True, result={"done": 1})


async def test_a_request_is_repeated_with_its_id_and_a_renewed_time(hall: Hall) -> None:
    asking = asyncio.create_task(Requester(hall.kiosk, SystemClock(), repeat_s=0.003).request("time"))
    asked = [await hall.asked() for _ in range(3)]
    hall.answer(asked[0].id)
    await asking

    assert len({one.id for one in asked}) == 1
    times = [one.at for one in asked if one.at is not None]
    assert times == sorted(times)
    assert times[0] < times[2]


async def test_a_request_goes_out_at_once_when_the_link_comes_back(hall: Hall) -> None:
    requester = Requester(hall.kiosk, SystemClock())
    hall.broker.cut("kiosk-1")
    asking = asyncio.create_task(requester.request("time", id="11111111-2222-4333-8444-000000000001"))
    await asyncio.sleep(0)
    hall.broker.mend("kiosk-1")
    asked = await hall.asked()
    hall.answer(asked.id)

    assert asked.id == "11111111-2222-4333-8444-000000000001"
    assert (await asking).ok


async def test_without_an_answer_the_caller_is_told_and_repeating_ends(hall: Hall) -> None:
    requester = Requester(hall.kiosk, SystemClock(), repeat_s=0.002, give_up_s=0.01)
    with pytest.raises(UnansweredError):
        await requester.request("time")
    await hall.asked()
    while not hall.requests.empty():
        hall.requests.get_nowait()
    await asyncio.sleep(0.01)

    assert hall.requests.empty()


async def test_one_id_is_asked_by_one_caller_at_a_time(hall: Hall) -> None:
    requester, mark = Requester(hall.kiosk, SystemClock()), "11111111-2222-4333-8444-000000000001"
    asking = asyncio.create_task(requester.request("time", id=mark))
    await hall.asked()
    with pytest.raises(ValueError, match="being asked"):
        await requester.request("time", id=mark)
    hall.answer(mark)

    assert (await asking).ok


async def test_a_press_keeps_the_moment_of_the_finger_and_says_what_was_in_hand_only_when_told(hall: Hall) -> None:
    requester = Requester(hall.keypad, SystemClock(), repeat_s=0.003)
    asking = asyncio.create_task(requester.press("next", for_=None))
    first = await asyncio.wait_for(hall.presses.get(), PATIENCE_S)
    second = await asyncio.wait_for(hall.presses.get(), PATIENCE_S)
    assert first.id is not None
    hall.answer(first.id, "keypad-1")
    await asking
    unsaid = asyncio.create_task(requester.press("recall"))
    while (third := await asyncio.wait_for(hall.presses.get(), PATIENCE_S)).button != "recall":
        pass
    assert third.id is not None
    hall.answer(third.id, "keypad-1")
    await unsaid

    assert first == second
    assert (first.has_for, first.for_, third.has_for) == (True, None, False)
