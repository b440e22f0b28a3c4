"""The journal goes to the province, in order and each event at least once, where `[upstream]` is configured."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from broker.contract.channels import EVENT
from broker.contract.errors import RefusedError
from broker.link.link import LinkDownError
from controller.services.journal.events import event_of
from controller.services.journal.ports import StoreError
from controller.services.journal.set_aside import QuarantinedRows

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.payloads import Event
    from broker.link.link import Link
    from controller.services.engine.engine import Commit, Engine
    from controller.services.journal.ports import Store, StoredEvent, WriteBatch

log = structlog.get_logger()

MARK = "upstream"
"""Names the sequence number up to which the journal is known to have been sent."""

AT_ONCE = 100
AGAIN_S = 2.0
READER_S = 10.0
"""Between two looks whether anyone reads the topic by now: the broker does not say when somebody subscribes."""


class NobodyReadsError(Exception):
    """Nobody subscribes to the topic: what is sent would be lost, so the mark stays where it is."""


class Upstream:
    """Publishes events after the last one that a reader was sent; a crash repeats some, none is left out."""

    def __init__(
        self, link: Link, engine: Engine, store: Store, centre: str, aside: QuarantinedRows | None = None
    ) -> None:
        self._aside = aside or QuarantinedRows()
        self._link = link
        self._engine = engine
        self._store = store
        self._centre = centre
        self._woken = asyncio.Event()
        self._connected = asyncio.Event()

    def open(self) -> None:
        """Hear of commits from now on."""
        self._engine.listen(self._committed)
        self._link.on_connect(self._reached)
        self._woken.set()

    async def _reached(self) -> None:
        self._connected.set()

    async def _connected_or(self, seconds: float) -> None:
        self._connected.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._connected.wait()

    def wake(self) -> None:
        """Look again whether there is something to send, and whether it is wanted."""
        self._woken.set()

    def _committed(self, commit: Commit) -> None:
        if commit.batch.journal:
            self._woken.set()

    async def run(self, wanted: Callable[[], bool]) -> None:
        """Send until cancelled, while it is wanted."""
        sent = await self._sent()
        self._woken.set()
        while True:
            await self._woken.wait()
            self._woken.clear()
            if not wanted():
                continue
            try:
                sent = await self._send_from(sent)
            except (LinkDownError, StoreError, RefusedError) as error:
                log.warning("upstream_waits", after=sent, reason=str(error))
                await self._connected_or(AGAIN_S)
                self._woken.set()
            except NobodyReadsError:
                log.warning("upstream_without_reader", after=sent, advice="let a reader subscribe; nothing is lost")
                await self._connected_or(READER_S)
                self._woken.set()

    async def _sent(self) -> int:
        """Read up to where the journal was sent; a mark that cannot be read sends it again from the beginning."""
        mark = await self._store.mark(MARK)
        try:
            return int(mark or 0)
        except ValueError as error:
            self._aside.report("marks", MARK, error, "the journal is sent upstream again from its beginning")
            return 0

    async def _send_from(self, sent: int) -> int:
        while written := await self._store.events(sent, AT_ONCE):
            for one in written:
                event = self._event(one)
                if event is not None and not await self._link.publish(EVENT, event):
                    raise NobodyReadsError
            sent = written[-1].seq
            await self._engine.do(None, also=_marking(sent))
        return sent

    def _event(self, written: StoredEvent) -> Event | None:
        """Return the event of an event; one that cannot be written as an event is left out, the others go on."""
        try:
            event = event_of(written, self._centre)
            EVENT.encode(event)
        except (ValueError, TypeError, ArithmeticError) as error:
            self._aside.report("journal", written.seq, error, "it is not sent upstream; those behind it are")
            return None
        return event


def _marking(sent: int) -> Callable[[WriteBatch], None]:
    def mark(batch: WriteBatch) -> None:
        batch.marks[MARK] = str(sent)

    return mark
