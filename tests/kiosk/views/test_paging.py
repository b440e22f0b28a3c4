"""A screen that is too long is cut into pages, never through a text or a target."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kiosk.views.paging import Span, aired, bands, pages

SPANS = st.lists(st.tuples(st.integers(0, 900), st.integers(1, 120)).map(lambda s: (float(s[0]), float(s[0] + s[1]))))


def test_what_stands_side_by_side_is_not_parted() -> None:
    assert bands([(0, 10), (5, 20), (20, 30), (2, 4)]) == [(0, 20), (20, 30)]


def test_a_page_takes_as_much_as_fits() -> None:
    assert pages([(0, 40), (50, 90), (100, 140)], 100) == ((0, 90), (100, 140))


def test_what_is_higher_than_a_page_has_one_to_itself() -> None:
    assert pages([(0, 10), (20, 200), (210, 220)], 100) == ((0, 10), (20, 200), (210, 220))


def test_a_page_keeps_air_over_its_first_row_as_far_as_it_has_room() -> None:
    assert aired([(20, 90), (110, 180), (200, 300)], 100) == ((0, 90), (90, 180), (200, 300))


@given(SPANS, st.integers(120, 500))
def test_everything_is_whole_on_exactly_one_page(spans: list[Span], room: int) -> None:
    cut = pages(spans, room)
    for start, end in spans:
        assert sum(first <= start and end <= last for first, last in cut) == 1
    for (_, end), (start, _) in pairwise(cut):
        assert end <= start


@given(SPANS)
def test_only_what_stands_together_is_higher_than_its_page(spans: list[Span]) -> None:
    for start, end in pages(spans, 300):
        assert end - start <= 300 or (start, end) in bands(spans)
