"""Whether a ticket can be issued now: asked as often as anybody likes, found out at most once a second.

What is found out is what issuing needs, not something smaller: a row in each table that a ticket writes (taken back at
once, so a broken page shows), then a commit by the engine with more bytes than any ticket has.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from broker.contract.errors import RefusedError
from controller.services.journal.ports import StoreError

if TYPE_CHECKING:
    from broker.runtime.clock import Clock
    from controller.services.engine.engine import Engine
    from controller.services.journal.ports import WriteBatch

log = structlog.get_logger()

KEEP_S: Final = 1.0
"""How long an answer is given again; two answers a second would be two commits a second for a stranger."""

PROBE_S: Final = 2.0
PROBE_BYTES: Final = 64 * 1024
"""Written by each probe: a ticket with its journal, projections, secrets and reply takes some 15 pages of 4 KiB."""

HOLD_S: Final = 5.0
"""After a commit failed, so long nothing but a commit of somebody's own counts as a sign that commits work again."""

NOT_WRITABLE: Final = "The store cannot be written."


class WriteProbe(Protocol):
    """The store as far as it is tried."""

    async def rehearse(self) -> None:
        """Write what a ticket writes and take it back; raises `StoreError`."""
        ...


class Readiness:
    """Finds out for all who ask at the same time together."""

    def __init__(self, engine: Engine, store: WriteProbe, clock: Clock) -> None:
        self._engine = engine
        self._store = store
        self._clock = clock
        self._found: tuple[float, list[str]] | None = None
        self._finding: asyncio.Task[list[str]] | None = None

    async def lacking(self) -> list[str]:
        """Return an English sentence for each thing that keeps the engine from issuing a ticket."""
        if self._found is not None and self._clock.monotonic() - self._found[0] < KEEP_S:
            return self._found[1]
        if self._finding is None:
            self._finding = asyncio.create_task(self._find(), name="readiness")
        return await asyncio.shield(self._finding)

    async def _find(self) -> list[str]:
        try:
            lacking = await self._try()
        finally:
            self._finding = None
        self._found = (self._clock.monotonic(), lacking)
        return lacking

    async def _try(self) -> list[str]:
        failed_at = self._engine.failed_at
        try:
            async with asyncio.timeout(PROBE_S):
                await self._store.rehearse()
                await self._engine.do(None, also=_write)
        except (StoreError, RefusedError, TimeoutError) as error:
            log.warning("store_not_writable", reason=str(error) or "it took too long")
            return [NOT_WRITABLE]
        if failed_at is not None and self._clock.monotonic() - failed_at < HOLD_S:
            return [NOT_WRITABLE]
        return []


def _write(batch: WriteBatch) -> None:
    batch.marks["probe"] = f'"{secrets.token_hex(PROBE_BYTES // 2)}"'
