"""What the rows of a report are grouped by, and the key of a row in each grouping."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from controller.services.history import CallRow, RatingRow, TicketRow

    Row = TicketRow | RatingRow | CallRow

NOBODY = ""
"""The key of what has no counter, no officer or no group: a ticket that was never called, for one."""


class By(StrEnum):
    """The cuts of the contract."""

    DAY = "day"
    HOUR = "hour"
    SERVICE = "service"
    GROUP = "group"
    COUNTER = "counter"
    OFFICER = "officer"
    CHANNEL = "channel"
    PRIORITY = "priority"


def key_function(by: By, groups: Mapping[str, str]) -> Callable[[Row], str]:
    """Return the function from a row of the history to its key; `groups` has the group of each service."""
    keys: dict[By, Callable[[Row], str]] = {
        By.DAY: lambda row: row.day,
        By.HOUR: lambda row: f"{row.hour:02d}",
        By.SERVICE: lambda row: row.service,
        By.GROUP: lambda row: groups.get(row.service, NOBODY),
        By.COUNTER: lambda row: row.counter or NOBODY,
        By.OFFICER: lambda row: row.officer or NOBODY,
        By.CHANNEL: lambda row: row.channel,
        By.PRIORITY: lambda row: row.priority,
    }
    return keys[by]
