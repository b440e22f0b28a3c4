"""The printer as a device of the centre: takes `print` commands and offline slips, and tells what became of them.

    agent = printer_agent(device, spool_dir, clock)
    await asyncio.gather(device.run(), agent.run())

Every command gets exactly one final answer or stays unknown; `void` closes the door on a request before a number of
the kiosk's own series is given in its place.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

import structlog
from pydantic import ValidationError

from broker.contract.errors import PrintError
from broker.contract.payloads import PrintCommand, Slip, Ticket
from broker.runtime.catalogue import catalogue
from devices.base.device import Answer
from kiosk.printing.config import printer_config
from kiosk.printing.escpos_port import open_port
from kiosk.printing.painter import SlipPainter
from kiosk.printing.spool import OUTCOMES, Job, Spool, State
from kiosk.printing.worker import PrintWorker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from broker.contract.payloads import Command, DeviceConfig
    from broker.runtime.clock import Clock
    from devices.base.device import Device
    from kiosk.printing.delivery import Pace
    from kiosk.printing.escpos_port import Port
    from kiosk.printing.status import PrinterStatus
    from kiosk.printing.worker import Painter

OFFLINE_TTL_S = 10.0
"""How long a person waits in front of a kiosk for an offline slip before the screen has to do."""
SHOWN = 200
"""Tickets that are kept in memory by their request."""
log = structlog.get_logger()


def printer_agent(device: Device, spool_dir: Path, clock: Clock) -> PrinterAgent:
    """Give the agent of a real printer, with the kiosk's words and python-escpos as the way."""
    return PrinterAgent(device, open_port, SlipPainter(catalogue("kiosk")), spool_dir, clock)


class PrinterAgent:
    """Drives the printer that `device` signs in for; `device` itself is run by whoever made it.

    `open_port` gives a way for an address of the configuration. The spool in `spool_dir` belongs to this agent alone.
    """

    def __init__(
        self,
        device: Device,
        open_port: Callable[[str], Port],
        painter: Painter,
        spool_dir: Path,
        clock: Clock,
        *,
        pace: Pace | None = None,
    ) -> None:
        self._device = device
        self._clock = clock
        self._spool = Spool(spool_dir, clock)
        self._spool.load()
        self._worker = PrintWorker(self._spool, open_port, painter, clock, self._told, self._seen, pace=pace)
        self._waiting: dict[str, asyncio.Future[Answer]] = {}
        self._tickets: OrderedDict[str, Ticket] = OrderedDict()
        self._later: dict[str, Answer] = {}
        self._news = asyncio.Event()
        device.on_config(self._configure)
        device.on_command("print", self._print, resume=self._print)
        device.link.on_connect(self._connected)

    @property
    def status(self) -> PrinterStatus:
        """The printer's state as it was last seen."""
        return self._worker.status

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._worker.run(), name=f"printer {self._device.name}")
            group.create_task(self._tell(), name=f"printer news {self._device.name}")

    async def print_offline(self, ticket: Ticket, slip: Slip) -> bool | None:
        """Print a slip of the kiosk's own series; gives True, False (not printed) or None (not known).

        Asked again for the same ticket it gives what became of the first slip and prints no second one.
        """
        answer = await self._outcome(f"offline-{ticket.id}", None, ticket, slip, OFFLINE_TTL_S)
        return answer.ok

    async def void(self, request_id: str) -> bool:
        """Make sure that nothing will be printed for a request; False when its slip has already been begun."""
        if any(job.state in {State.BEGUN, State.UNKNOWN, State.PRINTED} for job in self._spool.of_request(request_id)):
            return False
        try:
            await self._spool.void(request_id)
        except OSError:
            log.exception("void_not_written", do="free some room: it holds until this process ends")
        self._worker.wake()
        return True

    def ticket_of(self, request_id: str) -> Ticket | None:
        """Give the ticket of a print command by the request that made it, as long as it is in memory."""
        return self._tickets.get(request_id)

    # ---- from the device ----

    async def _configure(self, config: DeviceConfig | None) -> None:
        if config is not None:
            self._worker.configure(printer_config(config))

    async def _print(self, command: Command) -> Answer:
        """Do a print command once; a repeat, also after a crash, gets what became of the first."""
        try:
            work = PrintCommand.model_validate(command.model_dump())
        except ValidationError as error:
            log.warning("print_command_unreadable", command=command.id, faults=error.error_count())
            return Answer(ok=False, error="bad_request")
        return await self._outcome(command.id, work.request, work.ticket, work.slip, float(command.ttl_s))

    async def _outcome(self, key: str, request: str | None, ticket: Ticket, slip: Slip, ttl_s: float) -> Answer:
        job = self._spool.jobs.get(key)
        if job is None:
            if request is not None:
                self._remember(request, ticket)
            work = {"ticket": ticket.model_dump(mode="json"), "slip": slip.model_dump(mode="json")}
            job = Job(key, request, ticket.id, ticket.number, self._clock.now(), ttl_s, work)
            try:
                await self._spool.add(job)
            except OSError:
                log.exception("spool_not_written", number=ticket.number)
                del self._spool.jobs[key]
                return Answer(ok=False, error=PrintError.OFFLINE)
        if job.state in OUTCOMES:
            return _answer(job)
        future = self._waiting.setdefault(key, asyncio.get_running_loop().create_future())
        self._worker.wake()
        return await asyncio.shield(future)

    def _remember(self, request: str, ticket: Ticket) -> None:
        self._tickets[request] = ticket
        while len(self._tickets) > SHOWN:
            self._tickets.popitem(last=False)

    async def _connected(self) -> None:
        self._news.set()

    # ---- from the worker ----

    def _told(self, job: Job) -> None:
        """Answer who waits for a job; where nobody does any more, tell the controller as soon as the link is up."""
        future = self._waiting.pop(job.key, None)
        if future is not None and not future.done():
            future.set_result(_answer(job))
        elif not job.key.startswith("offline-"):
            self._later[job.key] = _answer(job)
            self._news.set()

    def _seen(self, _: PrinterStatus) -> None:
        self._news.set()

    async def _tell(self) -> None:
        """Publish the status and the outcomes that came late, apart from the printing, which waits for no network."""
        while True:
            await self._news.wait()
            self._news.clear()
            await self._device.detail(printer=self.status.value)
            while self._later and self._device.link.connected:
                command, answer = next(iter(self._later.items()))
                await self._device.settle(command, answer)
                if self._later.get(command) == answer:
                    del self._later[command]


def _answer(job: Job) -> Answer:
    return Answer(job.outcome, job.error)
