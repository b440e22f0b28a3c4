from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from broker.runtime.catalogue import catalogue
from devices.speech.spoken import Utterance
from displays.board.voice.phrases import Address, Wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.payloads import Call

WORDS = catalogue("displays.board.voice")


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
