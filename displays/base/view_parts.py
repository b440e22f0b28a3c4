"""The words and numbers that stand on sign and board, ready to be drawn. Pure: a screen draws a look and nothing else.

Two looks that are equal are drawn the same, so a screen draws only when its look changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from broker.contract.texts import FALLBACK, bounded, readable

if TYPE_CHECKING:
    from broker.contract.payloads import CentreCard, Text
    from broker.runtime.catalogue import Catalogue

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class TextPair:
    """A text in Vietnamese and, smaller beside it, in the second language; `second` is empty when it says the same."""

    first: str
    second: str = ""


@dataclass(frozen=True, slots=True)
class DisplaySettings:
    """What a look needs besides the flow: words, the centre as configured, and what the device is called."""

    words: Catalogue
    device: str
    centre: CentreCard | None = None

    @property
    def second(self) -> str | None:
        """The second language of the centre, or None."""
        languages = self.centre.languages if self.centre else [FALLBACK, "en"]
        return next((lang for lang in languages if lang != FALLBACK and lang in self.words.languages), None)

    def pair(self, text: Text) -> TextPair:
        """Give a text of the centre in both languages."""
        first = readable(text, FALLBACK)
        second = bounded(text.get(self.second, "")) if self.second else ""
        return TextPair(first, second if second != first else "")

    def say(self, key: str, **values: object) -> TextPair:
        """Give words of the catalogue in both languages."""
        return self.pair(self.words.text(key, **values))

    def local(self, at: int) -> datetime:
        """Give an instant as the centre's wall shows it."""
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
        return moment.astimezone(ZoneInfo(self.centre.timezone)) if self.centre else moment.astimezone()

    def time(self, at: int) -> str:
        """Give the time of day in hours and minutes."""
        return self.local(at).strftime("%H:%M")

    def date(self, at: int) -> str:
        """Give the weekday and the date in Vietnamese."""
        day = self.local(at)
        weekday = self.words.say(f"weekday.{day.weekday()}", FALLBACK)
        return self.words.say("date", FALLBACK, weekday=weekday, day=day.day, month=day.month, year=day.year)


@dataclass(frozen=True, slots=True)
class ViewContext:
    """When a look is taken.

    `now` is real seconds of the monotonic clock, `at` the instant by the controller's clock. `stale`: the controller
    was not heard live for 15 seconds. `identify` shows the device's name.
    """

    now: float
    at: int
    stale: bool
    identify: bool = False
