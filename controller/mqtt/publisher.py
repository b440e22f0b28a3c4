"""Publishes calls at once and retained states coalesced, only after they are on disk (contract 6).

A topic is sent at most 10 times a second and only when it says something else than before; the latest wins.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog

from broker.contract.channels import BOARD, CALLS, COUNTER_STATE, SERVICE_STATE
from broker.contract.payloads import Board
from broker.link.link import LinkDownError
from broker.runtime.clock import real_seconds
from controller.domain.decision.decision import Announce
from controller.domain.queue.views import board, counter_state, service_state, shut, touched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from broker.contract.payloads import Call, Payload
    from broker.link.link import Link
    from controller.domain.queue.hall import Hall
    from controller.mqtt.dependencies import MqttDependencies
    from controller.services.engine.engine import Commit

log = structlog.get_logger()

CALL_S = 30.0
"""A call older than this many real seconds is never published."""

REFRESH_S = 5.0
"""How often every state is looked at, for what only time changes: opening hours and estimates."""

AGAIN_S = 0.5
"""The pause after a failure."""


class Topic(NamedTuple):
    """One retained state: of what kind, and whose."""

    kind: str
    id: str


class TopicKind(NamedTuple):
    """How the states of one channel are made and sent, and how many real seconds lie between two."""

    view: Callable[[Hall, str, int], Payload]
    post: Callable[[Link, Any, str], None]
    pause_s: float


TOPIC_KINDS: dict[str, TopicKind] = {
    "counter": TopicKind(counter_state, lambda link, state, one: link.post(COUNTER_STATE, state, counter=one), 0.1),
    "service": TopicKind(service_state, lambda link, state, one: link.post(SERVICE_STATE, state, service=one), 0.25),
    "zone": TopicKind(board, lambda link, state, one: link.post(BOARD, state, zone=one), 0.25),
}


def topics_of(hall: Hall) -> set[Topic]:
    """Return every retained state of a centre."""
    return {
        *(Topic("counter", one) for one in hall.counters),
        *(Topic("service", one) for one in hall.services),
        *(Topic("zone", one) for one in hall.centre.zones),
    }


def views_of(hall: Hall, topics: Iterable[Topic], now: int) -> dict[Topic, Payload]:
    """Return the payloads of topics; those that the configuration no longer knows are left out."""
    known = topics_of(hall)
    return {topic: TOPIC_KINDS[topic.kind].view(hall, topic.id, now) for topic in topics if topic in known}


class Publisher:
    """Publishes the states and calls of one centre."""

    def __init__(self, deps: MqttDependencies) -> None:
        self._link = deps.link
        self._engine = deps.engine
        self._clock = deps.clock
        self._counts = deps.counts
        self._stale: set[Topic] = set()
        self._said: dict[Topic, tuple[Payload, float]] = {}
        self._woken = asyncio.Event()
        self._refreshed = deps.clock.monotonic()

    def open(self) -> None:
        """Subscribe to commits and connections."""
        self._engine.listen(self._committed)
        self._link.on_connect(self._connected)

    async def run(self) -> None:
        """Publish what is stale until cancelled."""
        while True:
            try:
                await self._look()
                pause = self._pause()
            except Exception:
                # The store may be away, or one view may fail: what devices see waits, but it never ends.
                log.exception("publishing_failed")
                self._refreshed, pause = -REFRESH_S, AGAIN_S
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            self._woken.clear()

    async def _look(self) -> None:
        if self._clock.monotonic() - self._refreshed >= REFRESH_S:
            self._refreshed = self._clock.monotonic()
            self._stale |= await self._engine.ask(lambda hall, _: topics_of(hall))
        await self._send_due()

    def _pause(self) -> float:
        """Return the real seconds until a topic may be sent again, or until all are looked at."""
        now = self._clock.monotonic()
        due = [self._refreshed + REFRESH_S, *(self._due(topic) for topic in self._stale if self._link.connected)]
        return max(0.001, min(due) - now)

    def _due(self, topic: Topic) -> float:
        said = self._said.get(topic)
        return 0.0 if said is None else said[1] + TOPIC_KINDS[topic.kind].pause_s

    async def _send_due(self) -> None:
        now = self._clock.monotonic()
        due = {topic for topic in self._stale if self._due(topic) <= now}
        if not due or not self._link.connected:
            return
        self._stale -= due
        views = await self._engine.ask(lambda hall, instant: views_of(hall, due, instant))
        held = self._engine.guard.held is not None
        for topic, payload in views.items():
            self._send(topic, shut(payload) if held else payload)

    def _send(self, topic: Topic, payload: Payload) -> None:
        said = self._said.get(topic)
        if said is not None and _same(said[0], payload):
            return
        try:
            TOPIC_KINDS[topic.kind].post(self._link, payload, topic.id)
        except LinkDownError:
            # Everything is sent again at the next connection.
            self._stale.add(topic)
            return
        self._said[topic] = (payload, self._clock.monotonic())

    # ---- what wakes it ----

    def _committed(self, commit: Commit) -> None:
        for effect in commit.effects:
            if isinstance(effect, Announce):
                self._call(effect.call)
        events = [written.event for written in commit.batch.journal]
        if not events:
            return
        counters, services, zones = touched(commit.ledger.hall, events)
        self._stale.update(Topic("counter", one) for one in counters)
        self._stale.update(Topic("service", one) for one in services)
        self._stale.update(Topic("zone", one) for one in zones)
        self._woken.set()

    async def _connected(self) -> None:
        self._said.clear()
        self._stale |= await self._engine.ask(lambda hall, _: topics_of(hall))
        for call in await self._engine.ask(_calls) if self._engine.guard.held is None else ():
            self._call(call)
        self._woken.set()

    def _call(self, call: Call) -> None:
        if real_seconds(self._clock, call.at) > CALL_S:
            self._counts.dropped["old_call"] += 1
            return
        try:
            self._link.post(CALLS, call, expiry_s=CALLS.expiry_s)
        except LinkDownError:
            # At the next connection every call that is still young enough is sent again.
            self._counts.dropped["call_link_down"] += 1

    def forget(self, topics: Iterable[Topic]) -> None:
        """Clear the retained states of what the centre no longer has."""
        for topic in topics:
            self._said.pop(topic, None)
            TOPIC_KINDS[topic.kind].post(self._link, None, topic.id)


def _calls(hall: Hall, now: int) -> list[Call]:
    """Return the latest calls of every zone, oldest first."""
    found = [call for zone in hall.centre.zones for call in board(hall, zone, now).calls]
    return sorted(found, key=lambda call: call.at)


def _same(said: Payload, payload: Payload) -> bool:
    if isinstance(said, Board) and isinstance(payload, Board):
        return said.model_copy(update={"at": payload.at}) == payload
    return said == payload
