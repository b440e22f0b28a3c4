"""Vietnamese letters taken apart."""

from __future__ import annotations

import unicodedata

from kiosk.flow.diacritics import ACUTE, DOT, bare, untoned


def test_a_tone_comes_off_and_the_letter_keeps_its_own_mark() -> None:
    assert untoned("đất") == ("đât", ACUTE)
    assert untoned("Hộ") == ("Hô", DOT)
    assert untoned("ươ") == ("ươ", "")


def test_a_bare_text_has_no_marks_and_no_capitals() -> None:
    assert bare("Đăng ký BIẾN ĐỘNG đất đai") == "dang ky bien dong dat dai"


def test_marks_that_stand_apart_are_read_as_well() -> None:
    apart = unicodedata.normalize("NFD", "Được")

    assert bare(apart) == "duoc"
    assert untoned(apart) == ("Đươc", DOT)
