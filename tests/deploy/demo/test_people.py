from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from broker.contract.errors import Code
from broker.contract.payloads import CounterState, CounterStatus, ErrorBody, Reply
from broker.runtime.clock import SystemClock
from deploy.demo.day import Citizen, Opinion
from deploy.demo.people import Book, Citizens, Officer, Pace, Raters, Turn

FAST = Pace(SystemClock(speed=100_000.0))


def citizen(**changes: Any) -> Citizen:
    plan: dict[str, Any] = {
        "at_ms": 0, "service": "land", "priority": "normal", "lang": "vi", "walk_ms": 1000, "service_ms": 60_000,
        "cancels_after_ms": None, "no_show": False, "opinion": None,
    }  # fmt: skip
    return Citizen(**{**plan, **changes})


@dataclass
class FakeKiosk:
    refuse: Code | None = None
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def request(self, op: str, fields: dict[str, Any]) -> Reply:
        self.asked.append((op, fields))
        if self.refuse is not None:
            return Reply(id="1", ok=False, error=ErrorBody(code=self.refuse))
        number = f"A{len(self.asked):03d}"
        return Reply(id="1", ok=True, result={"ticket": {"number": number, "token": "t" * 22, "id": number}})


@dataclass
class FakeTeller:
    """A counter with a queue of numbers; answers presses as the contract's table says."""

    queue: list[str]
    counter: str = "c1"
    pressed: list[str] = field(default_factory=list)
    state: CounterState | None = None

    async def press(self, button: str) -> Reply:
        self.pressed.append(button)
        if button in ("open", "next"):
            number = self.queue.pop(0) if button == "next" and self.queue else None
            self._show(CounterStatus.CALLING if number else CounterStatus.OPEN, number)
        elif button == "start":
            self._show(CounterStatus.SERVING, self.state.number if self.state else None)
        elif button != "recall":
            self._show(CounterStatus.CLOSED if button == "close" else CounterStatus.OPEN, None)
        return Reply(id="1", ok=True)

    async def change(self, _seconds: float) -> None:
        await asyncio.sleep(0)

    def _show(self, status: CounterStatus, number: str | None) -> None:
        self.state = CounterState(
            counter="c1", label={}, status=status, number=number, since=0, waiting=len(self.queue)
        )  # fmt: skip


def hall(kiosk: FakeKiosk, book: Book, teller: FakeTeller) -> Officer:
    raters = Raters(kiosk, {}, 1, FAST, book)
    return Officer(teller, raters, FAST, book)


def end_of_work() -> int:
    return SystemClock().now() + 300


async def test_citizens_get_numbers_and_the_impatient_take_theirs_back() -> None:
    kiosk, book = FakeKiosk(), Book()

    await Citizens(kiosk, FAST, book).come([citizen(), citizen(cancels_after_ms=5000)], 0)

    assert book.issued == ["A001", "A002"]
    assert len(book.cancelled) == 1
    assert [op for op, _ in kiosk.asked] == ["issue", "issue", "cancel"]


async def test_a_citizen_who_is_turned_away_is_counted_and_has_no_number() -> None:
    book = Book()

    await Citizens(FakeKiosk(refuse=Code.SERVICE_CLOSED), FAST, book).come([citizen()], 0)

    assert (book.issued, book.refused) == ([], {"issue: service_closed": 1})


async def test_an_officer_serves_who_comes_and_gives_up_on_who_does_not() -> None:
    book, teller = Book(), FakeTeller(["A001", "A002"])
    book.turns["A001"] = Turn(citizen(), "A001", "t", "1")
    book.turns["A002"] = Turn(citizen(no_show=True), "A002", "t", "2")

    await hall(FakeKiosk(), book, teller).work([(0, end_of_work())])

    assert teller.pressed == ["open", "next", "start", "next", "recall", "no_show", "close"]
    assert (book.served, book.absent) == (1, 1)


async def test_a_served_citizen_rates_by_the_code_of_the_slip() -> None:
    kiosk, book, teller = FakeKiosk(), Book(), FakeTeller(["A001"])
    opinion = Opinion(score=1, reasons=("slow",), on_pad=False, after_ms=1000)
    book.turns["A001"] = Turn(citizen(opinion=opinion), "A001", "t" * 22, "1")
    raters = Raters(kiosk, {}, 4, FAST, book)

    await Officer(teller, raters, FAST, book).work([(0, end_of_work())])
    await raters.done()

    assert kiosk.asked == [("rate", {"token": "t" * 22, "score": 1, "version": 4, "reasons": ["slow"]})]
    assert book.ratings == 1


@pytest.mark.parametrize("refused", [Code.NOT_RATEABLE, Code.ALREADY_RATED])
async def test_a_refused_rating_is_not_counted_as_one(refused: Code) -> None:
    book = Book()
    opinion = Opinion(score=3, reasons=(), on_pad=False, after_ms=0)
    raters = Raters(FakeKiosk(refuse=refused), {}, 1, FAST, book)

    raters.rate("c1", Turn(citizen(opinion=opinion), "A001", "t", "1"), opinion)
    await raters.done()

    assert (book.ratings, book.refused) == (0, {f"rating: {refused}": 1})
