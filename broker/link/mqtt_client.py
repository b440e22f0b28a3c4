"""aiomqtt's client with what the link needs of it beyond what it offers, and paho's small parts."""

from __future__ import annotations

import asyncio
import logging
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import aiomqtt
from paho.mqtt.properties import Properties
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paho.mqtt.reasoncodes import ReasonCode


class Inbox(asyncio.Queue[aiomqtt.Message]):
    """Hands each message on instead of keeping it, so that waiting on aiomqtt's iterator waits for the disconnect."""

    def __init__(self, take: Callable[[aiomqtt.Message], None], maxsize: int = 0) -> None:
        super().__init__(maxsize)
        self._take = take

    @override
    def put_nowait(self, item: aiomqtt.Message) -> None:
        self._take(item)


class Client(aiomqtt.Client):
    """Passes the broker's reason for each acknowledged message on; aiomqtt drops it."""

    awaited: Mapping[int, object] = MappingProxyType({})
    """The messages whose acknowledgement somebody waits for; all others are on the hot path."""
    acknowledged: Callable[[int, int], None]

    @override
    def _on_publish(self, client: Any, userdata: Any, mid: int, reason_code: ReasonCode, properties: Any) -> None:
        if mid in self._pending_publishes:
            super()._on_publish(client, userdata, mid, reason_code, properties)
        elif mid in self.awaited:
            self.acknowledged(mid, reason_code.value)


def silent() -> logging.Logger:
    """Give paho a logger that says nothing: each thing it would say reaches us as an error and is told once."""
    quiet = logging.getLogger("broker.paho")
    quiet.propagate, quiet.disabled = False, True
    return quiet


def properties(packet: int, **values: int) -> Properties:
    """Return the properties of one kind of packet."""
    made = Properties(packet)  # type: ignore[no-untyped-call]  # paho does not type it
    for name, value in values.items():
        setattr(made, name, value)
    return made
