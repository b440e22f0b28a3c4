"""The link: what any part may ask of the broker. `MqttLink` is the real one, `MemoryLink` the fake."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from broker.contract.payloads import Payload

if TYPE_CHECKING:
    from broker.contract.channels import Channel

P = TypeVar("P", bound=Payload)
Unsubscribe = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Message(Generic[P]):
    """A message as it arrived. `payload` is None for the empty retained payload that means: gone.

    `received` is in real seconds of the clock's `monotonic()`.
    """

    segments: dict[str, str]
    payload: P | None
    retained: bool
    received: float


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that was refused before any handler saw it: counted, logged, and answered where it has an id."""

    topic: str
    segments: dict[str, str]
    channel: str | None
    id: str | None
    reason: str


Handler = Callable[[Message[P]], Awaitable[None]]


class Link(Protocol):
    """A connection to the broker of one centre, for the controller or for one device.

    Handlers run one after another in order of arrival; one that raises is logged and counted and stops nothing.
    """

    @property
    def centre(self) -> str:
        """The centre whose topics this link speaks."""
        ...

    @property
    def name(self) -> str:
        """The user name at the broker: the device's id, or `controller`."""
        ...

    @property
    def session(self) -> str:
        """The id of the present connection; new at every connect."""
        ...

    @property
    def connected(self) -> bool:
        """Tell whether the broker can be reached now."""
        ...

    async def publish(
        self, channel: Channel[P], payload: P | None, *, expiry_s: int | None = None, **segments: str
    ) -> None:
        """Send a message at QoS 1 and return when the broker has it; `LinkDown` when it cannot be reached."""
        ...

    def on(self, channel: Channel[P], handler: Handler[P], **segments: str) -> Unsubscribe:
        """Hear a channel; segments that are left out are heard for every value. Survives reconnects."""
        ...

    def on_connect(self, handler: Callable[[], Awaitable[None]]) -> Unsubscribe:
        """Run something after each connect, once the subscriptions stand."""
        ...

    def on_unreadable(self, handler: Callable[[Unreadable], Awaitable[None]]) -> Unsubscribe:
        """Hear of messages that were refused before any handler saw them."""
        ...

    async def run(self) -> None:
        """Keep the link up until cancelled: connect, serve, reconnect with growing random pauses."""
        ...


class LinkDown(Exception):  # noqa: N818 - it names the state of the link
    """The broker cannot be reached now; nothing was sent."""
