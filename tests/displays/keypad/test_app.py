from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.channels import COUNTER_STATE, PRESS, REPLY
from broker.contract.errors import Code
from broker.contract.payloads import Button, CounterState, ErrorBody, Kind, Press, Reply
from broker.runtime.catalogue import catalogue
from displays.base.record import Record
from displays.keypad.app import REFUSAL_S, KeypadApp
from displays.keypad.panel import Lamp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from broker.link.link import Message
    from displays.keypad.panel import Panel

WORDS = catalogue("displays")


@dataclass
class Fingers:
    """A pad that the test presses."""

    pressed: asyncio.Queue[Button | None] = field(default_factory=asyncio.Queue)
    panels: list[Panel] = field(default_factory=list)

    async def presses(self) -> AsyncIterator[Button]:
        while button := await self.pressed.get():
            yield button

    def show(self, shown: Panel) -> None:
        self.panels.append(shown)


@dataclass
class Desk:
    """A keypad with its fingers, and what the controller heard of it."""

    hall: Any
    fingers: Fingers
    heard: list[Press]
    live: KeypadApp
    work: asyncio.Task[None]

    async def answer(self, **fields: Any) -> None:
        reply = Reply.model_validate({"id": self.heard[-1].id, **fields})
        await self.hall.controller.publish(REPLY, reply, device="keypad-1")


@pytest.fixture
async def make_desk(
    hall: Any,
    tmp_path: Path,
    make_state: Callable[..., CounterState],
) -> Callable[..., Any]:
    async def make(*, plain: bool = False) -> Desk:
        heard: list[Press] = []

        async def hear(message: Message[Press]) -> None:
            if message.payload is not None:
                heard.append(message.payload)

        hall.controller.on(PRESS, hear)
        await hall.controller.publish(COUNTER_STATE, make_state("calling", "A007", waiting=2), counter="c1")
        device = await hall.device("keypad-1", Kind.KEYPAD)
        await hall.configure(device, counter="c1")
        fingers = Fingers()
        live = KeypadApp(device, fingers, WORDS, Record(tmp_path / "keypad.jsonl"), plain=plain)
        work = asyncio.create_task(live.run())
        await hall.run(device.run(), work)
        await hall.until(lambda: device.link.connected)
        await hall.beat()
        await hall.until(lambda: fingers.panels and fingers.panels[-1].lines[0] == "A007 Đang gọi")
        return Desk(hall, fingers, heard, live, work)

    return make


async def test_a_press_says_what_the_officer_saw_and_its_answer_is_shown(
    make_desk: Callable[..., Any], make_state: Callable[..., CounterState], tmp_path: Path
) -> None:
    desk = await make_desk()
    await desk.fingers.pressed.put(Button.NEXT)
    await desk.hall.until(lambda: desk.heard)

    press = desk.heard[0]
    assert (press.button, press.for_, press.has_for, press.at) == ("next", "A007", True, desk.hall.clock.now())
    state = make_state("calling", "A008", waiting=1).model_dump(mode="json")
    await desk.answer(ok=True, result=state)
    await desk.hall.until(lambda: desk.fingers.panels[-1].lines == ("A008 Đang gọi", "Chờ: 1"))

    line = json.loads((tmp_path / "keypad.jsonl").read_text())
    assert (line["what"], line["button"], line["ok"]) == ("pressed", "next", True)


async def test_a_refusal_is_shown_for_a_moment(make_desk: Callable[..., Any]) -> None:
    desk = await make_desk()
    await desk.fingers.pressed.put(Button.START)
    await desk.hall.until(lambda: desk.heard)
    await desk.answer(ok=False, error=ErrorBody(code=Code.BAD_STATE))
    await desk.hall.until(lambda: desk.fingers.panels[-1].lines[1] == "Chưa bấm được")
    assert Lamp.FAULT in desk.fingers.panels[-1].lamps

    desk.hall.clock.seconds += REFUSAL_S
    await desk.hall.until(lambda: desk.fingers.panels[-1].lines[1] == "Chờ: 2")


async def test_a_code_without_words_of_its_own_is_still_a_refusal(make_desk: Callable[..., Any]) -> None:
    desk = await make_desk()
    await desk.fingers.pressed.put(Button.START)
    await desk.hall.until(lambda: desk.heard)
    await desk.answer(ok=False, error=ErrorBody(code=Code.NOT_FOUND))

    await desk.hall.until(lambda: desk.fingers.panels[-1].lines[1] == "Không thực hiện")


async def test_a_plain_button_sends_the_word_next_and_nothing_else(make_desk: Callable[..., Any]) -> None:
    desk = await make_desk(plain=True)
    await desk.fingers.pressed.put(Button.NEXT)
    await desk.hall.until(lambda: desk.heard)
    await desk.fingers.pressed.put(Button.RECALL)
    await desk.hall.until(lambda: desk.fingers.panels[-1].lines[1] == "Không được phép")

    assert [(press.id, press.button, press.has_for) for press in desk.heard] == [(None, "next", False)]


async def test_a_keypad_without_the_controller_shows_no_number(make_desk: Callable[..., Any]) -> None:
    desk = await make_desk()
    desk.hall.clock.seconds += 15.1

    await desk.hall.until(lambda: desk.fingers.panels[-1].lines[0] == "Mất kết nối")


async def test_presses_made_before_the_pad_was_closed_get_their_answer(
    make_desk: Callable[..., Any], make_state: Callable[..., CounterState]
) -> None:
    desk = await make_desk()
    await desk.fingers.pressed.put(Button.FINISH)
    await desk.fingers.pressed.put(None)
    await desk.hall.until(lambda: desk.heard)
    assert not desk.work.done()

    await desk.answer(ok=True, result=make_state("open").model_dump(mode="json"))
    await asyncio.wait_for(desk.work, 5)
