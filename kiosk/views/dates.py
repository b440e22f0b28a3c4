"""Times and dates as people read them in their language; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

if TYPE_CHECKING:
    from datetime import datetime


def clock_words(moment: datetime) -> str:
    """Give a time as `08:15`."""
    return f"{moment.hour:02d}:{moment.minute:02d}"


def date_words(moment: datetime, pattern: str, lang: str) -> str:
    """Give a date by a pattern of Unicode's date fields; a language that nobody has dates for reads Vietnamese."""
    try:
        locale = Locale.parse(lang)
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("vi")
    return format_date(moment.date(), pattern, locale=locale)
