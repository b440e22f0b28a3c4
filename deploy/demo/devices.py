"""The devices of the day: keypads, rating pads and the second kiosk, each signed in to the broker as itself."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from broker.contract.channels import COUNTER_STATE
from broker.contract.errors import Code
from broker.contract.payloads import Kind, Reply
from broker.link.address import parse_url
from broker.link.mqtt_link import MqttLink
from broker.link.requester import UnansweredError
from devices.base.device import Device

if TYPE_CHECKING:
    from pathlib import Path

    from broker.contract.payloads import CounterState
    from broker.link.link import Message
    from broker.runtime.clock import Clock
    from deploy.demo.hall import Hall


PATIENCE = 30
AGAIN_S = 1.0
"""How often, and after how many real seconds, a device asks again that was told to try again."""


class TouchPoint(Protocol):
    """Where citizens ask for something."""

    async def request(self, op: str, fields: dict[str, Any]) -> Reply:
        """Ask and wait for the answer."""
        ...


class Pad(TouchPoint, Protocol):
    """The rating pad of a counter."""

    async def visit_of(self, number: str, seconds: float) -> str | None:
        """Give the visit that the pad offers for rating when it is this number's, within real seconds; else None."""
        ...


class Teller(Protocol):
    """The keypad of a counter and the state that its officer sees."""

    @property
    def counter(self) -> str:
        """The counter's slug."""
        ...

    @property
    def state(self) -> CounterState | None:
        """The counter as it was last shown; None before anything was heard."""
        ...

    async def press(self, button: str) -> Reply:
        """Press a button and wait for the answer."""
        ...

    async def change(self, seconds: float) -> None:
        """Wait until the state changes, at most for real seconds."""
        ...


class DemoDevice:
    """One device of the demonstration on a link of its own."""

    kind: ClassVar[Kind]

    def __init__(self, link: MqttLink, clock: Clock, data: Path) -> None:
        self._device = Device(link, clock, self.kind, "demo", data)
        self._requester = self._device.requester
        self._running = asyncio.create_task(self._device.run(), name=f"device {link.name}")

    @classmethod
    async def sign_in(cls, hall: Hall, device: str, *rest: Any, clock: Clock) -> Self:  # noqa: ANN401 - of each class
        """Connect as a device of the hall and return once the broker has let it in."""
        link = MqttLink(parse_url(f"mqtt://{hall.mqtt}"), hall.id, device, hall.passwords[device], clock)
        made = cls(link, clock, hall.folder / "devices" / device, *rest)
        there = asyncio.Event()

        async def connected() -> None:
            there.set()

        link.on_connect(connected)
        async with asyncio.timeout(15):
            await there.wait()
        return made

    async def request(self, op: str, fields: dict[str, Any]) -> Reply:
        """Ask and wait for the answer, again after `try_again`; silence is an answer without `ok`."""
        mark = str(uuid.uuid4())
        for _ in range(PATIENCE):
            try:
                answer = await self._requester.request(op, fields, id=mark)
            except UnansweredError:
                break
            if answer.ok or answer.error is None or answer.error.code != Code.TRY_AGAIN:
                return answer
            await asyncio.sleep(AGAIN_S)
        return Reply(id="", ok=False)

    async def leave(self) -> None:
        """Say goodbye to the broker."""
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running


class Kiosk(DemoDevice):
    """A kiosk without a window: it asks for what citizens ask for."""

    kind = Kind.KIOSK


class AtCounter(DemoDevice):
    """A device that follows the state of one counter."""

    def __init__(self, link: MqttLink, clock: Clock, data: Path, counter: str) -> None:
        super().__init__(link, clock, data)
        self.counter = counter
        self.state: CounterState | None = None
        self._changed = asyncio.Event()
        link.on(COUNTER_STATE, self._follow, counter=counter)

    async def _follow(self, message: Message[CounterState]) -> None:
        self._see(message.payload)

    def _see(self, state: CounterState | None) -> None:
        self.state = state
        self._changed.set()

    async def change(self, seconds: float) -> None:
        """Wait until the state changes, at most for real seconds."""
        self._changed.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return


class Keypad(AtCounter):
    """The keypad of a counter; after a press the state is that of its answer."""

    kind = Kind.KEYPAD

    async def press(self, button: str) -> Reply:
        """Press a button and wait for the answer."""
        try:
            answer = await self._requester.press(button)
        except UnansweredError:
            return Reply(id="", ok=False)
        if answer.ok and answer.result is not None:
            self._see(COUNTER_STATE.payload.model_validate(answer.result))
        return answer


class RatingPad(AtCounter):
    """The rating pad of a counter."""

    kind = Kind.RATER

    async def visit_of(self, number: str, seconds: float) -> str | None:
        """Give the visit that the pad offers for rating when it is this number's, within real seconds; else None."""
        try:
            async with asyncio.timeout(seconds):
                while not (self.state and self.state.ended and self.state.ended.number == number):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return None
        return self.state.ended.visit
