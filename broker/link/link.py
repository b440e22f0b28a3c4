"""The link: what any part may ask of the broker. `MqttLink` is the real one, `MemoryLink` the fake."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from broker.contract.channels import CONTROLLER_STATE, DEVICE_STATE, Channel
from broker.contract.ids import CONTROLLER
from broker.contract.payloads import ControllerState, DeviceState, Payload
from broker.link.link_counts import LinkCounts  # noqa: TC001 - part of the protocol that others read

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
class UnreadableMessage:
    """A message that was refused before any handler saw it: counted, logged, and answered where it has an id."""

    topic: str
    segments: dict[str, str]
    channel: str | None
    id: str | None
    reason: str


Handler = Callable[[Message[P]], Awaitable[None]]


class Link(Protocol):
    """A connection to the broker of one centre, for the controller or for one device.

    Handlers run one after another in order of arrival, each awaited to its end; one that raises is logged and counted
    and stops nothing. A handler that has long work to do hands it to `broker.runtime.tasks.Tasks`. A link
    does not hear itself.
    A message of more than 64 KiB, which no receiver reads, is not sent, but logged and counted (`too_long`).
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

    @property
    def counts(self) -> LinkCounts:
        """What this link has counted since its process started."""
        ...

    async def publish(
        self, channel: Channel[P], payload: P | None, *, expiry_s: int | None = None, **segments: str
    ) -> bool:
        """Send a message at QoS 1 and return when the broker has it; `LinkDownError` when it cannot be reached.

        False when the broker says that nobody subscribes to the topic.
        """
        ...

    def post(self, channel: Channel[P], payload: P | None, *, expiry_s: int | None = None, **segments: str) -> None:
        """Hand a message to the connection and return at once, in order with all others; without one, `LinkDownError`.

        For the hot path: what a lost connection swallows is repeated by the protocol, not by the link.
        """
        ...

    def on(self, channel: Channel[P], handler: Handler[P], **segments: str) -> Unsubscribe:
        """Hear a channel; segments that are left out are heard for every value. Survives reconnects."""
        ...

    def on_connect(self, handler: Callable[[], Awaitable[None]]) -> Unsubscribe:
        """Run something after each connect, once the subscriptions stand."""
        ...

    def on_unreadable(self, handler: Callable[[UnreadableMessage], Awaitable[None]]) -> Unsubscribe:
        """Hear of messages that were refused before any handler saw them."""
        ...

    def admit(self, gate: Callable[[str], bool]) -> None:
        """Ask a gate, by its topic alone, whether an arriving message is read; others are counted as `flood`."""
        ...

    async def run(self) -> None:
        """Keep the link up until cancelled: connect, serve, reconnect with growing random pauses."""
        ...


@dataclass(frozen=True, slots=True)
class Will(Generic[P]):
    """The retained last words of a user: published by the broker when its connection breaks."""

    channel: Channel[P]
    payload: P
    segments: dict[str, str]


def will_of(name: str, session: str) -> Will[DeviceState] | Will[ControllerState]:
    """Give the last words of a device, or of the controller, for one session."""
    if name == CONTROLLER:
        return Will(CONTROLLER_STATE, ControllerState(online=False, session=session), {})
    return Will(DEVICE_STATE, DeviceState(online=False, session=session), {"device": name})


class LinkDownError(Exception):
    """The broker cannot be reached now; the message may or may not have been sent."""


class LinkRefusedError(Exception):
    """The broker does not let this user in: its name or password is wrong, or another one signed in by its name."""
