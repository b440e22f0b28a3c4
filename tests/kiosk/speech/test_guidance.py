"""What is read aloud of a screen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from deploy.driver.pseudo_language import PSEUDO
from devices.speech.engine import EspeakEngine
from kiosk.speech.guidance import Guide, topic
from tests.gallery.kiosk.every_screen import kiosk_faces
from tests.gallery.kiosk.scene import words

if TYPE_CHECKING:
    from kiosk.views.view_model import ViewModel

VI, EN = Guide(words(), "vi"), Guide(words(), "en")


def the_face(name: str, lang: str = "vi") -> ViewModel:
    return dict(kiosk_faces(lang))[name]


def read(name: str, *targets: tuple[str, ...]) -> list[str]:
    shown = the_face(name)
    return [utterance.text for utterance in VI.sentences(shown, shown, targets)]


def test_the_first_screen_greets_says_the_hours_and_names_each_choice_with_its_key() -> None:
    start = ("Lấy số thứ tự", "Chạm vào đây để bắt đầu")
    find, look_up = (
        ("Tôi đã có phiếu", "Xem lượt chờ, đánh giá, hủy số"),
        ("Tra cứu thủ tục", "Giấy tờ, lệ phí, thời hạn"),
    )
    assert read("welcome", start, find, look_up) == [
        "Kính chào Quý khách",
        "Giờ làm việc hôm nay",
        "bảy giờ đến mười một giờ ba mươi, mười ba giờ ba mươi đến mười bảy giờ",
        "Phím một: Lấy số thứ tự, Chạm vào đây để bắt đầu.",
        "Phím hai: Tôi đã có phiếu, Xem lượt chờ, đánh giá, hủy số.",
        "Phím ba: Tra cứu thủ tục, Giấy tờ, lệ phí, thời hạn.",
    ]


def test_a_number_that_was_given_is_read_letter_by_letter_and_how_long_it_takes_in_words() -> None:
    said = read("ticket-printed", ("Xong",))
    assert said[:2] == ["Số thứ tự của Quý khách", "a không không bảy"]
    assert "hai người" in said
    assert "khoảng mười đến hai mươi phút" in said
    assert "Quầy một, hai, ba" in said
    assert said[-1] == "Phím một: Xong."
    assert not any("giây" in text for text in said)


def test_more_than_nine_choices_are_heard_with_the_arrow_keys() -> None:
    said = read("groups", *((f"Mục {chr(65 + at)}",) for at in range(12)))
    assert said[-2].startswith("Phím chín")
    assert said[-1].startswith("Dùng phím mũi tên")


def test_what_is_chosen_is_said() -> None:
    assert "Đang chọn: Chờ đợi lâu." in read("rate-reason-chosen")


def test_while_it_is_asked_whether_somebody_is_there_only_that_is_read() -> None:
    said = read("still-there", ("Tiếp tục",), ("Về trang đầu",))
    assert said[0] == "Quý khách còn ở đây không?"
    assert said[-2:] == ["Phím một: Tiếp tục.", "Phím hai: Về trang đầu."]
    assert len(said) == 4


def test_a_language_without_a_voice_is_read_in_vietnamese_choices_too() -> None:
    shown, told = the_face("thanks", PSEUDO), the_face("thanks", "vi")
    said = VI.sentences(shown, told, [(shown.access,)])
    assert [utterance.text for utterance in said][-1] == "Phím một: Chữ to, hỗ trợ."
    assert all("[" not in utterance.text for utterance in said)
    assert {utterance.lang for utterance in said} == {"vi"}


def test_english_is_read_with_english_numbers() -> None:
    assert EN.spoken("about 10–20 minutes") == "about ten to twenty minutes"
    assert EN.spoken("Number A007") == "Number eigh zero zero seven"


@pytest.mark.parametrize(
    ("text", "words_read"),
    [
        ("Số Z1-001", "Số dét một, không không một"),
        ("Trung tâm mở cửa lúc 07:00, Thứ Ba", "Trung tâm mở cửa lúc bảy giờ, Thứ Ba"),
        ("13 người đang chờ", "mười ba người đang chờ"),
        ("Nội vụ – Lao động", "Nội vụ, Lao động"),
        ("21 ngày, 105 hồ sơ", "hai mươi mốt ngày, một trăm linh năm hồ sơ"),
    ],
)
def test_vietnamese_texts_are_written_as_they_are_read(text: str, words_read: str) -> None:
    assert VI.spoken(text) == words_read


def test_nothing_that_is_drawn_or_typed_in_secret_is_read() -> None:
    for name, face in kiosk_faces("vi"):
        for utterance in VI.sentences(face, face, ()):
            assert "•" not in utterance.text, name
            assert "http" not in utterance.text, name
            assert not any(character.isdigit() for character in utterance.text), (name, utterance.text)


def test_a_count_that_changes_makes_no_other_screen_but_a_choice_does() -> None:
    assert topic(the_face("ticket-printing")) != topic(the_face("ticket-printed"))
    assert topic(the_face("rate-reasons")) != topic(the_face("rate-reason-chosen"))
    assert topic(the_face("issuing")) == topic(the_face("issuing"))


async def test_a_whole_screen_is_heard_for_as_long_as_somebody_needs_to_say_it() -> None:
    said = read("ticket-printed", ("Xong",))
    for text in said[:3]:
        sound = await EspeakEngine().speak(VI.focused(text))
        loud = math.sqrt(sum(value * value for value in sound.samples) / len(sound.samples)) / 32768
        assert 0.12 * len(text.split()) < sound.seconds < 1.5 + 0.8 * len(text.split())
        assert loud > 0.02
