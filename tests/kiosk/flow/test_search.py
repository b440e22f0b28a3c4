"""Finding a service by what somebody types."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow.diacritics import bare
from kiosk.flow.search import Entry, search, words_of
from kiosk.flow.telex import compose

JUSTICE = {"vi": "Tư pháp – Hộ tịch", "en": "Justice and civil status"}
LAND = {"vi": "Đất đai – Đo đạc", "en": "Land and surveying"}
ENTRIES = (
    Entry("birth", {"vi": "Đăng ký khai sinh", "en": "Register a birth"}, JUSTICE),
    Entry("status", {"vi": "Trích lục hộ tịch", "en": "Extract of civil status"}, JUSTICE),
    Entry("land", {"vi": "Nộp hồ sơ đất đai", "en": "Submit a land file"}, LAND),
    Entry("land-book", {"vi": "Đất đai: cấp giấy chứng nhận", "en": "Land: certificate"}, LAND),
    Entry("change", {"vi": "Đăng ký biến động đất đai", "en": "Register a change of land rights"}, LAND),
    Entry("draw", {"vi": "Dạt vào", "en": "Drawing"}),
    Entry("peace", {"vi": "Hòa giải ở cơ sở", "en": "Conciliation"}),
)


def found(typed: str, lang: str = "vi") -> tuple[str, ...]:
    return search(ENTRIES, typed, lang)


def test_words_without_marks_find_the_name_with_its_marks() -> None:
    assert found("dat dai") == ("land-book", "land", "change")
    assert found("ho tich")[0] == "status"
    assert found("DAT  DAI!") == found("dat dai")


def test_a_name_that_begins_so_comes_first_then_one_that_holds_the_words_then_the_group() -> None:
    assert found("dang ky") == ("birth", "change")
    assert found("ho tich") == ("status", "birth")


def test_words_may_stand_in_any_order_and_be_begun_only() -> None:
    assert found("dai dat")[:3] == ("land", "land-book", "change")
    assert found("gi ch nh") == ("land-book",)


def test_words_are_found_from_their_beginning_only() -> None:
    assert "birth" not in found("inh")
    assert found("at dai") == ()


def test_a_letter_with_a_mark_matches_only_that_letter_and_a_bare_one_matches_all() -> None:
    assert "draw" in found("dat")
    assert "draw" not in found("đat")
    assert "draw" not in found("dât")
    assert set(found("dat")) >= set(found("đât")) == set(found("đất")) == {"land", "land-book", "change"}


def test_a_tone_matches_only_its_own_and_wherever_it_was_put() -> None:
    assert found("đật") == ()
    assert found("hòa") == found("hoà") == found("hoa") == ("peace",)


@pytest.mark.parametrize("name", [entry.name["vi"] for entry in ENTRIES])
def test_nothing_disappears_while_a_name_is_being_typed_in_telex(name: str) -> None:
    keys = "".join(
        unicodedata.normalize("NFD", letter).translate(KEYS) if letter not in "đĐ" else "dd" for letter in name
    )
    entry = next(entry for entry in ENTRIES if entry.name["vi"] == name)

    for length in range(1, len(keys) + 1):
        # One d is not yet đ, and one vowel not yet its marked one: bare letters match all.
        assert entry.id in found(compose(keys[:length])), keys[:length]


KEYS = {
    0x0300: "f", 0x0301: "s", 0x0303: "x", 0x0309: "r", 0x0323: "j", 0x0306: "w", 0x031B: "w",
    ord("â"): "aa",
}  # fmt: skip


def test_another_language_finds_as_well_but_after_the_readers_own() -> None:
    assert found("land", "vi") == ("land-book", "land", "change")
    assert found("register", "vi") == ("birth", "change")
    assert found("đất", "en") == ("land-book", "land", "change")


def test_nothing_typed_and_nothing_known_find_nothing() -> None:
    assert found("") == found(" -– ") == found("xyzzy") == ()


def test_codes_are_found_piece_by_piece() -> None:
    coded = (Entry("p", {"vi": "Khai sinh"}, {"": "1.001612.000.00.00.H48"}),)

    assert search(coded, "1.001612", "vi") == ("p",)


@given(st.sampled_from(ENTRIES), st.data())
def test_the_name_of_an_entry_finds_it_with_marks_without_and_cut_anywhere(entry: Entry, data: st.DataObject) -> None:
    name = entry.name["vi"]
    cut = data.draw(st.integers(1, len(name)))
    typed = data.draw(st.sampled_from([name, bare(name), unicodedata.normalize("NFD", name)]))[:cut]

    assert entry.id in found(typed) or not words_of(typed)


@given(st.text(max_size=30), st.sampled_from(["vi", "en", "xx"]))
def test_whatever_is_typed_gives_entries_once_each(typed: str, lang: str) -> None:
    ids = found(typed, lang)

    assert len(ids) == len(set(ids))
    assert set(ids) <= {entry.id for entry in ENTRIES}
