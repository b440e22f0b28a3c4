"""The language that nobody speaks."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from broker.runtime.catalogue import catalogue
from deploy.driver.pseudo_language import LONGER, PSEUDO, bare, lengthened, with_pseudo, with_pseudo_texts


def test_a_text_is_bracketed_marked_and_longer() -> None:
    assert lengthened("Xong") == "[Xóñğ Xóñğ]"
    assert lengthened("{count} người đang chờ").startswith("[{count} ñğườí đáñğ çhờ ")
    assert lengthened("") == ""


@given(st.text(alphabet=string.ascii_letters + " ", min_size=1).filter(str.strip))
def test_it_is_always_longer_by_as_much_as_another_language_would_be(text: str) -> None:
    assert len(lengthened(text)) >= (1 + LONGER) * len(text)
    assert bare(lengthened(text)) == ""


def test_every_word_can_be_said_with_its_values_and_patterns_of_dates_stay() -> None:
    words = with_pseudo(catalogue("kiosk"))
    assert words.say("tile.waiting.many", PSEUDO, count=3).startswith("[3 ")
    assert words.say("date", PSEUDO) == words.say("date", "vi")


def test_what_stands_outside_all_brackets_is_bare() -> None:
    assert bare("[a [b] c] d, [e] f") == " d,  f"


def test_a_configuration_gets_the_language_beside_vietnamese() -> None:
    made = with_pseudo_texts({"name": {"vi": "Quầy", "en": "Counter"}, "list": [{"vi": "Xong"}], "n": 3})
    assert made == {
        "name": {"vi": "Quầy", "en": "Counter", PSEUDO: "[Qúầý Qúầý]"},
        "list": [{"vi": "Xong", PSEUDO: "[Xóñğ Xóñğ]"}],
        "n": 3,
    }
