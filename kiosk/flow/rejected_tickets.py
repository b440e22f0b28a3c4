"""Own numbers that the controller refused for good: whoever holds such a slip is in no queue, and has to be told; pure.

The staff hear of those of the day by `detail.refused` of the device's state (`docs/mqtt.md`), their holder from the
kiosk that gave the number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from broker.contract.payloads import RefusedNumber as RefusedPayload
from kiosk.flow.hours import local

if TYPE_CHECKING:
    from collections.abc import Iterable

    from broker.contract.payloads import Text

NOT_TAKEN: Final = "not_taken"
"""What a notice says to the holder."""
MOST_TOLD: Final = 20
"""So many are named in the device's state, the newest; a message has an end."""


@dataclass(frozen=True, slots=True)
class RefusedNumber:
    """A number that was refused, the name of its service when it was given, why, and when (in milliseconds)."""

    number: str
    token: str = field(repr=False)
    service: str
    name: Text
    code: str
    at: int

    def is_of(self, day: str, zone: str) -> bool:
        """Tell whether it was refused on a local day."""
        return local(self.at, zone).date().isoformat() == day


def holds(refused: Iterable[RefusedNumber], token: str) -> bool:
    """Tell whether the slip with this token is one of them, of whatever day."""
    return any(one.token == token for one in refused)


def has_number(refused: Iterable[RefusedNumber], number: str, day: str, zone: str) -> bool:
    """Tell whether a number is one of those of a day."""
    return any(one.number == number and one.is_of(day, zone) for one in refused)


def told(refused: Iterable[RefusedNumber], day: str, zone: str) -> list[dict[str, Any]] | None:
    """Give what the device's state tells of a day's, oldest first; None when there is nothing to tell."""
    of_day = [one for one in refused if one.is_of(day, zone)][-MOST_TOLD:]
    return [
        RefusedPayload(number=one.number, service=one.service, name=one.name, code=one.code).model_dump()
        for one in of_day
    ] or None
