"""The people of the day: citizens who come, wait, give up, are served and rate; officers who call them.

They act through MQTT devices of their own (`deploy.demo.devices`), by the clock of the demonstration. What they were
told is written into `Book`, which the controller never sees.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from broker.runtime.clock import Clock
    from deploy.demo.day import Citizen, Opinion
    from deploy.demo.devices import Pad, Teller, TouchPoint

LISTEN_S = 60
"""Virtual seconds after which an idle officer looks again whether somebody waits."""
DEFAULT_WALK_S = 20
DEFAULT_SERVICE_S = 240
"""For citizens who are not in the plan: those whom a finger on the kiosk's window made."""

PAD_WAIT_S = 1.0
"""Real seconds that a citizen waits for the pad to offer the rating."""


@dataclass(slots=True)
class Turn:
    """One citizen with a number."""

    citizen: Citizen
    number: str
    token: str
    ticket: str


@dataclass(slots=True)
class Book:
    """What the people of the day were told, by their own devices."""

    turns: dict[str, Turn] = field(default_factory=dict)
    issued: list[str] = field(default_factory=list)
    cancelled: set[str] = field(default_factory=set)
    refused: dict[str, int] = field(default_factory=dict)
    served: int = 0
    absent: int = 0
    ratings: int = 0

    def refuse(self, code: str) -> None:
        """Count somebody who was turned away."""
        self.refused[code] = self.refused.get(code, 0) + 1


@dataclass(frozen=True, slots=True)
class Pace:
    """Waits by the driven clock."""

    clock: Clock

    async def rest(self, seconds: float) -> None:
        """Let virtual seconds pass."""
        await asyncio.sleep(max(seconds, 0) / self.clock.speed)

    async def until(self, instant: int) -> None:
        """Wait for an instant in ms; return at once when it has passed."""
        await self.rest((instant - self.clock.now()) / 1000)


class Citizens:
    """Everybody who comes on this day, each at the planned moment."""

    def __init__(self, kiosk: TouchPoint, pace: Pace, book: Book) -> None:
        self._kiosk, self._pace, self._book = kiosk, pace, book

    async def come(self, citizens: Sequence[Citizen], day_start: int) -> None:
        """Let all arrive; those who lose patience cancel."""
        async with asyncio.TaskGroup() as group:
            for citizen in citizens:
                await self._pace.until(day_start + citizen.at_ms)
                group.create_task(self._arrive(citizen))

    async def _arrive(self, citizen: Citizen) -> None:
        answer = await self._kiosk.request(
            "issue", {"service": citizen.service, "priority": citizen.priority, "lang": citizen.lang}
        )
        if not answer.ok or answer.result is None:
            self._book.refuse(f"issue: {answer.error.code if answer.error else 'no answer'}")
            return
        ticket: dict[str, Any] = answer.result["ticket"]
        turn = Turn(citizen, ticket["number"], ticket["token"], ticket["id"])
        self._book.issued.append(turn.number)
        self._book.turns[turn.number] = turn
        if citizen.cancels_after_ms is not None:
            await self._pace.rest(citizen.cancels_after_ms / 1000)
            if (await self._kiosk.request("cancel", {"token": turn.token})).ok:
                self._book.cancelled.add(turn.number)


class Officer:
    """One officer at one counter with a keypad: opens, calls, waits for the citizen, serves, closes.

    `guest` is awaited when somebody was served who is not in the plan, before the next is called: whoever plays that
    citizen by hand then has the time to rate.
    """

    def __init__(
        self,
        teller: Teller,
        raters: Raters,
        pace: Pace,
        book: Book,
        guest: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        self._teller, self._raters, self._pace, self._book, self._guest = teller, raters, pace, book, guest

    @property
    def counter(self) -> str:
        """The counter's slug."""
        return self._teller.counter

    async def work(self, spans: Sequence[tuple[int, int]]) -> None:
        """Serve through the opening spans of the day, (start, end) in ms; what waits at an end is not called."""
        for start, end in spans:
            await self._pace.until(start)
            await self._teller.press("open")
            await self._serve_until(end)
            await self._teller.press("close")

    async def _serve_until(self, end: int) -> None:
        while True:
            state = self._teller.state
            if state is not None and state.status == "calling" and state.number:
                await self._meet(state.number, end)
            elif self._pace.clock.now() >= end:
                return
            elif state is not None and state.waiting > 0 and state.status == "open":
                await self._teller.press("next")
            else:
                await self._teller.change(LISTEN_S / self._pace.clock.speed)

    async def _meet(self, number: str, end: int) -> None:
        """Wait for the citizen who was called, then serve, or give up after one recall."""
        turn = self._book.turns.get(number)
        if turn is not None and turn.citizen.no_show:
            await self._pace.rest(40)
            await self._teller.press("recall")
            await self._pace.rest(40)
            await self._teller.press("no_show")
            self._book.absent += 1
            return
        if turn is None:
            await self._meet_guest(number)
            return
        await self._pace.rest(turn.citizen.walk_ms / 1000)
        await self._teller.press("start")
        await self._pace.rest(turn.citizen.service_ms / 1000)
        await self._teller.press("next" if self._pace.clock.now() < end else "finish")
        self._book.served += 1
        if turn.citizen.opinion is not None:
            self._raters.rate(self._teller.counter, turn, turn.citizen.opinion)

    async def _meet_guest(self, number: str) -> None:
        await self._pace.rest(DEFAULT_WALK_S)
        await self._teller.press("start")
        await self._pace.rest(DEFAULT_SERVICE_S)
        await self._teller.press("finish")
        self._book.served += 1
        if self._guest is not None:
            await self._guest(number)


class Raters:
    """Citizens who say what they think, each once: at the counter's pad, or later by the code of their slip."""

    def __init__(self, kiosk: TouchPoint, pads: dict[str, Pad], version: int, pace: Pace, book: Book) -> None:
        self._kiosk, self._pads, self._version, self._pace, self._book = kiosk, pads, version, pace, book
        self._under_way: set[asyncio.Task[None]] = set()

    def rate(self, counter: str, turn: Turn, opinion: Opinion) -> None:
        """Begin a rating; it goes on beside the officer's work."""
        task = asyncio.create_task(self._rate(counter, turn, opinion), name=f"rating of {turn.number}")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _rate(self, counter: str, turn: Turn, opinion: Opinion) -> None:
        said = {"score": opinion.score, "version": self._version, "reasons": list(opinion.reasons)}
        pad = self._pads.get(counter)
        visit = await pad.visit_of(turn.number, PAD_WAIT_S) if pad is not None and opinion.on_pad else None
        await self._pace.rest(opinion.after_ms / 1000)
        if pad is not None and visit is not None:
            answer = await pad.request("rate", {"visit": visit, **said})
        else:
            answer = await self._kiosk.request("rate", {"token": turn.token, **said})
        if answer.ok:
            self._book.ratings += 1
        else:
            self._book.refuse(f"rating: {answer.error.code if answer.error else 'no answer'}")

    async def done(self) -> None:
        """Wait until every rating that was begun has been answered."""
        while self._under_way:
            await asyncio.gather(*self._under_way)
