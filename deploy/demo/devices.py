"""The devices of the day: keypads, rating pads and the second kiosk, each signed in to the broker as itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from broker.contract.payloads import CounterState, Reply


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
