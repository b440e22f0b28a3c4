"""Histories for the reports: made by hand, or at random."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from controller.domain.queue.calling import Rule
from controller.services.history import CallRow, ClosedRow, InHandRow, MoveRow, RatingRow, TicketRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from controller.services.journal.chain import Checkpoint

GROUPS = {"land": "fields", "tax": "money", "pay": "money"}
DAYS = [date(2026, 11, day) for day in range(2, 8)]


class FakeHistory:
    """`History` over rows in memory."""

    def __init__(
        self,
        tickets: list[TicketRow],
        ratings: list[RatingRow],
        calls: list[CallRow] | None = None,
        moves: list[MoveRow] | None = None,
        in_hand: list[InHandRow] | None = None,
    ) -> None:
        self._tickets, self._ratings = tickets, ratings
        self._calls, self._moves, self._in_hand = calls or [], moves or [], in_hand or []

    def _of(self, rows: list[Any], first: date, last: date) -> Iterator[Any]:
        return (row for row in rows if first.isoformat() <= row.day <= last.isoformat())

    def calls(self, first: date, last: date) -> Iterator[CallRow]:
        return self._of(self._calls, first, last)

    def moves(self, first: date, last: date) -> Iterator[MoveRow]:
        return self._of(self._moves, first, last)

    def in_hand(self, first: date, last: date) -> Iterator[InHandRow]:
        return self._of(self._in_hand, first, last)

    def closed(self, day: date) -> list[ClosedRow]:
        raise AssertionError(f"no report asks whom the end of {day} found")

    def closing(self, day: date) -> Checkpoint | None:
        raise AssertionError(f"no report asks for the head of {day}")

    def timezone(self) -> ZoneInfo:
        return ZoneInfo("Asia/Ho_Chi_Minh")

    def tickets(self, first: date, last: date) -> Iterator[TicketRow]:
        return (row for row in self._tickets if first.isoformat() <= row.day <= last.isoformat())

    def ratings(self, first: date, last: date) -> Iterator[RatingRow]:
        return (row for row in self._ratings if first.isoformat() <= row.day <= last.isoformat())

    def groups(self) -> Mapping[str, str]:
        return GROUPS


@st.composite
def random_ticket(draw: st.DrawFn) -> TicketRow:
    issued = draw(st.integers(1_800_000_000_000, 1_800_000_500_000))
    status = draw(
        st.sampled_from(["waiting", "called", "serving", "parked", "done", "no_show", "cancelled", "expired"])
    )
    was_called = status in ("called", "serving", "done", "no_show", "parked") or draw(st.booleans())
    called = issued + draw(st.integers(0, 7_200_000)) if was_called else None
    again = None if called is None else called + draw(st.integers(0, 100_000))
    started = again + draw(st.integers(0, 60_000)) if again is not None and draw(st.booleans()) else None
    ended = (started or again or issued) + draw(st.integers(0, 3_600_000)) if status in ("done", "no_show") else None
    return TicketRow(
        day=draw(st.sampled_from(DAYS)).isoformat(), hour=draw(st.integers(7, 16)), issued_at=issued,
        service=draw(st.sampled_from([*GROUPS, "gone"])), counter=draw(st.sampled_from([None, "c1", "c2"])),
        officer=draw(st.sampled_from([None, "an", "binh"])), channel=draw(st.sampled_from(["kiosk", "reception"])),
        priority=draw(st.sampled_from(["normal", "elderly"])), status=status, called_at=called, last_called_at=again,
        started_at=started, ended_at=ended, target_s=draw(st.sampled_from([None, 600, 1800])),
        **draw(st.sampled_from([{}, {"told_low_s": 0, "told_high_s": 600}, {"told_low_s": 900, "told_high_s": 3600}])),
    )  # fmt: skip


@st.composite
def random_call(draw: st.DrawFn) -> CallRow:
    ticket = draw(random_ticket())
    rule = draw(st.sampled_from(list(Rule))).value
    return CallRow(
        day=ticket.day, hour=ticket.hour, service=ticket.service, counter=ticket.counter or "c1",
        officer=ticket.officer, channel=ticket.channel, priority=ticket.priority, rule=rule,
        overtook=draw(st.integers(0, 5)),
        reason=draw(st.sampled_from(["ill", "other"])) if rule == "manual" else None,
    )  # fmt: skip


@st.composite
def random_rating(draw: st.DrawFn) -> RatingRow:
    ticket = draw(random_ticket())
    score = draw(st.integers(1, 3))
    return RatingRow(
        day=ticket.day, hour=ticket.hour, service=ticket.service, counter=ticket.counter, officer=ticket.officer,
        channel=ticket.channel, priority=ticket.priority, score=score, version=draw(st.integers(1, 2)),
        satisfied=score >= 2,
    )  # fmt: skip


HISTORIES = st.builds(
    FakeHistory,
    st.lists(random_ticket(), max_size=40),
    st.lists(random_rating(), max_size=20),
    st.lists(random_call(), max_size=30),
)


@pytest.fixture(scope="session")
def histories() -> st.SearchStrategy[FakeHistory]:
    """Random histories of a few days."""
    return HISTORIES


@pytest.fixture(scope="session")
def days() -> tuple[date, date]:
    """The first and the last day that a random history may have rows on."""
    return DAYS[0], DAYS[-1]


@pytest.fixture
def history_of() -> Callable[..., FakeHistory]:
    """Make a history of rows."""
    return FakeHistory


@pytest.fixture
def ticket_row() -> TicketRow:
    """A ticket that waited 10 minutes and was served 5."""
    return TicketRow(
        day="2026-11-23", hour=8, issued_at=0, service="land", counter="c1", officer="an", channel="kiosk",
        priority="normal", status="done", called_at=600_000, last_called_at=600_000, started_at=630_000,
        ended_at=930_000, target_s=900,
    )  # fmt: skip
