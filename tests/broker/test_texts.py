"""The catalogues of words, and those of the error codes."""

from __future__ import annotations

import string

import pytest

from broker.contract.errors import Code, PrintError
from broker.contract.texts import pick
from broker.texts import Catalogue, catalogue, error_text, parse_po

WORDS = Catalogue({"vi": {"welcome": "Xin chào {name}", "bye": "Tạm biệt"}, "en": {"welcome": "Welcome {name}"}})


def test_a_word_is_said_in_the_language_asked_for_with_its_values() -> None:
    assert WORDS.say("welcome", "en", name="A007") == "Welcome A007"


def test_a_word_or_a_language_that_is_missing_falls_back_to_vietnamese() -> None:
    assert WORDS.say("bye", "en") == "Tạm biệt"
    assert WORDS.say("bye", "fr") == "Tạm biệt"


def test_an_unknown_key_is_a_key_error_in_every_language() -> None:
    with pytest.raises(KeyError):
        WORDS.say("nobody", "en")
    with pytest.raises(KeyError):
        WORDS.text("nobody")


def test_a_text_has_only_the_languages_that_know_the_key() -> None:
    assert WORDS.text("welcome", name="A") == {"vi": "Xin chào A", "en": "Welcome A"}
    assert WORDS.text("bye") == {"vi": "Tạm biệt"}
    assert WORDS.languages == ("vi", "en")


def test_untranslated_and_fuzzy_entries_of_a_file_are_left_out() -> None:
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    entries = ['msgid "a"\nmsgstr "đ"\n', 'msgid "b"\nmsgstr ""\n', '#, fuzzy\nmsgid "c"\nmsgstr "x"\n']
    assert parse_po("\n".join([head, *entries]).encode()) == {"a": "đ"}


def test_a_reader_picks_its_language_then_vietnamese_then_anything() -> None:
    assert pick({"vi": "một", "en": "one"}, "en") == "one"
    assert pick({"vi": "một", "en": "one"}, "fr") == "một"
    assert pick({"de": "eins"}, "fr") == "eins"
    assert pick({}, "vi") == ""


@pytest.mark.parametrize("code", [*Code, *PrintError], ids=lambda code: f"{type(code).__name__}.{code.value}")
def test_every_error_code_has_words_in_vietnamese_and_english(code: Code | PrintError) -> None:
    assert set(error_text(code)) >= {"vi", "en"}


def test_the_places_for_values_are_the_same_in_every_language() -> None:
    words = catalogue("broker").words
    for lang in words:
        for key, word in words[lang].items():
            places = {name for _, name, _, _ in string.Formatter().parse(word) if name}
            assert places == {name for _, name, _, _ in string.Formatter().parse(words["vi"][key]) if name}
