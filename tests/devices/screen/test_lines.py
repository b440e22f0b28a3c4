"""How a text of few lines is balanced."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from devices.screen.lines import MOST_LINES, balanced, cut, pairs

WIDTHS = st.lists(st.integers(5, 80), min_size=1, max_size=20)


def room_for(text: str, room: float, together: str = "") -> float:
    words = text.split()
    return balanced(words, [10.0 * len(word) for word in words], 10.0, room, pairs(together))


def lines(text: str, room: float) -> list[str]:
    words = text.split()
    starts = [0, *cut([10.0 * len(word) for word in words], 10.0, room), len(words)]
    return [" ".join(words[a:b]) for a, b in pairwise(starts)]


def test_a_single_word_is_not_left_over_on_the_last_line() -> None:
    text = "Quý khách thuộc diện ưu tiên nào?"
    assert lines(text, 300)[-1] == "nào?"
    assert lines(text, room_for(text, 300)) == ["Quý khách thuộc", "diện ưu tiên nào?"]


def test_no_line_begins_with_a_dash_where_it_need_not() -> None:
    text = "Công Thương – Khoa học – Văn hóa – Giáo dục"
    assert [line[0] for line in lines(text, room_for(text, 240))] == ["C", "V"]


def test_lines_end_at_a_pause_where_they_can() -> None:
    assert lines("Tư pháp – Hộ tịch – Quốc tịch", room_for("Tư pháp – Hộ tịch – Quốc tịch", 220)) == [
        "Tư pháp – Hộ tịch –",
        "Quốc tịch",
    ]
    assert lines("Quầy 1, Quầy 2, Quầy 3", room_for("Quầy 1, Quầy 2, Quầy 3", 170)) == ["Quầy 1, Quầy 2,", "Quầy 3"]


def test_one_line_and_a_paragraph_keep_their_room() -> None:
    assert room_for("Xong", 300) == 300
    assert room_for("một hai ba bốn năm sáu bảy tám chín mười", 60) == 60


def test_words_that_belong_together_are_not_parted() -> None:
    text = "Quý khách đến làm thủ tục thuộc lĩnh vực nào?"
    assert lines(text, room_for(text, 300)) == ["Quý khách đến làm thủ", "tục thuộc lĩnh vực nào?"]
    assert lines(text, room_for(text, 300, "quý khách|thủ tục|lĩnh vực")) == [
        "Quý khách đến làm thủ tục",
        "thuộc lĩnh vực nào?",
    ]


def test_what_stands_around_a_pair_does_not_hide_it_but_a_mark_within_parts_it() -> None:
    hidden, parted = "Xem “màn hình”, rồi gọi số sau", "Xem màn, hình rồi gọi số sau"

    assert "“màn hình”," in " ".join(lines(hidden, room_for(hidden, 170, "màn hình"))[0:1])
    assert lines(parted, room_for(parted, 170, "màn hình")) == lines(parted, room_for(parted, 170))


def test_a_pair_is_parted_rather_than_another_line_begun() -> None:
    text = "một hai ba bốn"
    assert len(lines(text, room_for(text, 90, "hai ba|một hai|ba bốn"))) == 2


def test_what_is_no_pair_is_left_out() -> None:
    assert pairs("Màn hình|một|ba từ đây||QR code") == {("màn", "hình"), ("qr", "code")}


@given(WIDTHS, st.integers(80, 400))
def test_it_never_takes_more_lines_nor_more_room_and_every_word_fits(widths: list[int], room: int) -> None:
    found = balanced(["x"] * len(widths), widths, 6, room)
    assert max(widths) <= found <= room
    assert len(cut(widths, 6, found)) == len(cut(widths, 6, room))
    if not 0 < len(cut(widths, 6, room)) < MOST_LINES:
        assert found == room
