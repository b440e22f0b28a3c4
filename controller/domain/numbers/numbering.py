"""Numbers by series and local day (contract 14): `A007`, shared by the services of a series; `Z1-001` offline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Status
from controller.domain.queue.ticket import LIVING

if TYPE_CHECKING:
    from controller.domain.queue.hall import Hall

OFFLINE: Final = re.compile(r"([A-ZĐ][A-ZĐ0-9]{0,3})-([0-9]{3,6})")


def next_number(hall: Hall, service: str) -> tuple[int, str]:
    """Give the next number of a service's series: its serial and how it is written; `quota_reached` when none is left.

    A series without a last number never gives one twice in a day. One with a last number goes back to its first, but
    only onto numbers whose visit has ended.
    """
    if hall.numbers_held:
        raise RefusedError(Code.TRY_AGAIN, "after a restore the devices are asked first which numbers they have seen")
    told = hall.centre.services[service]
    allowed = hall.centre.ranges[told.series]
    serial = max(hall.series.get(told.series, allowed.first - 1), hall.floors.get(told.series, 0))
    tries = 10**told.width if allowed.last is None else allowed.last - allowed.first + 1
    for _ in range(max(tries, len(hall.tickets) + 1)):
        serial += 1
        if allowed.last is not None and serial > allowed.last:
            serial = allowed.first
        number = f"{told.series}{serial:0{told.width}d}"
        if _is_free(hall, number, reuse=allowed.last is not None):
            return serial, number
    raise RefusedError(Code.QUOTA_REACHED, f"every number of series {told.series} is still in use")


def _is_free(hall: Hall, number: str, *, reuse: bool) -> bool:
    ticket = hall.by_number(number)
    if ticket is None:
        return True
    if not reuse or ticket.number != number:
        return False
    # A no-show may come back and be called by its number, so that one is not given again either.
    return ticket.status not in LIVING and ticket.status is not Status.NO_SHOW


def check_offline(hall: Hall, device: str | None, number: str) -> str:
    """Give the series of an offline number; `bad_request` unless it is one that this kiosk may give."""
    match = OFFLINE.fullmatch(number)
    if match is None:
        raise RefusedError(Code.BAD_REQUEST, f"{number!r} is not an offline number, as Z1-001")
    series = match.group(1)
    for other in hall.centre.device:
        if other.offline == series and other.id != device:
            raise RefusedError(Code.BAD_REQUEST, f"{number} is of the offline series of {other.id}")
    if any(series.startswith(service.series) for service in hall.centre.service):
        raise RefusedError(Code.BAD_REQUEST, f"{number} begins with the series of a service")
    return series
