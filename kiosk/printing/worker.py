"""The one owner of a printer: takes jobs from the spool one after another and finds out what became of each.

A job is recorded as begun, on disk, before its first byte leaves, and is never sent twice. When a printer stops in
the middle, the job may be held in its buffer and come out later: the connection stays open until the printer says so,
and further jobs are refused with the printer's state meanwhile.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import structlog

from broker.contract.errors import PrintError
from broker.contract.payloads import Slip, Ticket
from kiosk.printing.delivery import Delivery, Habits, Pace, Stage
from kiosk.printing.escpos_port import recovery_bytes, slip_bytes
from kiosk.printing.spool import State
from kiosk.printing.status import ERRORS, PrinterStatus

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from PIL import Image

    from broker.runtime.clock import Clock
    from kiosk.printing.config import PrinterConfig
    from kiosk.printing.escpos_port import Port
    from kiosk.printing.spool import Job, Spool

T = TypeVar("T")

log = structlog.get_logger()


class Painter(Protocol):
    """Draws a slip."""

    def paint(self, ticket: Ticket, slip: Slip, config: PrinterConfig) -> Image.Image:
        """Give the image of a slip."""
        ...


@dataclass(slots=True)
class Held:
    """A job whose outcome may still be told, on its open connection.

    `quiet_since` is when the printer was well again and still said nothing of the job.
    """

    job: Job
    delivery: Delivery
    quiet_since: float | None = None


class PrintWorker:
    """Drives one printer from one spool. `told` hears of every outcome, `seen` of every change of the status."""

    def __init__(
        self,
        spool: Spool,
        open_port: Callable[[str], Port],
        painter: Painter,
        clock: Clock,
        told: Callable[[Job], None],
        seen: Callable[[PrinterStatus], None],
        *,
        pace: Pace | None = None,
    ) -> None:
        self.status = PrinterStatus.UNKNOWN
        self._config: PrinterConfig | None = None
        self._spool = spool
        self._open_port = open_port
        self._painter = painter
        self._clock = clock
        self._told = told
        self._seen = seen
        self._pace = pace or Pace()
        self._habits = Habits()
        self._held: Held | None = None
        self._latest: Delivery | None = None
        self._broken = False
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="printer")

    def configure(self, config: PrinterConfig) -> None:
        """Use this printer from the next job on."""
        if self._config is None or self._config.address != config.address:
            self._habits = Habits()
        self._config = config
        self._wake.set()

    def wake(self) -> None:
        """Look at the spool now."""
        self._wake.set()

    async def run(self) -> None:
        """Settle what an earlier process left behind, then work until cancelled."""
        try:
            await self._settle_interrupted()
            while True:
                await self._turn()
        finally:
            if self._latest is not None:
                self._thread.submit(self._latest.close)  # behind whatever its thread is still doing
            self._thread.shutdown(wait=False)

    async def _settle_interrupted(self) -> None:
        """What was begun and has no outcome may or may not be on paper: say so, and send it never again."""
        begun = [job for job in self._spool.jobs.values() if job.state is State.BEGUN]
        for job in begun:
            await self._conclude(job, State.UNKNOWN, None, "the process ended in the middle of the slip")
        last = max(
            (job for job in self._spool.jobs.values() if job.state is not State.QUEUED), key=_order, default=None
        )
        self._broken = last is not None and last.state is State.UNKNOWN

    async def _turn(self) -> None:
        job = next(self._spool.waiting(), None)
        if self._held is not None:
            if job is not None:
                await self._conclude(job, State.REFUSED, ERRORS.get(self.status, PrintError.OFFLINE), "a slip is held")
            else:
                await self._watch(self._held)
        elif job is None:
            await self._idle()
        elif self._is_void(job):
            await self._conclude(job, State.REFUSED, PrintError.EXPIRED, "it was voided or its time ran out")
        elif self._config is None:
            await self._rest(self._pace.slice_s)
        else:
            await self._to_the_end(self._print(job, self._config))

    async def _to_the_end(self, work: Awaitable[None]) -> None:
        """Let a slip that is under way come to its end when the process is asked to stop."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task}, timeout=self._pace.finish_s)
            task.cancel()
            raise

    def _is_void(self, job: Job) -> bool:
        return self._spool.expired(job) or job.request in self._spool.voided

    # ---- one job ----

    async def _print(self, job: Job, config: PrinterConfig) -> None:
        try:
            data = await self._work(self._bytes, job, config)
        except (ValueError, KeyError, OSError) as error:
            log.exception("slip_not_drawn", number=job.number)
            await self._conclude(job, State.REFUSED, PrintError.OFFLINE, f"the slip cannot be drawn: {error}")
            return
        delivery, status = await self._opened(config)
        obstacle = PrintError.EXPIRED if self._is_void(job) else ERRORS.get(status)
        if obstacle is not None:
            await self._work(delivery.close)
            await self._conclude(job, State.REFUSED, obstacle, delivery.reason)
            return
        if not await self._record_begun(job):
            await self._work(delivery.close)
            return
        if self._broken:
            data = recovery_bytes(fill=not delivery.in_step) + data
        delivery.begin(data)
        await self._deliver(job, delivery)

    def _bytes(self, job: Job, config: PrinterConfig) -> bytes:
        ticket, slip = Ticket.model_validate(job.work["ticket"]), Slip.model_validate(job.work["slip"])
        return slip_bytes(self._painter.paint(ticket, slip, config))

    async def _record_begun(self, job: Job) -> bool:
        """Put on disk that the job is begun; without that nothing is sent."""
        try:
            await self._spool.move(job, State.BEGUN)
        except OSError as error:
            log.exception("spool_not_written", number=job.number)
            job.move(State.REFUSED, PrintError.OFFLINE, f"the spool cannot be written: {error}")
            self._told(job)
            return False
        return True

    async def _deliver(self, job: Job, delivery: Delivery) -> None:
        stage = Stage.SENDING
        while stage is Stage.SENDING and not delivery.stalled:
            stage = await self._work(delivery.advance, self._pace.slice_s)
        if delivery.taken:
            self._broken = False
        if stage is Stage.PRINTED:
            await self._printed(job, delivery)
        elif stage is Stage.LOST and not delivery.taken:
            await self._work(delivery.close)
            self._see(PrinterStatus.OFFLINE, delivery.reason)
            await self._conclude(job, State.REFUSED, PrintError.OFFLINE, delivery.reason)
        else:
            await self._not_known(job, delivery)

    async def _printed(self, job: Job, delivery: Delivery) -> None:
        self._see(await self._work(delivery.look), delivery.reason)
        await self._work(delivery.close)
        await self._conclude(job, State.PRINTED)

    async def _not_known(self, job: Job, delivery: Delivery) -> None:
        """Say that the outcome is open, and keep the connection as long as the printer may still tell."""
        status = self._see(await self._work(delivery.look), delivery.reason)
        await self._conclude(
            job, State.UNKNOWN, ERRORS.get(status), delivery.reason or "the printer did not confirm it"
        )
        if delivery.may_tell:
            self._held = Held(job, delivery)
        else:
            await self._give_up(job, delivery)

    # ---- a job that is held in the printer ----

    async def _watch(self, held: Held) -> None:
        job, delivery = held.job, held.delivery
        stage = await self._work(delivery.advance, self._pace.slice_s)
        if stage is Stage.PRINTED:
            self._held = None
            await self._printed(job, delivery)
            return
        status = self._see(await self._work(delivery.look), delivery.reason)
        now = self._clock.monotonic()
        held.quiet_since = None if status in ERRORS else held.quiet_since or now
        over = held.quiet_since is not None and now - held.quiet_since > self._pace.hold_s
        if over or not delivery.may_tell:
            self._held = None
            await self._give_up(job, delivery)
        else:
            await self._rest(self._pace.slice_s)

    async def _give_up(self, job: Job, delivery: Delivery) -> None:
        """End the connection of a job whose outcome stays open; its record says why."""
        self._broken = delivery.unsent > 0
        await self._work(delivery.close)
        job.why = delivery.reason or "the printer never confirmed it"
        log.warning("slip_outcome_unknown", number=job.number, reason=job.why)
        try:
            await self._spool.save(job)
        except OSError:
            log.exception("spool_not_written", number=job.number)

    # ---- no job ----

    async def _idle(self) -> None:
        """Look at the printer, then wait for a job or for the next look."""
        if self._config is not None and not self._wake.is_set():
            delivery, _ = await self._opened(self._config)
            await self._work(delivery.close)
        try:
            await self._spool.purge()
        except OSError:
            log.exception("spool_not_purged")
        await self._rest(self._pace.look_s)

    async def _rest(self, seconds: float) -> None:
        # Not wait_for: until Python 3.12 it loses a cancellation that comes together with the event.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        self._wake.clear()

    # ---- the pieces ----

    async def _opened(self, config: PrinterConfig) -> tuple[Delivery, PrinterStatus]:
        """Connect and ask; a printer that has spoken before and is silent twice is not there."""
        spoke = self._habits.speaks
        delivery, status = await self._asked(config)
        if status is PrinterStatus.UNKNOWN and spoke:
            # Nothing has been sent yet, and a printer that cuts or a network under load may miss one question.
            await self._work(delivery.close)
            delivery, status = await self._asked(config)
            if status is PrinterStatus.UNKNOWN:
                status = PrinterStatus.OFFLINE
        return delivery, self._see(status, delivery.reason)

    async def _asked(self, config: PrinterConfig) -> tuple[Delivery, PrinterStatus]:
        delivery = self._latest = Delivery(self._open_port(config.address), self._habits, self._clock, self._pace)
        return delivery, await self._work(delivery.open)

    async def _work(self, call: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call, *arguments)

    async def _conclude(self, job: Job, state: State, error: PrintError | None = None, why: str = "") -> None:
        """Record an outcome, then tell of it; a disk that refuses leaves it told."""
        try:
            await self._spool.move(job, state, error, why)
        except OSError:
            log.exception("spool_not_written", number=job.number)
        if state is not State.PRINTED:
            log.warning("slip_not_printed", number=job.number, state=state, error=error, reason=why)
        self._told(job)

    def _see(self, status: PrinterStatus, reason: str) -> PrinterStatus:
        if status is not self.status:
            log.info("printer_status", status=status, before=self.status, reason=reason)
            self.status = status
            self._seen(status)
        return status


def _order(job: Job) -> int:
    return job.order
