"""The fake: a broker in memory and links to it, for tests and drills. It passes the same suite as the real link.

It keeps retained messages, publishes wills, holds the access list of `broker.contract.access_list`, and can be cut:

    broker = MemoryBroker("centre", clock)
    broker.admit("kiosk-1", Kind.KIOSK)
    link = broker.link.link("kiosk-1")          # then: asyncio.create_task(link.run())
    broker.cut("kiosk-1")                  # the cable is out: the will is published, sending is LinkDownError
    broker.mend("kiosk-1")                 # and in again: a new session
"""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from broker.contract.access_list import Access, controller_access, covers, device_access
from broker.contract.ids import CONTROLLER
from broker.link.link import LinkDownError, LinkRefusedError, P, will_of
from broker.link.message_dispatcher import MessageDispatcher, Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from broker.contract.channels import Channel
    from broker.contract.payloads import Kind
    from broker.link.link import Handler, UnreadableMessage, Unsubscribe
    from broker.link.link_counts import LinkCounts
    from broker.runtime.clock import Clock


class Refusal(NamedTuple):
    """Something that the access list did not let through."""

    name: str
    act: str
    topic: str


class MemoryBroker:
    """One broker of one centre, without a network.

    `retained` and `refused` may be looked at: raw retained messages by topic, and what the access list refused. `tap`
    is told of every message that is carried, with its topic.
    """

    def __init__(self, centre: str, clock: Clock) -> None:
        self.centre = centre
        self.clock = clock
        self.retained: dict[str, bytes] = {}
        self.refused: list[Refusal] = []
        self.suspended: set[str] = set()
        self.tap: Callable[[str, bytes], None] = lambda _topic, _raw: None
        self._access: dict[str, Access] = {CONTROLLER: controller_access(centre)}
        self._links: dict[str, MemoryLink] = {}
        self._cut: set[str] = set()

    def admit(self, device: str, kind: Kind) -> None:
        """Let a device sign in, with the rights of its kind."""
        self._access[device] = device_access(self.centre, device, kind)
        if device in self._links:
            self._links[device].knock()

    def expel(self, device: str) -> None:
        """Take a device's credentials away and end its connection."""
        self._access.pop(device, None)
        self._drop(device)

    async def grant(self, device: str, kind: Kind, password: str) -> bool:  # noqa: ARG002 - nobody signs in here
        """Be the `Credentials` of a controller under test."""
        self.admit(device, kind)
        return True

    async def check(self) -> bool:
        """Be the `Credentials` of a controller under test."""
        return True

    async def revoke(self, device: str) -> bool:
        """Be the `Credentials` of a controller under test."""
        self.expel(device)
        return True

    async def suspend(self, device: str) -> bool:
        """Be the `Suspender` of a controller under test."""
        self.suspended.add(device)
        self.cut(device)
        return True

    async def resume(self, device: str) -> None:
        """Be the `Suspender` of a controller under test."""
        self.suspended.discard(device)
        self.mend(device)

    async def sync(self, devices: Mapping[str, Kind]) -> frozenset[str]:
        """Be the `Credentials` of a controller under test."""
        for stranger in set(self._access) - set(devices) - {CONTROLLER}:
            self.expel(stranger)
        known = {device: kind for device, kind in devices.items() if device in self._access}
        for device, kind in known.items():
            self.admit(device, kind)
        return frozenset(devices) - frozenset(known)

    def link(self, name: str, counts: LinkCounts | None = None) -> MemoryLink:
        """Make the link of a device or of the controller; it connects when it is run."""
        return MemoryLink(self, name, counts)

    def cut(self, name: str) -> None:
        """Pull the cable of one user: its will is published and it stays away until `mend`."""
        self._cut.add(name)
        self._drop(name)

    def mend(self, name: str) -> None:
        """Plug the cable in again."""
        self._cut.discard(name)
        if name in self._links:
            self._links[name].knock()

    def inject(self, topic: str, raw: bytes, *, retain: bool = False) -> None:
        """Publish as a stranger would on a broker without an access list: any topic, any bytes."""
        self.carry(None, topic, raw, retain=retain)

    # ---- for links ----

    def admits(self, link: MemoryLink) -> bool:
        """Tell whether a link can connect now; a user who was never let in and is unknown is LinkRefusedError."""
        known = link.name in self._access
        if not known and not link.session:
            raise LinkRefusedError(f"the broker does not know {link.name}")
        return known and link.name not in self._cut

    def enter(self, link: MemoryLink) -> None:
        """Register a connection; an older one of the same user is ended, as brokers do."""
        self._drop(link.name)
        self._links[link.name] = link

    def leave(self, link: MemoryLink, *, with_will: bool) -> None:
        """End a connection; without a clean goodbye its will is published."""
        if self._links.get(link.name) is link:
            del self._links[link.name]
        if with_will:
            will = will_of(link.name, link.session)
            topic = will.channel.topic(self.centre, **will.segments)
            self.carry(link.name, topic, will.payload.model_dump_json(exclude_unset=True).encode(), retain=True)

    def wait_for_cable(self, link: MemoryLink) -> None:
        """Have `mend` wake a link that could not connect."""
        self._links.setdefault(link.name, link)

    def subscribe(self, link: MemoryLink, wanted: str) -> bool:
        """Give a link the retained messages of a filter; False when the access list refuses the subscription."""
        if not self._access[link.name].may_hear(wanted):
            self.refused.append(Refusal(link.name, "subscribe", wanted))
            return False
        for topic, raw in self.retained.items():
            if covers(wanted, topic):
                link.receive(topic, raw, retained=True)
        return True

    def carry(self, sender: str | None, topic: str, raw: bytes, *, retain: bool) -> None:
        """Bring a message to everyone who subscribed to it, unless the access list refuses it."""
        if sender is not None and not self._access.get(sender, Access((), ())).may_publish(topic):
            self.refused.append(Refusal(sender, "publish", topic))
            return
        self.tap(topic, raw)
        if retain and raw:
            self.retained[topic] = raw
        elif retain:
            self.retained.pop(topic, None)
        for link in list(self._links.values()):
            if link.name != sender and link.hears(topic):
                link.receive(topic, raw, retained=False)

    def is_read(self, topic: str, *, but: str) -> bool:
        """Return whether anyone but the sender subscribes to a topic."""
        return any(link.hears(topic) for name, link in self._links.items() if name != but)

    def _drop(self, name: str) -> None:
        if name in self._links:
            self._links[name].lose()


class MemoryLink:
    """A link to a `MemoryBroker`; see `broker.link.link.Link`."""

    def __init__(self, broker: MemoryBroker, name: str, counts: LinkCounts | None = None) -> None:
        self._broker = broker
        self._name = name
        self._board = MessageDispatcher(broker.centre, name, broker.clock, counts)
        self._session = ""
        self._connected = False
        self._inbox: deque[tuple[str, bytes, bool, float]] = deque()
        self._woken = asyncio.Event()
        self._subscribed: set[str] = set()

    @property
    def centre(self) -> str:
        """The centre whose topics this link speaks."""
        return self._broker.centre

    @property
    def name(self) -> str:
        """The user name at the broker."""
        return self._name

    @property
    def session(self) -> str:
        """The id of the present connection."""
        return self._session

    @property
    def connected(self) -> bool:
        """Tell whether the broker can be reached now."""
        return self._connected

    @property
    def counts(self) -> LinkCounts:
        """What this link has counted."""
        return self._board.counts

    async def publish(
        self, channel: Channel[P], payload: P | None, *, expiry_s: int | None = None, **segments: str
    ) -> bool:
        """Send a message; `LinkDownError` when the cable is out, False when nobody subscribes to its topic."""
        topic = channel.topic(self.centre, **segments)
        read = self._broker.is_read(topic, but=self._name)
        self.post(channel, payload, expiry_s=expiry_s, **segments)
        await asyncio.sleep(0)
        return read

    def post(
        self,
        channel: Channel[P],
        payload: P | None,
        *,
        expiry_s: int | None = None,  # noqa: ARG002 - nothing waits in this broker, so nothing expires
        **segments: str,
    ) -> None:
        """Send a message and return at once."""
        if not self._connected:
            raise LinkDownError(f"{self._name} is not connected")
        topic, raw = channel.topic(self.centre, **segments), channel.encode(payload)
        if not self._board.may_send(channel.name, raw):
            return
        self.counts.sent[channel.name] += 1
        self._broker.carry(self._name, topic, raw, retain=channel.retained)

    def on(self, channel: Channel[P], handler: Handler[P], **segments: str) -> Unsubscribe:
        """Hear a channel; segments that are left out are heard for every value."""
        leave = self._board.on(channel, handler, segments)
        if self._connected and self._name != CONTROLLER:
            self._subscribe([channel.filter(self.centre, **segments)])
        return leave

    def on_connect(self, handler: Callable[[], Awaitable[None]]) -> Unsubscribe:
        """Run something after each connect."""
        return self._board.on_connect(handler)

    def on_unreadable(self, handler: Callable[[UnreadableMessage], Awaitable[None]]) -> Unsubscribe:
        """Hear of messages that were refused before any handler saw them."""
        return self._board.on_unreadable(handler)

    def admit(self, gate: Callable[[str], bool]) -> None:
        """Ask a gate whether an arriving message is read."""
        self._board.admits = gate

    async def run(self) -> None:
        """Keep the link up until cancelled; LinkRefusedError when the broker does not know this user."""
        while True:
            while not self._broker.admits(self):
                self._broker.wait_for_cable(self)
                await self._wake()
            await self._serve()

    async def _serve(self) -> None:
        self._broker.enter(self)
        self._session = str(uuid.uuid4())
        self._inbox.clear()
        self._subscribed.clear()
        self._connected = True
        self._subscribe(self._board.filters())
        hooks = asyncio.create_task(self._board.connected())
        try:
            while self._connected:
                await self._wake()
                while self._inbox and self._connected:
                    topic, raw, retained, received = self._inbox.popleft()
                    await self._board.deliver(topic, raw, retained=retained, received=received)
        finally:
            hooks.cancel()
            if self._connected:
                self._connected = False
                self._broker.leave(self, with_will=True)

    async def _wake(self) -> None:
        await self._woken.wait()
        self._woken.clear()

    def _subscribe(self, filters: list[str]) -> None:
        for wanted in filters:
            if self._broker.subscribe(self, wanted):
                self._subscribed.add(wanted)

    # ---- for the broker ----

    def hears(self, topic: str) -> bool:
        """Tell whether a subscription holds this topic."""
        return self._connected and any(covers(wanted, topic) for wanted in self._subscribed)

    def receive(self, topic: str, raw: bytes, *, retained: bool) -> None:
        """Take a message that the broker brings."""
        if not self._board.admits(topic):
            self._board.drop(Reason.FLOOD, None)
            return
        self._inbox.append((topic, raw, retained, self._broker.clock.monotonic()))
        self.knock()

    def lose(self) -> None:
        """Lose the connection without a goodbye."""
        if self._connected:
            self._connected = False
            self._broker.leave(self, with_will=True)
        self.knock()

    def knock(self) -> None:
        """Wake the link's loop."""
        self._woken.set()
