"""The public days of Vietnam, solar and lunar, from the `holidays` package; the only module that knows it."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import holidays

from broker.runtime.catalogue import catalogue
from controller.domain.centre.proposed_days import PublicDay

COUNTRY: Final = "VN"
LANGUAGES: Final = {"vi": "vi", "en": "en_US"}
"""Our languages → those of the package."""
_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


def public_days(year: int) -> list[PublicDay]:
    """Give the days off of a year, and the days worked instead; of years not yet announced only what is sure by law."""
    names = {
        ours: holidays.country_holidays(COUNTRY, years=year, language=theirs) for ours, theirs in LANGUAGES.items()
    }
    found = [PublicDay(day, {ours: names[ours][day] for ours in LANGUAGES}) for day in sorted(names["vi"])]
    return found + [worked for day in found if (worked := _worked_instead(day)) is not None]


def _worked_instead(off: PublicDay) -> PublicDay | None:
    """Give the day that is worked so that another is off, which the package tells in the name of the day off."""
    told = _DATE.search(off.name["vi"])
    if told is None:
        return None
    day, month, year = (int(part) for part in told.groups())
    name = catalogue("controller").text("day.worked_instead", date=off.date.strftime("%d/%m/%Y"))
    return PublicDay(date(year, month, day), name, instead_of=off.date)
