"""A rig of links on a broker in memory; those on real brokers are in `tests/system/broker`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.link_rigs import MemoryRig

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def rig() -> AsyncIterator[MemoryRig]:
    made = MemoryRig()
    yield made
    await made.stop_all()
