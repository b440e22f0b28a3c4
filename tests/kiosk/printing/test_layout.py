"""What stands on a slip."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from broker.contract.payloads import Slip, Ticket, Wait
from kiosk.printing.layout import (
    Badge,
    Block,
    Code,
    Details,
    Number,
    Occasion,
    Words,
    ahead,
    compose,
    issued,
    layout_for,
)
from kiosk.views.wait_words import wait_range
from tests.gallery.kiosk.slip_specimens import specimen_slip, specimen_ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.runtime.catalogue import Catalogue

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def blocks_of(words: Catalogue, ticket: Ticket, slip: Slip) -> tuple[Block, ...]:
    return compose(layout_for(80), Occasion(ticket, slip, ticket.lang, HERE, words, slip.qr))


def speaker(words: Catalogue, lang: str) -> Callable[..., str]:
    return lambda key, **values: words.say(f"slip.{key}", lang, **values)


def texts(blocks: tuple[Block, ...]) -> list[str]:
    """Give everything that can be read on a slip, in order."""
    found: list[str] = []
    for block in blocks:
        match block:
            case Words() | Number():
                found.append(block.text)
            case Badge():
                found += [block.text, block.note]
            case Details():
                found += [part for item in block.items for part in item]
            case Code():
                found.append(block.caption)
    return [text for text in found if text]


def test_a_slip_says_in_vietnamese_what_its_holder_needs(words: Catalogue) -> None:
    assert texts(blocks_of(words, specimen_ticket(), specimen_slip())) == [
        "Trung tâm Phục vụ hành chính công tỉnh Quảng Ngãi",
        "Nộp hồ sơ đất đai, đo đạc, môi trường",
        "Số thứ tự của Quý khách",
        "A007",
        "Phía trước",
        "5 người",
        "Dự kiến chờ",
        "khoảng 10–20 phút",
        "Quầy phục vụ: 1, 2, 3",
        "Quét mã để theo dõi lượt của mình và đánh giá phục vụ",
        "Nếu lỡ lượt gọi, xin báo quầy hướng dẫn để được gọi lại. Phiếu có giá trị trong ngày.",
        "07:32 · Thứ Hai, 23/11/2026",
    ]


def test_a_slip_speaks_the_tickets_language(words: Catalogue) -> None:
    said = texts(blocks_of(words, specimen_ticket(lang="en"), specimen_slip()))
    assert said[:4] == ["Quảng Ngãi Public Administrative Service Centre", "Submit a land file", "Your number", "A007"]
    assert "about 10–20 min" in said
    assert said[-1] == "07:32 · Mon, 23 Nov 2026"


def test_a_language_that_nobody_wrote_falls_back_to_vietnamese(words: Catalogue) -> None:
    assert texts(blocks_of(words, specimen_ticket(lang="xx"), specimen_slip())) == texts(
        blocks_of(words, specimen_ticket(lang="vi"), specimen_slip())
    )


def test_a_copy_a_priority_and_an_offline_number_are_marked(words: Catalogue) -> None:
    blocks = blocks_of(words, specimen_ticket(priority="elderly", channel="offline"), specimen_slip(copy=True))
    assert [block.text for block in blocks if isinstance(block, Badge)] == [
        "BẢN IN LẠI",
        "CẤP KHI MẤT KẾT NỐI",
        "ƯU TIÊN",
    ]


def test_a_normal_slip_has_no_mark(words: Catalogue) -> None:
    assert not any(isinstance(block, Badge) for block in blocks_of(words, specimen_ticket(), specimen_slip()))


def test_an_offline_slip_tells_no_position_and_no_wait(words: Catalogue) -> None:
    offline = blocks_of(
        words, specimen_ticket(channel="offline", number="Z1-001", position=None, wait=None), specimen_slip(lines=[])
    )
    assert not any(isinstance(block, Details) for block in offline)


def test_without_an_address_there_is_no_code(words: Catalogue) -> None:
    occasion = Occasion(specimen_ticket(), specimen_slip(), "vi", HERE, words, None)
    assert not any(isinstance(block, Code) for block in compose(layout_for(80), occasion))


def test_every_text_is_composed_even_when_it_came_in_pieces(words: Catalogue) -> None:
    pieces = {"vi": unicodedata.normalize("NFD", "Trung tâm Phục vụ")}
    assert texts(blocks_of(words, specimen_ticket(), specimen_slip(centre=pieces)))[0] == "Trung tâm Phục vụ"


def test_the_token_is_nowhere_to_read_but_in_the_code(words: Catalogue) -> None:
    assert not any(
        "AbCdEfGhIjKlMnOpQrStUv" in text for text in texts(blocks_of(words, specimen_ticket(), specimen_slip()))
    )


@pytest.mark.parametrize(
    ("wait", "vi", "en"),
    [
        (Wait(low_s=600, high_s=1200), "khoảng 10–20 phút", "about 10–20 min"),
        (Wait(low_s=659, high_s=1201), "khoảng 10–21 phút", "about 10–21 min"),
        (Wait(low_s=900, high_s=900), "khoảng 15 phút", "about 15 min"),
        (Wait(low_s=0, high_s=300), "dưới 5 phút", "under 5 min"),
        (Wait(low_s=0, high_s=0), "dưới 1 phút", "under 1 min"),
        (None, "chưa ước tính được", "not known yet"),
    ],
)
def test_a_wait_is_said_as_a_range_of_minutes_rounded_outward(
    words: Catalogue, wait: Wait | None, vi: str, en: str
) -> None:
    for lang, expected in (("vi", vi), ("en", en)):
        assert wait_range(wait, speaker(words, lang)) == expected


@pytest.mark.parametrize(
    ("count", "vi", "en"),
    [(0, "không còn ai", "nobody"), (1, "1 người", "1 person"), (12, "12 người", "12 people")],
)
def test_people_ahead_are_counted_in_words(words: Catalogue, count: int, vi: str, en: str) -> None:
    for lang, expected in (("vi", vi), ("en", en)):
        assert ahead(count, speaker(words, lang)) == expected


def test_the_moment_is_local_time(words: Catalogue) -> None:
    late = 1795392000000 + 17 * 3_600_000  # 2026-11-23T17:00Z is past midnight in Vietnam
    assert issued(late, "vi", HERE, speaker(words, "vi")) == "00:00 · Thứ Ba, 24/11/2026"


def test_a_width_that_no_printer_here_has_is_refused() -> None:
    with pytest.raises(ValueError, match="58, 80"):
        layout_for(76)


def test_a_word_without_end_is_cut_before_it_is_laid_out(words: Catalogue) -> None:
    said = texts(blocks_of(words, specimen_ticket(), specimen_slip(service={"vi": "W" * 4000})))
    assert "W" * 79 + "…" in said
    assert max(map(len, said)) < 300
