"""After a restore: no number before kiosks and signs were asked which they have seen."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import structlog

from broker.contract.errors import RefusedError
from broker.contract.payloads import Kind
from controller.domain.numbers.reported import parse_highest_numbers, raise_high_water

if TYPE_CHECKING:
    from controller.domain.centre.centre import Centre
    from controller.domain.numbers.high_water import Restored
    from controller.services.counts import Counts
    from controller.services.devices.presence import Presence
    from controller.services.engine.engine import Engine
    from controller.services.journal.ports import WriteBatch

log = structlog.get_logger()

RESTORED: Final = "restored"
"""The mark of the store that says where each series continues."""
WAIT_S: Final = 10.0
RETRY_S: Final = 1.0
REPORTERS: Final = (Kind.KIOSK, Kind.SIGN)
"""The kinds whose reports count: a kiosk knows what it gave, a sign what was called."""


class AfterRestore:
    """Holds numbers back from the start of a new epoch until `settle` is done; see the module's head."""

    def __init__(self, engine: Engine, presence: Presence, counts: Counts, *, wait_s: float = WAIT_S) -> None:
        self._engine = engine
        self._presence = presence
        self._counts = counts
        self._wait_s = wait_s

    def hold(self) -> None:
        """Give no number yet, where a restore was not followed by one; called before anybody can ask for one."""
        if self._engine.numbers.unsettled is not None:
            self._engine.numbers.hold(held=True)

    async def settle(self, centre: Centre, now: int) -> None:
        """Wait for the reports of kiosks and signs, at most for the time given; then numbers go on above them all.

        `now` is when their births began to come in: a report from before is one of before the restore, and may be
        followed by a later one. Only here do reports count.
        """
        restored = self._engine.numbers.unsettled
        if restored is None:
            return
        reporters = [device.id for device in centre.device if device.kind in REPORTERS]
        log.info("asking_devices_for_numbers", devices=len(reporters), epoch=restored.epoch)
        try:
            async with asyncio.timeout(self._wait_s):
                while not all(self._is_heard(device, now) for device in reporters):
                    self._presence.news.clear()
                    await self._presence.news.wait()
        except TimeoutError:
            missing = [device for device in reporters if not self._is_heard(device, now)]
            log.warning("devices_not_heard_after_restore", devices=missing)
        restored = self._with_reports(restored, centre, reporters)
        await self._keep(restored)
        self._engine.numbers.hold(held=False)

    def _is_heard(self, device: str, since: int) -> bool:
        seen = self._presence.seen(device)
        return seen is not None and not seen.gone and seen.at >= since

    def _with_reports(self, restored: Restored, centre: Centre, reporters: list[str]) -> Restored:
        """Take every report into account, each measured against what the restore knew."""
        known = restored
        for device in reporters:
            seen = self._presence.seen(device)
            report = None if seen is None else parse_highest_numbers(seen.detail)
            if report is None:
                continue
            if raise_high_water(known, report, centre.ranges) is None:
                self._counts.reports_refused.add(device)
                log.error("highest_refused", device=device, day=report.day, numbers=report.numbers, known=known.floors)
            else:
                restored = raise_high_water(restored, report, centre.ranges) or restored
        return restored

    async def _keep(self, restored: Restored) -> None:
        """Have the floors on disk before the first number above them."""

        def keep(batch: WriteBatch) -> None:
            batch.marks[RESTORED] = json.dumps(asdict(restored))

        while True:
            try:
                await self._engine.do(None, also=keep)
            except RefusedError as refused:
                log.warning("restore_waits_for_store", reason=str(refused))
                await asyncio.sleep(RETRY_S)
            else:
                self._engine.numbers.continue_from(restored)
                return
