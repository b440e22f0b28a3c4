"""Until when a clock may be believed without proof: the rule behind the clock guard (decision 16).

A hall writes events on nearly every opening day, so a clock that shows a time long after the last one is more likely
wrong than right. Instants are milliseconds since 1970 UTC.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from controller.domain.centre.calendar import SEARCH_DAYS, day_end, local_day

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import date

    from controller.domain.centre.calendar import Calendar

OPENING_DAYS: Final = 2
LEAST_MS: Final = 4 * 24 * 3600 * 1000


def known_since(last_event: int, seen: int, configured: int) -> int:
    """Return the latest instant at which the clock is known to have been right.

    Args:
        last_fact: when the last event was written, 0 with an empty journal.
        seen: the last reading that was believed and stored, 0 when there is none.
        configured: when the configuration in force was stored; all that an empty journal may have.
    """
    return max(last_event, seen) or configured


def latest_plausible(calendar: Calendar, since: int, off: Container[date] = ()) -> int:
    """Return the last instant that needs no proof: the end of the second opening day after `since`, at least 4 days on.

    Days in `off` are no opening days even where the calendar opens them: public holidays that nobody configured.
    A calendar that opens on fewer than two of the next 400 days gives the 4 days.
    """
    day, opening_days = local_day(since, calendar.timezone), 0
    for ahead in range(1, SEARCH_DAYS):
        later = day + timedelta(days=ahead)
        opening_days += bool(calendar.on(later).open) and later not in off
        if opening_days == OPENING_DAYS:
            return max(since + LEAST_MS, day_end(later, calendar.timezone))
    return since + LEAST_MS
