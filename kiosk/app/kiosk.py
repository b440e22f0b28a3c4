"""A kiosk at work: what happens on the link, at the printer and under the finger goes through the flow and back out."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import structlog

from broker.contract.channels import COUNTER_STATE, SERVICE_STATE
from broker.contract.errors import Code
from broker.contract.payloads import PrintedCommand, Slip
from broker.link.requester import UnansweredError
from devices.base.device import Answer
from kiosk.app.attached_printer import ERRORS
from kiosk.app.procedures import ProcedureFetcher
from kiosk.app.staff import StaffTasks
from kiosk.flow import events
from kiosk.flow.config import kiosk_config
from kiosk.flow.context import StepContext
from kiosk.flow.effects import (
    Ask,
    CheckPin,
    Forget,
    KeepOffline,
    KeepSeries,
    Leave,
    LookAround,
    PrintOffline,
    PrintTrial,
    Remember,
    VoidPrint,
)
from kiosk.flow.hours import local
from kiosk.flow.issue import series_of, ticket_of
from kiosk.flow.rejected_tickets import told
from kiosk.flow.state import ConfirmCancel, Shown
from kiosk.flow.step import step
from kiosk.storage.last_known import read_last_known, write_last_known
from kiosk.storage.resume import resumed
from kiosk.storage.screen_session import STANDING, ScreenSession, boot_id
from kiosk.views.build import build

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from broker.contract.payloads import Command, CounterState, DeviceConfig, Reply, ServiceState, Text, Ticket
    from broker.link.link import Message
    from broker.runtime.catalogue import Catalogue
    from devices.base.device import Device
    from kiosk.app.attached_printer import AttachedPrinter
    from kiosk.flow.actions import Action
    from kiosk.flow.effects import Effect
    from kiosk.flow.keys import Key
    from kiosk.flow.state import View
    from kiosk.input.code_reader import Scan
    from kiosk.storage.outbox import OfflineTicket, Outbox
    from kiosk.views.view_model import ViewModel

log = structlog.get_logger()

TICK_S = 0.2
REMEMBER_S = 5.0
"""What is known goes to disk at most this often."""
HAND_IN_PAUSE_S = 2.0
SEAT_S = 5.0
"""How long after a start it may take until this process drives its printer."""


class KioskApp:
    """One kiosk. `on_change` is called when there may be something else to show; `face()` gives it.

    `on_given` hears of each number once it is given, of its own series too.
    """

    def __init__(self, device: Device, words: Catalogue, outbox: Outbox, data: Path) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self.on_given: Callable[[Ticket], None] = lambda _: None
        self.printer: AttachedPrinter | None = None
        self._device = device
        self._words = words
        self._outbox = outbox
        self._recall = data / "recall.json"
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._asked: dict[str, Ask] = {}
        self._standing = ScreenSession(data / STANDING, boot_id())
        self._fetching = ProcedureFetcher(
            device.requester, data / "procedures.jsonl", lambda book: self.take(events.ProceduresChanged(book))
        )
        self._to_resume: tuple[Effect, ...] = ()
        self._unkept = False
        self.staff = StaffTasks(device, words, outbox, data)
        self._handed_in = asyncio.Event()
        self._unwritten = False
        recalled = read_last_known(self._recall, device.name)
        begun = device.controller.monotonic()
        self.state = replace(
            recalled, series=outbox.series(), may_give=outbox.takes, refused=outbox.refused, touched=begun
        )
        self._resume()
        self._listen()

    # ---- for the screen ----

    def act(self, action: Action) -> None:
        """Take a touch."""
        self.take(events.Touched(action))

    def scan(self, scan: Scan | None) -> None:
        """Take a code that a reader read, or (None) hear that it read one that is refused."""
        self.take(events.Scanned(scan.meant, scan.typed) if scan else events.Scanned(""))

    def key(self, key: Key) -> None:
        """Take a key that a person pressed."""
        self.take(events.Pressed(key))

    def face(self) -> ViewModel:
        """Give what the screen shows."""
        return build(self.state, self._moment(), self._words)

    def face_in(self, lang: str) -> ViewModel:
        """Give what the screen would show in another language."""
        return build(replace(self.state, lang=lang), self._moment(), self._words)

    def printer_changed(self, there: bool) -> None:  # noqa: FBT001 - a callback with one value
        """Hear whether this process drives the printer."""
        self.take(events.PrinterAttached(there))

    # ---- the flow ----

    def take(self, event: events.Event) -> None:
        """Take an event: what must be on disk is there before anything is shown."""
        before = self.state
        self.state, effects = step(self.state, event, self._moment())
        for effect in effects:
            if isinstance(effect, KeepOffline):
                self._keep(effect)
        self._note(effects)
        for effect in effects:
            self._carry_out(effect)
        if self._unkept:
            self._unkept = False
            self.take(events.DiskChanged(takes=False))
        if self.state != before:
            self._tell_given(before.view)
            self.on_change()

    def _tell_given(self, before: View) -> None:
        view = self.state.view
        # Whoever keeps a number after all comes back to it from the question.
        known = before.ticket.id if isinstance(before, Shown | ConfirmCancel) else None
        if isinstance(view, Shown) and view.ticket.id != known:
            self.on_given(view.ticket)

    def _moment(self) -> StepContext:
        clock = self._device.controller
        now = clock.now()
        zone = self.state.config.centre.timezone if self.state.config else "UTC"
        day = local(now, zone).date().isoformat()
        return StepContext(clock.monotonic(), now, day, str(uuid.uuid4()), secrets.token_urlsafe(18), clock.known)

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Ask():
                self._asking[effect.id] = self._start(self._ask(effect))
            case Forget(request):
                self._asked.pop(request, None)
                asking = self._asking.pop(request, None)
                if asking is not None:
                    asking.cancel()
            case VoidPrint(request):
                self._start(self._void(request))
            case KeepSeries(series):
                self._outbox.learn(series)
            case PrintOffline(ticket):
                self._start(self._print(ticket))
            case Remember():
                self._unwritten = True
            case CheckPin() | LookAround() | PrintTrial() | Leave():
                self._start(self.staff.carry_out(effect, self.state.config, self.printer, self.take))

    def _keep(self, keep: KeepOffline) -> None:
        self._unkept = not self._outbox.keep(keep)
        self._handed_in.set()

    def _note(self, effects: tuple[Effect, ...]) -> None:
        """Put what stands where a crash leaves it, before a request leaves for the controller."""
        self._asked.update({effect.id: effect for effect in effects if isinstance(effect, Ask)})
        ask = self._asked.get(getattr(self.state.view, "request", None) or "")
        self._standing.note(self.state, ask, self._device.controller.monotonic())

    def _resume(self) -> None:
        """Go on with what stood on the screen of the process before this one."""
        kept = self._standing.kept()
        if kept is not None:
            self.state, self._to_resume = resumed(self.state, kept, self._moment(), self._outbox.given)
            self._note(self._to_resume)

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("kiosk_work_failed", reason=repr(error))

    # ---- what takes time ----

    async def _ask(self, ask: Ask) -> None:
        try:
            reply = await self._device.requester.request(ask.op, ask.fields, id=ask.id)
        except UnansweredError:
            log.info("request_unanswered", op=ask.op)
            return
        finally:
            self._asking.pop(ask.id, None)
            self._asked.pop(ask.id, None)
        self._learn(reply)
        self._note_number(reply)
        code = None if reply.ok else (reply.error.code if reply.error else Code.BAD_REQUEST)
        self.take(events.Replied(ask.id, reply.result if reply.ok else None, code))

    def _learn(self, reply: Reply) -> None:
        told = series_of(reply.result if reply.ok else None)
        if told is not None:
            self.take(events.SeriesLearned(told))

    def _note_number(self, reply: Reply) -> None:
        """Note the number that the controller gave, which it asks for after a restore."""
        ticket = ticket_of(reply.result) if reply.ok else None
        if ticket is not None:
            self._device.saw_number(ticket.number, ticket.issued_at)

    async def _void(self, request: str) -> None:
        agent = await self.printer.seated(SEAT_S) if self.printer else None
        begun = agent is not None and not await agent.void(request)
        ticket = agent.ticket_of(request) if agent is not None and begun else None
        self.take(events.VoidAnswered(request, begun, ticket))

    async def _print(self, ticket: Ticket) -> None:
        agent, config = await self.printer.seated(SEAT_S) if self.printer else None, self.state.config
        if agent is None or config is None:
            self.take(events.SlipEnded(ticket.id, False, "offline"))
            return
        card = config.service(ticket.service)
        url = f"{config.centre.public_url}/t/{ticket.token}"
        slip = Slip(centre=config.centre.name, service=card.name if card else {}, qr=url)
        done = await agent.print_offline(ticket, slip)
        status = str(agent.status)
        self.take(events.SlipEnded(ticket.id, done, status if done is False and status in ERRORS else None))

    # ---- what runs all the time ----

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._tick(), name="kiosk tick")
                group.create_task(self._hand_in(), name="kiosk outbox")
                group.create_task(self._fetching.run(), name="kiosk procedures")
                if self.printer is not None:
                    group.create_task(self.printer.run(), name="kiosk printer")
        finally:
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._write()

    async def _tick(self) -> None:
        written, second = 0.0, 0
        while True:
            await asyncio.sleep(TICK_S)
            clock = self._device.controller
            if clock.alive != self.state.live:
                self.take(events.LiveChanged(clock.alive))
                self._device.requester.again()  # what was given alone, before anything new
            self.take(events.Tick())
            if int(clock.monotonic()) != second:
                second = int(clock.monotonic())
                self.on_change()
            if clock.monotonic() - written >= REMEMBER_S:
                written = clock.monotonic()
                self._write()
                await self._look_at_disk()

    async def _look_at_disk(self) -> None:
        """Write what the disk did not take; tell the staff while it takes nothing, and of numbers that were refused."""
        stored = self._outbox.retry()
        if stored or (self._outbox.takes and not self.state.may_give):
            self.take(events.DiskChanged(self._outbox.takes, stored))
        zone = self.state.config.centre.timezone if self.state.config else "UTC"
        lost = told(self.state.refused, self._moment().day, zone)
        await self._device.detail(storage=None if self._outbox.takes else "failing", refused=lost)

    def _write(self) -> None:
        if self._unwritten:
            self._unwritten = False
            write_last_known(self._recall, self.state)

    async def _hand_in(self) -> None:
        """Hand in what waits, one after another in the order it was given, each until it is answered."""
        while True:
            self._handed_in.clear()
            for entry in self._outbox.waiting:
                await self._hand_in_one(entry)
            await self._handed_in.wait()

    async def _hand_in_one(self, entry: OfflineTicket) -> None:
        while not await self._taken_in(entry):
            log.info("hand_in_waits", number=entry.number)

    async def _taken_in(self, entry: OfflineTicket) -> bool:
        """Ask once; False when it has to be asked again, at once where nobody answered: nothing new may come before."""
        try:
            at = partial(entry.sent_at, self._device.controller)
            reply = await self._device.requester.request("issue", entry.fields, id=entry.id, at=at)
        except UnansweredError:
            return False
        if reply.ok:
            self._learn(reply)
            self._outbox.done(entry)
            ticket = ticket_of(reply.result)
            if ticket is not None:
                self.take(events.OfflineSubmitted(entry.number, ticket))
            return True
        if reply.error is not None and reply.error.code is Code.TRY_AGAIN:
            await asyncio.sleep(HAND_IN_PAUSE_S)
            return False
        code = reply.error.code if reply.error else Code.BAD_REQUEST
        log.error("hand_in_refused", number=entry.number, code=code)
        self.take(events.OfflineRejected(self._outbox.refuse(entry, code, self._device.controller.now())))
        return True

    # ---- what comes in ----

    def _listen(self) -> None:
        link = self._device.link
        self._device.on_config(self._configured)
        self._device.on_command("printed", self._printed, resume=self._printed)
        self._device.on_command("identify", self._identify, resume=self._identify)
        link.on(SERVICE_STATE, self._service)
        link.on(COUNTER_STATE, self._counter)

    async def _configured(self, config: DeviceConfig | None) -> None:
        read = kiosk_config(config) if config else None
        self.take(events.Configured(read))
        if read is not None:
            self._fetching.want(read.procedures.revision)
        if self.printer is not None:
            self.printer.want(read.drives.id if read and read.drives else None)
        effects, self._to_resume = self._to_resume, ()
        for effect in effects:
            self._carry_out(effect)

    async def _printed(self, command: Command) -> Answer:
        try:
            told = PrintedCommand.model_validate(command.model_dump())
        except ValueError:
            return Answer(ok=False, error="bad_request")
        self.take(events.SlipEnded(told.ticket, told.ok, told.error, place_of(told)))
        return Answer(ok=True)

    async def _identify(self, _: Command) -> Answer:
        self.take(events.Identify())
        return Answer(ok=True)

    async def _service(self, message: Message[ServiceState]) -> None:
        self.take(events.ServiceChanged(message.segments["service"], message.payload))

    async def _counter(self, message: Message[CounterState]) -> None:
        label = message.payload.label if message.payload else None
        counter = message.segments["counter"]
        if self.state.labels.get(counter) != label:
            self.take(events.CounterChanged(counter, label))


def place_of(told: PrintedCommand) -> Text | None:
    """Give what people call the other printer that has a slip; None for the kiosk's own."""
    where = told.elsewhere
    return None if where is None else where.label or {"vi": where.printer}
