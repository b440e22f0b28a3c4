"""Calls and states to feed the displays with."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from broker.contract.payloads import Board, Call, CounterState, CounterStatus, ServiceState
from broker.link.memory_link import MemoryBroker
from tests.support.display_hall import CENTRE, Hall, HandClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

NOON = 1_764_000_000_000


class CallMaker(Protocol):
    def __call__(self, number: str = "A007", counter: str = "c1", **fields: Any) -> Call: ...


@pytest.fixture
def noon() -> int:
    """An instant in milliseconds."""
    return NOON


@pytest.fixture
def make_call() -> CallMaker:
    """Builds a call of the zone `hall`."""

    def make(number: str = "A007", counter: str = "c1", **fields: Any) -> Call:
        given: dict[str, Any] = {
            "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number} {counter}")),
            "number": number,
            "counter": counter,
            "label": {"vi": f"Quầy {counter[1:]}", "en": f"Counter {counter[1:]}"},
            "zone": "hall",
            "at": NOON,
        }
        return Call(**(given | fields))

    return make


@pytest.fixture
def make_board() -> Callable[..., Board]:
    """Builds the state of the zone `hall`."""

    def make(*calls: Call, at: int = NOON, **fields: Any) -> Board:
        return Board(zone="hall", calls=list(calls), at=at, **fields)

    return make


@pytest.fixture
def make_state() -> Callable[..., CounterState]:
    """Builds the state of counter c1."""

    def make(status: str = "open", number: str | None = None, **fields: Any) -> CounterState:
        given: dict[str, Any] = {"counter": "c1", "label": {"vi": "Quầy 1", "en": "Counter 1"}, "since": NOON}
        return CounterState(status=CounterStatus(status), number=number, **(given | fields))

    return make


@pytest.fixture
def queue() -> ServiceState:
    """One service with people waiting."""
    return ServiceState(service="land", name={"vi": "Đất đai", "en": "Land"}, open=True, waiting=4, serving=2)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    clock = HandClock()
    hall = Hall(MemoryBroker(CENTRE, clock), clock, tmp_path)
    await hall.open()
    yield hall
    await hall.close()
