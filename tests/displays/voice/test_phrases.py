from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.texts import catalogue
from displays.voice.phrases import Address, Utterance, Wording, spoken_label, spoken_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.payloads import Call

WORDS = catalogue("displays.voice")


def vi(key: str) -> str:
    return WORDS.say(key, "vi")


def en(key: str) -> str:
    return WORDS.say(key, "en")


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


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (Address.CITIZEN, "Mời công dân có số"),
        (Address.GUEST, "Mời quý khách có số"),
        (Address.ELDER, "Mời ông, bà có số"),
    ],
)
def test_how_people_are_addressed_is_a_setting(make_call: Callable[..., Call], address: Address, words: str) -> None:
    sentence = Wording(WORDS, address).sentence(make_call("A007", "c3"), "vi")

    assert sentence == f"{words} a không không bảy, đến quầy số ba."


def test_a_vietnamese_ticket_is_called_twice_in_vietnamese(make_call: Callable[..., Call]) -> None:
    said = Wording(WORDS).script(make_call("A007", "c3"))

    assert said == (Utterance("vi", "Mời công dân có số a không không bảy, đến quầy số ba."),) * 2


def test_an_english_ticket_is_called_in_vietnamese_first_and_in_english_too(make_call: Callable[..., Call]) -> None:
    said = Wording(WORDS).script(make_call("A007", "c3", lang="en"))

    assert [utterance.lang for utterance in said] == ["vi", "en", "vi", "en"]
    assert said[1].text == "Ticket number eigh zero zero seven, please go to counter number three."


@pytest.mark.parametrize("lang", ["hre", "xx", ""])
def test_a_language_without_a_voice_or_words_is_called_in_vietnamese(make_call: Callable[..., Call], lang: str) -> None:
    said = Wording(WORDS, languages=("vi", "en", "hre")).script(make_call(lang=lang))

    assert {utterance.lang for utterance in said} == {"vi"}


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


@settings(max_examples=50)
@given(st.text(max_size=16), st.text(max_size=16))
def test_no_label_or_number_stops_the_voice(label: str, number: str) -> None:
    assert isinstance(spoken_label({"vi": label}, "vi", vi), str)
    assert isinstance(spoken_number(number, vi), str)
