"""An officer's keypad at work: presses out with the number that the officer saw, answers and states in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from broker.contract.channels import COUNTER_STATE, PRESS
from broker.contract.payloads import Button, CounterState, Press
from broker.link.link import LinkDownError
from broker.link.requester import UnansweredError
from displays.base.display import configured_place
from displays.keypad.panel import panel

if TYPE_CHECKING:
    from broker.contract.payloads import DeviceConfig, Reply
    from broker.link.link import Message, Unsubscribe
    from broker.runtime.catalogue import Catalogue
    from devices.base.device import Device
    from displays.base.record import Record
    from displays.keypad.pads import Pad
    from displays.keypad.panel import Panel

log = structlog.get_logger()

REFUSAL_S = 3.0
TICK_S = 0.2


class KeypadApp:
    """One keypad. With `plain` it sends the word `next` and nothing else, as the simplest button can."""

    def __init__(
        self, device: Device, pad: Pad, words: Catalogue, record: Record | None = None, *, plain: bool = False
    ) -> None:
        self._device = device
        self._pad = pad
        self._words = words
        self._record = record
        self._plain = plain
        self._counter: str | None = None
        self._state: CounterState | None = None
        self._refusal: tuple[str, float] | None = None
        self._shown: Panel | None = None
        self._lang = words.languages[0]
        self._leave: Unsubscribe | None = None
        device.on_config(self._turn)
        device.controller.on_first(self._alive)

    async def run(self) -> None:
        """Send what is pressed until the pad is gone; it runs beside `device.run()`."""
        watching = asyncio.create_task(self._watch(), name="panel")
        pressing: set[asyncio.Task[None]] = set()
        try:
            async for button in self._pad.presses():
                task = asyncio.create_task(self.press(button), name="press")
                pressing.add(task)
                task.add_done_callback(pressing.discard)
            # What was pressed before the pad was closed gets its answer.
            await asyncio.gather(*pressing)
        finally:
            for task in (watching, *pressing):
                task.cancel()
            await asyncio.gather(watching, *pressing, return_exceptions=True)

    async def press(self, button: Button) -> None:
        """Send one press and show what became of it."""
        seen = self._state
        if self._plain:
            await self._send_plain(button)
            return
        if seen is None:
            self._refuse(button, "no_answer")
            return
        try:
            reply = await self._device.requester.press(button.value, for_=seen.number)
        except UnansweredError:
            self._refuse(button, "no_answer")
            return
        self._answered(button, reply)

    async def _send_plain(self, button: Button) -> None:
        if button is not Button.NEXT:
            self._refuse(button, "not_allowed")
            return
        try:
            await self._device.link.publish(PRESS, Press(button="next"), device=self._device.name)
        except LinkDownError:
            self._refuse(button, "no_answer")

    def _answered(self, button: Button, reply: Reply) -> None:
        if reply.ok:
            self._refusal = None
            self._note(button, ok=True, error=None)
        else:
            self._refuse(button, reply.error.code.value if reply.error else "")
        if reply.ok and reply.result:
            self._take(reply.result)
        self._show()

    def _take(self, result: dict[str, object]) -> None:
        """An answer carries the counter's state; the retained one may come a moment later."""
        try:
            self._state = CounterState.model_validate(result)
        except ValueError:
            log.warning("answer_without_state", device=self._device.name)

    def _refuse(self, button: Button, code: str) -> None:
        known = f"keypad.refused.{code}"
        self._refusal = (known if known in self._words.keys else "keypad.refused", self._now() + REFUSAL_S)
        self._note(button, ok=False, error=code)
        self._show()

    def _note(self, button: Button, *, ok: bool, error: str | None) -> None:
        if self._record is not None:
            number = self._state.number if self._state else None
            self._record.line(
                "pressed", self._device.controller.now(), button=button.value, number=number, ok=ok, error=error
            )

    async def _turn(self, config: DeviceConfig | None) -> None:
        counter = configured_place(config, "counter") if config is not None else None
        if counter is None or counter == self._counter:
            return
        self._counter, self._state = counter, None
        if self._leave is not None:
            self._leave()
        self._leave = self._device.link.on(COUNTER_STATE, self._hear, counter=counter)

    async def _hear(self, message: Message[CounterState]) -> None:
        self._state = message.payload
        self._show()

    async def _alive(self) -> None:
        self._show()

    async def _watch(self) -> None:
        """Show in time that the controller is away, and that a refusal is over."""
        while True:
            self._show()
            await asyncio.sleep(TICK_S)

    def _show(self) -> None:
        if self._refusal is not None and self._now() >= self._refusal[1]:
            self._refusal = None
        refusal = self._refusal[0] if self._refusal else None
        stale = not self._device.controller.alive
        shown = panel(self._state, self._words, self._lang, stale=stale, refusal=refusal)
        if shown != self._shown:
            self._shown = shown
            self._pad.show(shown)

    def _now(self) -> float:
        return self._device.controller.monotonic()
