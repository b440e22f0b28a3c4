"""Typing Vietnamese with Telex."""

from __future__ import annotations

import unicodedata
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow.diacritics import ACUTE, DOT, GRAVE, HOOK, TILDE, bare
from kiosk.flow.telex import compose, erase, type_key
from tests.support.examples import examples

ONSET_TABLE = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
# Each rime with an acute where its tone belongs, in the style of "hóa".
RIME_TABLE = """
    á ác ách ái ám án áng ánh áo áp át áu áy ắc ắm ắn ắng ắp ắt ấc ấm ấn ấng ấp ất ấu ấy
    é éc ém én éng éo ép ét ế ếch ếm ến ếnh ếp ết ếu
    í ía ích ím ín ính íp ít íu iếc iếm iến iếng iếp iết iếu
    ó óa oác oách oái oám oán oáng oánh oáo oáp oát oáy oắc oắm oắn oắng oắt óc óe oén oéo oét ói óm ón óng óp ót
    ố ốc ối ốm ốn ống ốp ốt ớ ới ớm ớn ớp ớt
    ú úa uấn uấng uất uấy úc uế uếch uếnh úi úm ún úng uốc uối uốm uốn uống uốt uớ úp út
    úy uých uyến uyết uýt uýnh uýp uýu ứ ứa ức ứi ứng ước ưới ướm ướn ướng ướp ướt ướu ứt ứu
"""
Y_TABLE = "ý ých yến yết ýnh ýt"
ONSETS, RIMES, RIMES_OF_Y = ONSET_TABLE.split(), RIME_TABLE.split(), Y_TABLE.split()
TONES = {"": "", GRAVE: "f", ACUTE: "s", TILDE: "x", HOOK: "r", DOT: "j"}
LETTERS = {"ă": "aw", "â": "aa", "đ": "dd", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw"}


def whole(letters: str) -> str:
    return unicodedata.normalize("NFC", letters)


def syllables() -> list[tuple[str, str]]:
    """Every syllable without its tone's key being known, and that tone."""
    made = []
    for onset in ("", *ONSETS):
        rimes = [*RIMES, *RIMES_OF_Y] if onset == "qu" else RIMES
        for rime in rimes:
            apart = unicodedata.normalize("NFD", rime)
            stopped = bare(rime).endswith(("c", "ch", "p", "t"))
            # "gi" before i is written g, and "qu" has its u already.
            if (onset == "gi" and apart[0] == "i") or (onset == "g" and bare(rime).startswith(("ia", "ie", "iu"))):
                continue
            if onset == "qu" and rime[0] in "uúưứoó":
                continue
            tones = [ACUTE, DOT] if stopped else list(TONES)
            made += [(whole(onset + apart.replace(ACUTE, tone)), tone) for tone in tones]
    return made


SYLLABLES = syllables()


def keys_of(syllable: str, tone: str, *, late: bool = False) -> str:
    """Give the keys of a syllable: marks behind their letters, or (late) all of them at its end."""
    letters = whole(unicodedata.normalize("NFD", syllable).replace(tone, "") if tone else syllable)
    if not late:
        return "".join(LETTERS.get(letter, letter) for letter in letters) + TONES[tone]
    marks = [LETTERS[letter][1] for letter in letters if letter in LETTERS]
    # One w is enough for both letters of ươ.
    marks = [mark for at, mark in enumerate(marks) if mark != "w" or "w" not in marks[:at]]
    return bare(letters) + "".join(marks) + TONES[tone]


@cache
def typed(keys: str) -> str:
    """Give what `compose` gives; beginnings that syllables share are typed once."""
    return type_key(typed(keys[:-1]), keys[-1]) if keys else ""


def test_there_are_thousands_of_syllables_to_be_typed() -> None:
    assert len(SYLLABLES) > 10_000
    assert {"đường", "nguyễn", "quốc", "giấy", "thủy", "khuỷu", "thuở", "hòa", "ngoài"} <= {
        text for text, _ in SYLLABLES
    }


def test_every_syllable_typed_letter_by_letter_gives_itself() -> None:
    made = [(text, typed(keys_of(text, tone))) for text, tone in SYLLABLES]

    assert [(text, found) for text, found in made if found != text] == []


def test_every_syllable_typed_with_its_marks_at_the_end_gives_itself() -> None:
    made = [(text, typed(keys_of(text, tone, late=True))) for text, tone in SYLLABLES]

    assert [(text, found) for text, found in made if found != text] == []


def test_every_syllable_typed_without_marks_stays_without() -> None:
    assert [text for text, _ in SYLLABLES if typed(bare(text)) != bare(text)] == []


def test_every_syllable_in_capitals_gives_its_capitals() -> None:
    assert [text for text, tone in SYLLABLES if typed(keys_of(text, tone).upper()) != text.upper()] == []


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("dduwowngf", "đường"), ("duongwfd", "đường"), ("nguyeenx", "nguyễn"), ("nguyenex", "nguyễn"),
        ("quoocs", "quốc"), ("giaays", "giấy"), ("giays", "giáy"), ("thuyr", "thủy"), ("khuyur", "khuỷu"),
        ("hoaf", "hòa"), ("hoafn", "hoàn"), ("thuysee", "thuyế"), ("gif", "gì"), ("giof", "giò"),
        ("giengse", "giếng"), ("quys", "quý"), ("cuar", "của"), ("muaf", "mùa"), ("tw", "tư"), ("w", "ư"),
        ("Ddaats ddai", "Đất đai"), ("THUYEESN", "THUYẾN"), ("hoof sow ddaats ddai", "hồ sơ đất đai"),
        ("huwowu", "hươu"), ("ruouwju", "rượuu"),
    ],
)  # fmt: skip
def test_telex_as_people_type_it(keys: str, text: str) -> None:
    assert compose(keys) == text
    assert typed(keys) == text


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("aaa", "aa"), ("eee", "ee"), ("ooo", "oo"), ("ddd", "dd"), ("aww", "aw"), ("oww", "ow"), ("ww", "w"),
        ("ass", "as"), ("tieengss", "tiêngs"), ("hoaff", "hoaf"), ("xooong", "xoong"), ("ww.", "w."), ("wwe", "we"),
        ("dduowngff", "đươngf"), ("duwoww", "duow"),
    ],
)  # fmt: skip
def test_the_same_key_again_takes_the_mark_back_and_stands_for_itself(keys: str, text: str) -> None:
    assert compose(keys) == text


@pytest.mark.parametrize(("keys", "text"), [("asf", "à"), ("toanjz", "toan"), ("az", "az"), ("aaw", "ă"), ("oow", "ơ")])
def test_another_key_changes_the_mark_and_z_takes_the_tone(keys: str, text: str) -> None:
    assert compose(keys) == text


@pytest.mark.parametrize("word", ["CCCD", "A007", "fax", "project", "zalo", "1.001612", "H48", "sms", "x", "hoc-ba"])
def test_what_is_no_syllable_stays_as_it_is_typed(word: str) -> None:
    assert compose(word) == word


def test_a_tone_that_a_stop_cannot_bear_is_a_letter() -> None:
    assert compose("catf") == "catf"
    assert compose("cats") == "cát"


@pytest.mark.parametrize(
    ("text", "left"), [("đường", "đườn"), ("hoàn", "hòa"), ("hòa", "hò"), ("A007", "A00"), ("a ", "a"), ("", "")]
)
def test_erasing_takes_a_letter_and_leaves_the_tone_in_its_place(text: str, left: str) -> None:
    assert erase(text) == left


@examples(100)
@given(st.text(max_size=12), st.text(max_size=6))
def test_anything_can_be_typed_and_erased(text: str, keys: str) -> None:
    for key in keys:
        text = type_key(text, key)
    while text:
        shorter = erase(text)
        assert len(shorter) < len(text)
        text = shorter


@examples(100)
@given(st.text("abcdefghijklmnopqrstuvwxyzDAEOW -1", max_size=12))
def test_no_key_is_lost_but_those_that_make_a_mark(keys: str) -> None:
    text = compose(keys)

    assert text == whole(text)
    assert len(text) <= len(keys)
    assert len(text) >= len(keys) - sum(key in "aeodwsfrxjz" for key in keys.lower())
