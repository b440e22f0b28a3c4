"""How far numbers may have been given, and where each series continues after a restore."""

from __future__ import annotations

import pytest

from controller.domain.centre.model import NumberRange
from controller.domain.numbers.high_water import HighWater, Restored, block_end, continue_above, repeating

FIRST, NEXT, THIRD, FOURTH = "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"


@pytest.mark.parametrize(("number", "end"), [(0, 99), (1, 99), (99, 99), (100, 199), (354, 399)])
def test_a_block_ends_before_the_next_hundred(number: int, end: int) -> None:
    assert block_end(number) == end


def test_a_number_is_covered_once_its_block_is_reserved() -> None:
    mark = HighWater().reserve(1, FIRST, "A", 7)

    assert mark.covers(1, FIRST, "A", 99)
    assert not mark.covers(1, FIRST, "A", 100)
    assert not mark.covers(1, FIRST, "T", 1)
    assert not mark.covers(1, NEXT, "A", 1)


def test_a_later_epoch_keeps_what_was_reserved_and_has_reserved_nothing_itself() -> None:
    mark = HighWater().reserve(1, FIRST, "A", 354).reserve(2, FIRST, "T", 1)

    assert mark == HighWater(2, FIRST, {FIRST: {"A": 399, "T": 99}})
    assert not HighWater().reserve(1, FIRST, "A", 354).begin(2).covers(2, FIRST, "A", 1)


def test_an_older_epoch_lowers_nothing() -> None:
    mark = HighWater().reserve(3, NEXT, "A", 250)

    older = mark.reserve(2, FIRST, "A", 5)

    assert mark.begin(2) == mark
    assert (older.epoch, older.since) == (3, NEXT)
    assert older.covers(2, FIRST, "A", 6)


def test_a_store_that_lies_more_than_a_block_behind_its_mark_is_another_one() -> None:
    mark = HighWater().reserve(1, FIRST, "A", 354).reserve(1, FIRST, "T", 100)

    assert mark.beyond(FIRST, {"A": 299, "T": 99}) == {}
    assert mark.beyond(FIRST, {"A": 6, "T": 100}) == {"A": 399}
    assert mark.beyond(NEXT, {}) == {}


def test_days_long_past_are_forgotten() -> None:
    mark = HighWater().reserve(1, "2026-09-01", "A", 1).reserve(1, FIRST, "A", 1)

    assert list(mark.days) == [FIRST]


def test_what_was_reserved_since_a_day_is_the_highest_of_its_days() -> None:
    mark = HighWater().reserve(1, FIRST, "A", 354).reserve(1, NEXT, "A", 7).reserve(1, NEXT, "T", 120)

    assert mark.highest(NEXT) == {"A": 99, "T": 199}
    assert mark.highest(FIRST) == {"A": 399, "T": 199}


def test_floors_hold_up_to_the_last_day_known_and_each_day_goes_on_above_the_one_before() -> None:
    restored = Restored(2, FIRST, THIRD, {"A": 399, "T": 99})
    mark = HighWater(days={FIRST: {"A": 399}}).begin(2)
    given = mark.reserve(2, FIRST, "A", 400)

    assert restored.on(FIRST, mark) == {"A": 399, "T": 99}
    assert restored.on(THIRD, given) == {"A": 499, "T": 99}
    assert restored.on(FOURTH, given) == {}


def test_a_later_day_has_floors_until_a_number_was_given_on_a_day_before() -> None:
    restored = Restored(2, FIRST, FIRST, {"A": 399})

    assert restored.on(NEXT, HighWater(1, FIRST, {FIRST: {"A": 399}})) == {"A": 399}
    assert restored.on(NEXT, HighWater().reserve(2, NEXT, "A", 400)) == {"A": 399}
    assert restored.on(THIRD, HighWater().reserve(2, NEXT, "A", 400)) == {}


def test_every_series_of_the_centre_continues_above_what_is_known() -> None:
    ranges = {"A": NumberRange(id="A"), "T": NumberRange(id="T")}

    assert continue_above({"A": 354, "B": 12}, ranges, {}) == {"A": 399, "T": 99, "B": 99}


@pytest.mark.parametrize(("last", "continues"), [({}, 50), ({"A": 23}, 23), ({"A": 80}, 50)])
def test_a_series_with_a_last_number_goes_on_within_its_range(last: dict[str, int], continues: int) -> None:
    ranges = {"A": NumberRange(id="A", first=1, last=50)}

    assert continue_above({"A": 23}, ranges, last) == {"A": continues}
    assert repeating(ranges) == ("A",)


def test_a_long_range_has_a_further_block() -> None:
    ranges = {"A": NumberRange(id="A", first=1, last=500)}

    assert continue_above({"A": 23}, ranges, {"A": 23}) == {"A": 99}
    assert repeating({"A": NumberRange(id="A")}) == ()
