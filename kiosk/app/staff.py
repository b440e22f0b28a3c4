"""What the staff ask of a kiosk, carried out: the PIN, how the kiosk is, a test slip, leaving."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from broker.contract.payloads import Origin, Slip, Status, Ticket
from kiosk.app.attached_printer import ERRORS
from kiosk.flow.effects import CheckPin, Leave, LookAround, PrintTrial
from kiosk.flow.events import LookedAround, PinChecked, TrialEnded
from kiosk.flow.state import About
from kiosk.storage.pin_lock import PinLock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from broker.runtime.catalogue import Catalogue
    from devices.base.device import Device
    from kiosk.app.attached_printer import AttachedPrinter
    from kiosk.flow.config import KioskConfig
    from kiosk.flow.events import Event
    from kiosk.storage.outbox import Outbox

StaffEffect = CheckPin | LookAround | PrintTrial | Leave
TEST_NUMBER = "TEST"


class StaffTasks:
    """The staff at one kiosk. `leave` is told to end the program, or (True) to begin it anew."""

    def __init__(self, device: Device, words: Catalogue, outbox: Outbox, data: Path) -> None:
        self.leave: Callable[[bool], None] = lambda _: None
        self._device = device
        self._words = words
        self._outbox = outbox
        self._lock = PinLock(data / "pin.json", device.controller)

    async def carry_out(
        self,
        effect: StaffEffect,
        config: KioskConfig | None,
        printer: AttachedPrinter | None,
        take: Callable[[Event], None],
    ) -> None:
        """Do what an effect asks for, and tell what became of it."""
        match effect:
            case CheckPin(request, pin):
                hashed = config.pin if config and config.pin else ""
                verdict = await asyncio.to_thread(self._lock.check, pin, hashed)
                take(PinChecked(request, verdict.ok, verdict.left_s))
            case LookAround():
                take(LookedAround(self._about(printer)))
            case PrintTrial(request):
                take(await self._test(request, config, printer))
            case Leave(restart):
                self.leave(restart)

    def _about(self, printer: AttachedPrinter | None) -> About:
        agent = printer.agent if printer else None
        return About(
            self._device.version, self._device.link.connected, str(agent.status) if agent else "",
            len(self._outbox.waiting),
        )  # fmt: skip

    async def _test(self, request: str, config: KioskConfig | None, printer: AttachedPrinter | None) -> TrialEnded:
        agent = printer.agent if printer else None
        if agent is None or config is None:
            return TrialEnded(request, ok=False, error="offline")
        ticket = Ticket(
            id=str(uuid.uuid4()), number=TEST_NUMBER, service="test", priority="normal", status=Status.WAITING,
            channel=Origin.RECEPTION, lang=config.languages[0], issued_at=self._device.controller.now(),
        )  # fmt: skip
        name = {lang: self._words.say("slip.test", lang) for lang in self._words.languages}
        done = await agent.print_offline(
            ticket, Slip(centre=config.centre.name, service=name, qr=config.centre.public_url)
        )
        status = str(agent.status)
        return TrialEnded(request, done, status if done is False and status in ERRORS else None)
