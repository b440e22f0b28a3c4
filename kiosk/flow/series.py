"""The kiosk's own numbers, so that none is given twice on one day whatever its clock shows; pure.

They begin again only where all that were given before belong to days gone by for certain. A day is certain that the
controller's clock showed, which the kiosk has heard since it was started. What is given on another, by a clock that may
be days ahead, goes on behind the last number, and so does the next that is given on a certain day: it may be the same.

    certain day later than that of the last number, which was certain too    1
    anything else                                                            the last and one
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """The last own number that was given.

    When it is `sure`, no number was given on a later local day than `day`.
    """

    day: str = ""
    last: int = 0
    sure: bool = True

    def after(self, day: str, *, sure: bool = True) -> Series:
        """Give the series with its next number taken, on a day that is certain or only what a clock says."""
        if sure and self.sure and day > self.day:
            return Series(day, 1)
        return Series(max(day, self.day) if sure else self.day, self.last + 1, sure)

    def told(self, other: Series) -> Series:
        """Go on behind the numbers that the controller knows of a day; its answer may be an old one."""
        if self.sure and other.day != self.day:
            return max(self, other, key=lambda series: series.day)
        return Series(max(self.day, other.day), max(self.last, other.last), self.sure)
