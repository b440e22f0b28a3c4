"""Public holidays and swapped working days as entries for the configuration; nothing closes until they are in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from broker.contract.hours import WEEKDAYS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from controller.domain.centre.centre import Centre


@dataclass(frozen=True, slots=True)
class PublicDay:
    """A date on which offices do other than on its day of the week.

    `instead_of` None is a day off; else it is a day worked instead of that date, with the hours of its day of the week.
    """

    date: dt.date
    name: Mapping[str, str]
    instead_of: dt.date | None = None


def proposed_days(centre: Centre, days: Iterable[PublicDay]) -> list[dict[str, Any]]:
    """Give `[[day]]` entries, with the keys of the configuration, for public days that would change something.

    Left out are dates that the configuration names already, days off on which the centre is closed anyway, and worked
    days on which it is open.
    """
    named = {day.date for day in centre.day}
    found = []
    for day in sorted(days, key=lambda one: one.date):
        is_open = bool(centre.calendar.on(day.date).open)
        if day.date in named or is_open == (day.instead_of is not None):
            continue
        hours: dict[str, Any] = {"open": []} if day.instead_of is None else {"like": WEEKDAYS[day.instead_of.weekday()]}
        found.append({"date": day.date.isoformat(), **hours, "name": dict(day.name)})
    return found
