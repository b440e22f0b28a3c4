"""The kiosk's own numbers: none twice on one day, whatever its clock shows and whenever it is started."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow.series import Series
from tests.support.examples import examples

FIRST = date(2026, 11, 23)


@dataclass
class Life:
    """A kiosk, the real day, by how many days its own clock is wrong, and what was given on which real day."""

    series: Series = field(default_factory=Series)
    day: int = 0
    wrong: int = 0
    heard: bool = False
    given: list[tuple[int, int]] = field(default_factory=list)
    answers: list[Series] = field(default_factory=list)

    def do(self, what: str, by: int) -> None:
        match what:
            case "give":
                self.series = self.series.after(text(self.day + (0 if self.heard else self.wrong)), sure=self.heard)
                self.given.append((self.day, self.series.last))
            case "night":
                self.day += 1
            case "set":
                self.wrong = by
            case "start":
                self.heard = False
            case "hear":
                self.heard = True
            case "answer":
                self.heard = True
                last = max((number for day, number in self.given if day == self.day), default=0)
                self.answers += [Series(text(self.day), last)] if last else []
                self.series = self.series.told(self.answers[by % len(self.answers)]) if self.answers else self.series


def text(day: int) -> str:
    return (FIRST + timedelta(days=day)).isoformat()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["give", "give", "give", "night", "set", "start", "hear", "answer"]), st.integers(-400, 400)
    ),
    max_size=60,
)


@given(STEPS)
@examples(300)
def test_no_number_is_given_twice_on_a_day_whatever_clocks_show(steps: list[tuple[str, int]]) -> None:
    life = Life()
    for what, by in steps:
        life.do(what, by)
    assert len(set(life.given)) == len(life.given)


def test_a_clock_a_day_ahead_that_is_put_right_gives_no_number_again() -> None:
    life = Life(heard=True)
    for what, by in [("give", 0)] * 3 + [("start", 0), ("set", 1)] + [("give", 0)] * 2 + [("set", 0), ("give", 0)]:
        life.do(what, by)
    assert [number for _, number in life.given] == [1, 2, 3, 4, 5, 6]
    for what in ("hear", "give", "night", "give"):
        life.do(what, 0)
    assert life.given[-2:] == [(0, 7), (1, 1)]


def test_a_kiosk_that_hears_the_controller_begins_again_each_day() -> None:
    life = Life(heard=True)
    for what in ("give", "give", "night", "give", "night", "night", "give"):
        life.do(what, 0)
    assert life.given == [(0, 1), (0, 2), (1, 1), (3, 1)]


@pytest.mark.parametrize(
    ("known", "told", "after"),
    [
        (Series("2026-11-23", 4), Series("2026-11-23", 7), Series("2026-11-23", 7)),
        (Series("2026-11-23", 4), Series("2026-11-23", 2), Series("2026-11-23", 4)),
        (Series("2026-11-23", 4), Series("2026-11-22", 9), Series("2026-11-23", 4)),
        (Series("2026-11-23", 4), Series("2026-11-24", 1), Series("2026-11-24", 1)),
        (Series("2026-11-23", 4, sure=False), Series("2026-11-24", 1), Series("2026-11-24", 4, sure=False)),
    ],
)
def test_a_series_goes_on_behind_what_is_known_of_it_and_never_back(known: Series, told: Series, after: Series) -> None:
    assert known.told(told) == after
