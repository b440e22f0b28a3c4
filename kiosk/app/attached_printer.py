"""The printer that a kiosk drives itself: signs in for it as soon as the configuration names one."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

import structlog

from broker.link.link import LinkRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.payloads import Slip, Ticket

log = structlog.get_logger()

ERRORS = {"paper_out", "cover_open", "offline", "cutter"}
"""States of a printer that say why it did not print."""
FELL_S = 2.0
"""How long after a fault nobody thought of the printer is driven anew."""


class Agent(Protocol):
    """What a kiosk asks of the agent of its printer."""

    @property
    def status(self) -> str:
        """The printer's state as it was last seen."""
        ...

    async def run(self) -> None:
        """Work until cancelled."""
        ...

    async def print_offline(self, ticket: Ticket, slip: Slip) -> bool | None:
        """Print a slip of the kiosk's own series: True, False (not printed) or None (not known)."""
        ...

    async def void(self, request_id: str) -> bool:
        """Make sure that nothing will be printed for a request; False when its slip has already been begun."""
        ...

    def ticket_of(self, request_id: str) -> Ticket | None:
        """Give the ticket of a print command by the request that made it."""
        ...


class PrinterSession(Protocol):
    """A printer that has been signed in for: its agent, and its device to be run."""

    @property
    def agent(self) -> Agent:
        """The agent."""
        ...

    async def run(self) -> None:
        """Run the device and its agent until told to restart or one of them fails.

        LinkRefusedError when the broker does not know it.
        """
        ...


class AttachedPrinter:
    """Keeps the attached printer running. `seat` makes one for an id, or None when there is no password for it."""

    def __init__(
        self, seat: Callable[[str], PrinterSession | None], changed: Callable[[bool], None], *, pause_s: float = FELL_S
    ) -> None:
        self._pause_s = pause_s
        self._seat = seat
        self._changed = changed
        self._wanted: str | None = None
        self._news = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self.agent: Agent | None = None

    def want(self, printer: str | None) -> None:
        """Drive this printer from here on; None drives none."""
        if printer != self._wanted:
            self._wanted = printer
            self._settled.clear()
            self._news.set()

    async def seated(self, seconds: float) -> Agent | None:
        """Give the agent of what is wanted, once it is clear whether there is one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._settled.wait()
        return self.agent

    async def run(self) -> None:
        """Drive what is wanted until cancelled."""
        running: asyncio.Task[None] | None = None
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                await _end(running)
                running = self._begin()
        finally:
            await _end(running)

    def _begin(self) -> asyncio.Task[None] | None:
        seat = self._seat(self._wanted) if self._wanted else None
        if self._wanted and seat is None:
            log.warning("printer_without_password", printer=self._wanted, do="set LUOT_PRINTER_PASSWORD")
        self.agent = seat.agent if seat else None
        self._changed(seat is not None)
        self._settled.set()
        return asyncio.create_task(self._drive(seat), name=f"printer {self._wanted}") if seat else None

    async def _drive(self, seat: PrinterSession) -> None:
        try:
            await seat.run()
            self._news.set()
        except LinkRefusedError as error:
            log.error("printer_refused", reason=str(error))  # noqa: TRY400 - the sentence says it all
            self.agent = None
            self._changed(False)
        except Exception:
            # What is queued is on disk, and what was begun is not begun again.
            log.exception("printer_fell", printer=self._wanted)
            await asyncio.sleep(self._pause_s)
            self._news.set()


async def _end(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
