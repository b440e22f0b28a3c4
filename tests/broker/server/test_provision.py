"""Brokers that do not answer to credentials; those that do are in `tests/system/broker`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from broker.contract.payloads import Kind
from broker.link.link import LinkDownError
from broker.server.provision import Provisioner

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.link.link import Unsubscribe


class Mute:
    """A broker without the plugin: it takes commands and never answers."""

    centre = "quang-ngai"

    def __init__(self) -> None:
        self.sent = 0

    async def control(self, raw: bytes) -> None:
        assert json.loads(raw)["commands"]
        self.sent += 1

    def on_control(self, handler: Callable[[bytes], None]) -> Unsubscribe:
        handler(b'{"responses": []}')
        return lambda: None


async def test_a_broker_without_the_plugin_is_unmanaged_and_asked_again_at_the_next_connect() -> None:
    mute = Mute()
    found = Provisioner(mute, answer_s=0.01)

    assert await found.sync({"sign-1": Kind.SIGN}) is None
    assert not await found.check()
    assert not await found.grant("sign-1", Kind.SIGN, "x")
    assert not await found.revoke("sign-1")
    assert (found.managed, mute.sent) == (False, 1)
    assert await found.sync({}) is None
    assert mute.sent == 2


async def test_a_broker_of_ones_own_that_does_not_answer_is_away_and_not_unmanaged() -> None:
    found = Provisioner(Mute(), own=True, answer_s=0.01)

    for asking in (found.check(), found.grant("sign-1", Kind.SIGN, "x"), found.revoke("sign-1"), found.sync({})):
        with pytest.raises(LinkDownError):
            await asking
