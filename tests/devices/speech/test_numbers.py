from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.runtime.catalogue import catalogue
from devices.speech.numbers import number_words

WORDS = catalogue("devices.speech")

VIETNAMESE_DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
SOUNDS = {**{word: value for value, word in enumerate(VIETNAMESE_DIGITS)}, "mốt": 1, "tư": 4, "lăm": 5}


def vietnamese(number: int) -> str:
    return number_words(number, "vi", lambda key: WORDS.say(key, "vi"))


def english(number: int) -> str:
    return number_words(number, "en", lambda key: WORDS.say(key, "en"))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"), (4, "bốn"), (5, "năm"), (10, "mười"), (11, "mười một"), (14, "mười bốn"), (15, "mười lăm"),
        (20, "hai mươi"), (21, "hai mươi mốt"), (24, "hai mươi tư"), (25, "hai mươi lăm"), (31, "ba mươi mốt"),
        (44, "bốn mươi tư"), (50, "năm mươi"), (55, "năm mươi lăm"), (99, "chín mươi chín"), (100, "một trăm"),
        (101, "một trăm linh một"), (104, "một trăm linh bốn"), (105, "một trăm linh năm"), (110, "một trăm mười"),
        (115, "một trăm mười lăm"), (121, "một trăm hai mươi mốt"), (1000, "một nghìn"),
        (1005, "một nghìn không trăm linh năm"), (1024, "một nghìn không trăm hai mươi tư"),
        (10000, "một không không không không"),
    ],
)  # fmt: skip
def test_vietnamese_numbers_are_read_as_people_do(number: int, words: str) -> None:
    assert vietnamese(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"), (7, "seven"), (10, "ten"), (15, "fifteen"), (20, "twenty"), (21, "twenty one"), (40, "forty"),
        (100, "one hundred"), (105, "one hundred and five"), (342, "three hundred and forty two"),
        (1000, "one thousand"), (1005, "one thousand and five"), (1200, "one thousand two hundred"),
    ],
)  # fmt: skip
def test_english_numbers_are_read_as_people_do(number: int, words: str) -> None:
    assert english(number) == words


def value_of(words: str) -> int:
    """Read Vietnamese number words back, by the rules of the language and not of the program."""
    total = pending = 0
    for word in words.split():
        if word == "nghìn":
            total, pending = total + pending * 1000, 0
        elif word == "trăm":
            total, pending = total + pending * 100, 0
        elif word == "mươi":
            total, pending = total + pending * 10, 0
        elif word == "mười":
            total += 10
        elif word != "linh":
            pending = SOUNDS[word]
    return total + pending


@given(st.integers(0, 9999))
def test_vietnamese_words_can_be_read_back(number: int) -> None:
    assert value_of(vietnamese(number)) == number


@given(st.integers(0, 9999))
def test_one_four_and_five_change_their_sound_only_after_tens(number: int) -> None:
    words = vietnamese(number).split()
    for before, word in zip(["", *words], words, strict=False):
        assert word not in {"mốt", "tư"} or before == "mươi"
        assert word != "lăm" or before in {"mười", "mươi"}
        assert not (word in {"một", "bốn", "năm"} and before == "mươi")


@given(st.integers(0, 9999), st.integers(0, 9999))
def test_no_two_numbers_sound_the_same(first: int, second: int) -> None:
    if first != second:
        assert vietnamese(first) != vietnamese(second)
        assert english(first) != english(second)
