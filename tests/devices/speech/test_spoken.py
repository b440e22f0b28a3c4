from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.runtime.catalogue import catalogue
from devices.speech.spoken import spoken_label, spoken_number, words_of

WORDS = catalogue("devices.speech")

vi, en = words_of("vi"), words_of("en")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("A001", "a không không một"), ("A007", "a không không bảy"), ("B015", "bê không một năm"),
        ("C104", "xê một không bốn"), ("D021", "dê không hai một"), ("Đ024", "đê không hai bốn"),
        ("G105", "giê một không năm"), ("H999", "hát chín chín chín"), ("K001", "ca không không một"),
        ("T010", "tê không một không"), ("U003", "u không không ba"), ("X200", "ích xì hai không không"),
        ("A1000", "a một không không không"), ("Z1-001", "dét một, không không một"), ("007", "không không bảy"),
    ],
)  # fmt: skip
def test_a_ticket_is_read_letter_by_name_and_digit_by_digit(number: str, words: str) -> None:
    assert spoken_number(number, vi) == words


@pytest.mark.parametrize(("number", "words"), [("A007", "eigh zero zero seven"), ("Z1-001", "zed one, zero zero one")])
def test_a_ticket_is_read_in_english_too(number: str, words: str) -> None:
    assert spoken_number(number, en) == words


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("Quầy 3", "quầy số ba"), ("Quầy 10", "quầy số mười"), ("Quầy 15", "quầy số mười lăm"),
        ("Quầy 21", "quầy số hai mươi mốt"), ("Quầy 24", "quầy số hai mươi tư"), ("Quầy 03", "quầy số ba"),
        ("Quầy số 7", "quầy số bảy"), ("Quầy A3", "quầy a ba"), ("Quầy 12A", "quầy số mười hai a"),
        ("Quầy 3 (tầng 2)", "quầy số ba tầng hai"), ("Bàn hướng dẫn", "bàn hướng dẫn"), ("Phòng VIP", "phòng VIP"),
    ],
)  # fmt: skip
def test_a_counters_label_is_read_with_its_number_as_a_word(label: str, words: str) -> None:
    assert spoken_label({"vi": label}, "vi", vi) == words


def test_a_counters_label_is_read_in_english_too() -> None:
    assert spoken_label({"vi": "Quầy 12", "en": "Counter 12"}, "en", en) == "counter number twelve"


def test_every_letter_of_a_series_has_a_name_in_both_languages() -> None:
    for letter in string.ascii_uppercase:
        assert WORDS.words["vi"][f"letter.{letter}"]
        assert WORDS.words["en"][f"letter.{letter}"]
    assert {vi(f"letter.{letter}") for letter in "ĂÂĐÊÔƠƯ"}.isdisjoint({"", None})


@given(st.text(alphabet=string.ascii_uppercase + "Đ", min_size=1, max_size=2), st.integers(0, 99_999))
def test_every_number_that_a_series_can_give_is_read_symbol_by_symbol(letters: str, number: int) -> None:
    words = spoken_number(f"{letters}{number:03d}", vi)

    assert words.endswith(" ".join(vi(f"digit.{digit}") for digit in f"{number:03d}"))
    assert words.startswith(vi(f"letter.{letters[0]}"))


@given(st.text(max_size=16), st.text(max_size=16))
def test_no_label_or_number_stops_the_voice(label: str, number: str) -> None:
    assert isinstance(spoken_label({"vi": label}, "vi", vi), str)
    assert isinstance(spoken_number(number, vi), str)
