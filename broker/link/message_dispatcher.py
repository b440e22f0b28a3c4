"""What every link shares: who hears what, and the one guard that each arriving message passes.

arrival ─▶ read (pure: topic, size, retain flag, JSON) ─▶ handlers, one after another
              └─▶ Unreadable: counted, logged once a second for each reason, told to whoever answers
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import structlog
from pydantic import ValidationError

from broker.contract.channels import CHANNELS, MAX_BYTES, ROOT, Channel, id_of
from broker.contract.ids import CONTROLLER
from broker.link.link import LinkDownError, Message, P, UnreadableMessage
from broker.link.link_counts import LinkCounts, LogRateLimit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from broker.contract.payloads import Payload
    from broker.link.link import Handler, Unsubscribe
    from broker.runtime.clock import Clock

log = structlog.get_logger()


class Reason(StrEnum):
    """Why a message reached no handler, or (`too_long`) was not sent."""

    UNKNOWN_TOPIC = "unknown_topic"
    OVERSIZE = "oversize"
    RETAINED = "retained"
    MALFORMED = "malformed"
    OVERFLOW = "overflow"
    FLOOD = "flood"
    TOO_LONG = "too_long"


@lru_cache(maxsize=8192)
def channel_of(centre: str, topic: str) -> tuple[Channel[Payload], dict[str, str]] | None:
    """Give the channel of a topic and its segments, or None when the table has no such row."""
    for channel in CHANNELS:
        segments = channel.segments(centre, topic)
        if segments is not None:
            return channel, segments
    return None


def read(
    centre: str, topic: str, raw: bytes, *, retained: bool, received: float
) -> tuple[Channel[Payload], Message[Payload]] | UnreadableMessage:
    """Turn bytes from the broker into a typed message, or into the reason why it is none."""
    found = channel_of(centre, topic)
    if found is None:
        return UnreadableMessage(topic, {}, None, id_of(raw), Reason.UNKNOWN_TOPIC)
    channel, segments = found
    reason = None
    if len(raw) > MAX_BYTES:
        reason = Reason.OVERSIZE
    elif retained and channel.live_only:
        reason = Reason.RETAINED
    elif not raw and channel.retained:
        return channel, Message(segments, None, retained, received)
    if reason is None:
        try:
            return channel, Message(segments, channel.decode(raw), retained, received)
        except (ValidationError, ValueError):
            reason = Reason.MALFORMED
    return UnreadableMessage(topic, segments, channel.name, id_of(raw), reason)


def _everything(_topic: str) -> bool:
    return True


class MessageDispatcher:
    """The handlers of one link, and the way of a message to them."""

    def __init__(self, centre: str, name: str, clock: Clock, counts: LinkCounts | None = None) -> None:
        self.counts = counts or LinkCounts()
        self._centre = centre
        self._name = name
        self._clock = clock
        self._handlers: dict[str, list[tuple[Channel[Any], dict[str, str], Handler[Any]]]] = {}
        self._hooks: list[Callable[[], Awaitable[None]]] = []
        self._refusal_handlers: list[Callable[[UnreadableMessage], Awaitable[None]]] = []
        self._rarely = LogRateLimit()
        self.admits: Callable[[str], bool] = _everything
        """Whether a message is read at all; asked before anything is parsed."""

    def filters(self) -> list[str]:
        """Give every subscription filter that the link needs, each once.

        The controller hears all that lies two levels or more below its root, so that on a broker without an access
        list it counts what is unknown. Of the level above it hears nothing: only it publishes there, and as a
        subscriber of `event` it would hide from itself that nobody else reads it.
        """
        if self._name == CONTROLLER:
            return [f"{ROOT}/{self._centre}/+/+/#"]
        rows = (row for rows in self._handlers.values() for row in rows)
        return list(dict.fromkeys(channel.filter(self._centre, **segments) for channel, segments, _ in rows))

    def on(self, channel: Channel[P], handler: Handler[P], segments: dict[str, str]) -> Unsubscribe:
        """Add a handler; the function that is returned takes it away again."""
        row = (channel, segments, handler)
        self._handlers.setdefault(channel.name, []).append(row)

        def leave() -> None:
            rows = self._handlers.get(channel.name, [])
            if row in rows:
                rows.remove(row)

        return leave

    def on_connect(self, handler: Callable[[], Awaitable[None]]) -> Unsubscribe:
        """Add something to run after each connect."""
        self._hooks.append(handler)
        return lambda: self._hooks.remove(handler) if handler in self._hooks else None

    def on_unreadable(self, handler: Callable[[UnreadableMessage], Awaitable[None]]) -> Unsubscribe:
        """Add a hearer of messages that were refused."""
        self._refusal_handlers.append(handler)
        return lambda: self._refusal_handlers.remove(handler) if handler in self._refusal_handlers else None

    async def connected(self) -> None:
        """Run what waits for a connect, in order; one that fails stops no other."""
        self.counts.connects += 1
        for hook in list(self._hooks):
            try:
                await hook()
            except LinkDownError:
                log.info("link_down_during_connect")
            except Exception:
                log.exception("connect_handler_failed")

    async def deliver(self, topic: str, raw: bytes, *, retained: bool, received: float) -> None:
        """Bring one message to its handlers, or to those who hear of unreadable ones; raises nothing."""
        try:
            found = read(self._centre, topic, raw, retained=retained, received=received)
            if isinstance(found, UnreadableMessage):
                await self._refuse(found)
                return
            channel, message = found
            self.counts.received[channel.name] += 1
            for _, wanted, handler in list(self._handlers.get(channel.name, ())):
                if not wanted or all(message.segments.get(name) == value for name, value in wanted.items()):
                    await self._run(channel.name, handler, message)
        except Exception:
            # Handlers are guarded by themselves; whatever else a message does, those behind it are still read.
            self.counts.failed["inbox"] += 1
            log.exception("delivery_failed")

    async def _run(self, channel: str, handler: Callable[[Any], Awaitable[None]], message: object) -> None:
        try:
            await handler(message)
        except LinkDownError:
            log.info("link_down_during_handler", channel=channel)
        except Exception:
            self.counts.failed[channel] += 1
            held = self._rarely.held_back(f"handler {channel}", self._clock.monotonic())
            if held is not None:
                log.exception("handler_failed", channel=channel, held_back=held)

    async def _refuse(self, refused: UnreadableMessage) -> None:
        self.drop(refused.reason, refused.channel)
        for handler in list(self._refusal_handlers):
            await self._run(refused.channel or "unknown", handler, refused)

    def may_send(self, channel: str, raw: bytes) -> bool:
        """Return whether a message may be sent; one that no receiver reads is counted, and logged, instead.

        The broker ends the connection of who sends it a packet that is larger still.
        """
        if len(raw) <= MAX_BYTES:
            return True
        self.drop(Reason.TOO_LONG, channel)
        return False

    def drop(self, reason: str, channel: str | None) -> None:
        """Count a message that reaches no handler, and log it unless the same reason was logged within the second.

        The log has the channel and never the topic or the content: both are whatever a stranger wrote.
        """
        self.counts.unreadable[reason] += 1
        held = self._rarely.held_back(reason, self._clock.monotonic())
        if held is not None:
            log.warning("message_refused", reason=reason, channel=channel, held_back=held)
