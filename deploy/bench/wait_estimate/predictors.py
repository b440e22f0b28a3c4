"""The estimates that other products give, on what they would see: none of them looks at open counters."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from controller.domain.queue.hall import Hall

HOUR: Final = 3_600_000


@dataclass(slots=True)
class Delays:
    """Waits of those who were called today, by service, as the estimates from delays remember them."""

    last: dict[str, int] = field(default_factory=dict)
    of_last_hour: dict[str, deque[tuple[int, int]]] = field(default_factory=dict)

    def called(self, service: str, now: int, waited: int) -> None:
        """Remember a wait that has just ended."""
        self.last[service] = waited
        self.of_last_hour.setdefault(service, deque()).append((now, waited))

    def les(self, service: str) -> float:
        """Give the wait of the last one who was called (LES), in milliseconds."""
        return self.last.get(service, 0)

    def mean_of_last_hour(self, service: str, now: int) -> float:
        """Give the mean wait of those who were called within the last hour, in milliseconds."""
        waits = self.of_last_hour.get(service, deque())
        while waits and waits[0][0] <= now - HOUR:
            waits.popleft()
        return sum(waited for _, waited in waits) / len(waits) if waits else 0.0


def head_of_line(hall: Hall, service: str, now: int) -> float:
    """Give how long the first in the line of a service has waited so far (HOL), in milliseconds."""
    heads = [line.tickets[0].issued_at for line in hall.lines.of_service.get(service, ()) if line.tickets]
    return now - min(heads) if heads else 0.0


def fixed_queue(hall: Hall, service: str, nominal: Mapping[str, int], mean: float) -> float:
    """Give (people ahead + 1) × the configured mean over the counters there should be, in milliseconds."""
    return (hall.waiting_for(service) + 1) * mean / nominal[service]
