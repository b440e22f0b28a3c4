"""Asking the controller: the same id again and again until its answer, as the contract says."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any, Final

from broker.contract.channels import PRESS, REPLY, REQUEST, Channel
from broker.contract.payloads import Press, Reply, Request
from broker.link.link import LinkDownError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from broker.contract.payloads import Payload
    from broker.link.link import Link, Message
    from broker.runtime.clock import Clock

REPEAT_S = 2.0
GIVE_UP_S = 30.0
PRESS_GIVE_UP_S = 5.0
"""A press older than this is not wanted any more: the controller answers it with `expired`."""


class NotGiven:
    """The sender does not say which number it sees in hand."""


UNSAID: Final = NotGiven()


class UnansweredError(Exception):
    """No reply came in time; whether the request was done is not known."""


class Requester:
    """Requests and presses of one device over its link. `clock` gives the controller's time for `at`.

    One id is asked by one caller at a time; a second is a ValueError.
    A reply that refuses is a Reply with `ok` false, not an exception. Cancelling a call ends its repeating.
    """

    def __init__(self, link: Link, clock: Clock, *, repeat_s: float = REPEAT_S, give_up_s: float = GIVE_UP_S) -> None:
        self._link = link
        self._clock = clock
        self._repeat_s = repeat_s
        self._give_up_s = give_up_s
        self._waiting: dict[str, asyncio.Future[Reply]] = {}
        self._back = asyncio.Event()
        link.on(REPLY, self._hear, device=link.name)
        link.on_connect(self._reconnected)

    async def request(
        self,
        op: str,
        fields: Mapping[str, Any] | None = None,
        id: str | None = None,  # noqa: A002 - the field's name
        at: Callable[[], int] | None = None,
    ) -> Reply:
        """Send a request until it is answered; Unanswered after 30 s. Give `id` to ask again what was asked before.

        `at` gives the time of sending in place of the clock; it is renewed at each repeat.
        """
        sent_at = at or self._clock.now
        mark = id or str(uuid.uuid4())

        def written() -> Request:
            return Request.model_validate({**(fields or {}), "id": mark, "op": op, "at": sent_at()})

        return await self._until_answered(REQUEST, mark, written, self._give_up_s)

    async def press(self, button: str, *, for_: str | NotGiven | None = UNSAID, id: str | None = None) -> Reply:  # noqa: A002 - the field's name
        """Send a keypad's press until it is answered; Unanswered after 5 s.

        `at` stays the moment of the finger, so that a press that was held up is refused instead of surprising somebody.
        """
        mark, at = id or str(uuid.uuid4()), self._clock.now()
        said = {} if isinstance(for_, NotGiven) else {"for": for_}
        press = Press.model_validate({"id": mark, "button": button, "at": at, **said})
        return await self._until_answered(PRESS, mark, lambda: press, min(PRESS_GIVE_UP_S, self._give_up_s))

    async def _until_answered(
        self, channel: Channel[Any], mark: str, written: Callable[[], Payload], give_up_s: float
    ) -> Reply:
        if mark in self._waiting:
            raise ValueError(f"{mark} is being asked already")
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[mark] = answer
        repeating = asyncio.create_task(self._repeat(channel, written), name=f"repeat {mark}")
        try:
            async with asyncio.timeout(give_up_s):
                return await answer
        except TimeoutError:
            raise UnansweredError(f"no reply within {give_up_s:g} s") from None
        finally:
            del self._waiting[mark]
            answer.cancel()
            repeating.cancel()

    async def _repeat(self, channel: Channel[Any], written: Callable[[], Payload]) -> None:
        while True:
            self._back.clear()
            try:
                self._link.post(channel, written(), device=self._link.name)
            except LinkDownError:
                await self._back.wait()
                continue
            try:
                async with asyncio.timeout(self._repeat_s):
                    await self._back.wait()
            except TimeoutError:
                continue

    def again(self) -> None:
        """Send what waits for an answer now, before its next repeat is due."""
        self._back.set()

    async def _reconnected(self) -> None:
        self.again()

    async def _hear(self, message: Message[Reply]) -> None:
        waiting = self._waiting.get(message.payload.id) if message.payload else None
        if waiting is not None and not waiting.done():
            waiting.set_result(message.payload)  # type: ignore[arg-type]  # found by the payload, so there is one
