"""A rating pad at work: the link and the finger go through its flow and back out."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

import structlog

from broker.contract.channels import COUNTER_STATE
from broker.contract.errors import Code
from broker.link.requester import UnansweredError
from devices.base.device import Answer
from kiosk.flow.config import rater_config
from kiosk.flow.effects import Ask, Forget
from kiosk.flow.rater import (
    PadConfigured,
    PadCounter,
    PadIdentify,
    PadLive,
    PadReplied,
    PadTick,
    PadTouched,
    RaterContext,
    RaterState,
    step,
)
from kiosk.views.rater import build_rater

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.payloads import Command, CounterState, DeviceConfig
    from broker.link.link import Message
    from broker.runtime.catalogue import Catalogue
    from devices.base.device import Device
    from kiosk.flow.actions import Action
    from kiosk.flow.rater import PadEvent
    from kiosk.views.view_model import ViewModel

log = structlog.get_logger()

TICK_S = 0.2


class RaterApp:
    """One rating pad. `on_change` is called when there may be something else to show; `face()` gives it.

    `on_answered` hears of each rating that was answered: the visit, and None or the code of the refusal.
    """

    def __init__(self, device: Device, words: Catalogue) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self.on_answered: Callable[[str, str | None], None] = lambda _visit, _code: None
        self.state = RaterState(device.name)
        self._device = device
        self._words = words
        self._counters: dict[str, CounterState | None] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}
        device.on_config(self._configured)
        device.on_command("identify", self._identify, resume=self._identify)
        device.link.on(COUNTER_STATE, self._counter)

    def act(self, action: Action) -> None:
        """Take a touch."""
        self.take(PadTouched(action))

    def face(self) -> ViewModel:
        """Give what the screen shows."""
        return build_rater(self.state, self._moment(), self._words)

    def take(self, event: PadEvent) -> None:
        """Take an event."""
        before = self.state
        self.state, effects = step(self.state, event, self._moment())
        for effect in effects:
            match effect:
                case Ask():
                    self._asking[effect.id] = asyncio.get_running_loop().create_task(self._ask(effect))
                case Forget(request) if request in self._asking:
                    self._asking.pop(request).cancel()
        if self.state != before:
            self.on_change()

    async def run(self) -> None:
        """Work until cancelled."""
        second = 0
        clock = self._device.controller
        while True:
            await asyncio.sleep(TICK_S)
            if clock.alive != self.state.live:
                self.take(PadLive(clock.alive))
            self.take(PadTick())
            if int(clock.monotonic()) != second:
                second = int(clock.monotonic())
                self.on_change()

    def _moment(self) -> RaterContext:
        clock = self._device.controller
        return RaterContext(clock.monotonic(), clock.now(), clock.speed, str(uuid.uuid4()))

    async def _ask(self, ask: Ask) -> None:
        try:
            reply = await self._device.requester.request(ask.op, ask.fields, id=ask.id)
        except UnansweredError:
            log.info("rating_unanswered")
            return
        finally:
            self._asking.pop(ask.id, None)
        code = None if reply.ok else (reply.error.code if reply.error else Code.BAD_REQUEST)
        self.on_answered(str(ask.fields["visit"]), code)
        self.take(PadReplied(ask.id, code))

    async def _configured(self, config: DeviceConfig | None) -> None:
        read = rater_config(config) if config else None
        self.take(PadConfigured(read))
        if read is not None:
            self.take(PadCounter(self._counters.get(read.counter)))

    async def _identify(self, _: Command) -> Answer:
        self.take(PadIdentify())
        return Answer(ok=True)

    async def _counter(self, message: Message[CounterState]) -> None:
        counter = message.segments["counter"]
        self._counters[counter] = message.payload
        if self.state.config is not None and self.state.config.counter == counter:
            self.take(PadCounter(message.payload))
