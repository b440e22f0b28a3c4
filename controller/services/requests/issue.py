"""A kiosk asks for a number, or hands in one that it gave while nobody answered (contract 4, Offline)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from broker.contract.payloads import IssueRequest, Origin
from controller.domain.commands import Issue, Offline

if TYPE_CHECKING:
    from controller.domain.centre.model import Device
    from controller.services.journal.ports import WriteBatch
    from controller.services.journal.set_aside import QuarantinedRows

OUTAGES = "outages"
"""The mark that keeps the outages whose numbers are being handed in."""
OUTAGE_MS = 10 * 60 * 1000
"""Hand-ins that follow each other within this time come from one outage."""


@dataclass(frozen=True, slots=True)
class KioskOutage:
    """The earliest instant that a kiosk's hand-ins may name, and when the last of them came."""

    bound: int | None
    last: int


class KioskOutages:
    """When each kiosk was last answered: its offline numbers cannot be older.

    The bound is taken at the first hand-in after an outage and holds for those that follow, so that the answers to
    the first do not move the rest of them forward in time; `keep` and `recall` carry it over a restart.
    """

    def __init__(self, answered: dict[str, int] | None = None) -> None:
        self._answered = answered or {}
        self._outages: dict[str, KioskOutage] = {}

    def answered(self, kiosk: str, at: int) -> None:
        """Note that a kiosk was answered at an instant of the controller."""
        self._answered[kiosk] = at

    def bound(self, kiosk: str, now: int) -> int | None:
        """Give the earliest instant that a hand-in may name; None when the kiosk was never answered."""
        outage = self._outages.get(kiosk)
        if outage is None or now - outage.last > OUTAGE_MS:
            outage = KioskOutage(self._answered.get(kiosk), now)
        self._outages[kiosk] = KioskOutage(outage.bound, now)
        return outage.bound

    def keep(self, batch: WriteBatch) -> None:
        """Add to a transaction what a restart in the midst of hand-ins must know."""
        batch.marks[OUTAGES] = json.dumps({kiosk: asdict(outage) for kiosk, outage in self._outages.items()})

    def recall(self, kept: str | None, aside: QuarantinedRows) -> None:
        """Take up what was kept; what cannot be read leaves each kiosk with the bound of its last answer."""
        try:
            self._outages = {kiosk: _outage(**outage) for kiosk, outage in json.loads(kept or "{}").items()}
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            aside.report("marks", OUTAGES, error, "numbers handed in are dated by each kiosk's last answer")


def _outage(bound: int | None, last: int) -> KioskOutage:
    return KioskOutage(None if bound is None else int(bound), int(last))


def issue_from_kiosk(
    asked: IssueRequest, kiosk: Device, request: str, *, sent_at: int | None, arrived_at: int, outages: KioskOutages
) -> Issue:
    """Give the command for a kiosk's request; all instants are milliseconds since 1970 UTC."""
    offline = None
    if asked.offline is not None:
        late = 0 if sent_at is None else arrived_at - sent_at
        offline = Offline(
            number=asked.offline.number,
            token=asked.offline.token,
            at=asked.offline.at + late,
            replaces=asked.offline.replaces,
            not_before=outages.bound(kiosk.id, arrived_at),
        )
    return Issue(
        service=asked.service,
        origin=Origin.KIOSK if offline is None else Origin.OFFLINE,
        priority=asked.priority,
        lang=asked.lang,
        dossier=asked.dossier,
        person=asked.person,
        device=kiosk.id,
        printer=kiosk.printer,
        request=request,
        offline=offline,
    )
