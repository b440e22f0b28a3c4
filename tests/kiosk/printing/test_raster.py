"""Slips as dots."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from broker.runtime.catalogue import Catalogue
from kiosk.printing.layout import Number, Words, layout_for
from kiosk.printing.painter import SlipPainter
from kiosk.printing.raster import (
    Sheet,
    draw_block,
    draw_qr,
    draw_slip,
    features,
    font,
    measure,
    paragraph,
    qr_fits,
    qr_matrix,
    strips,
    wrap,
)
from tests.gallery.kiosk.slip_specimens import letters, specimen_config, specimen_slip, specimen_ticket
from tests.support.examples import examples

LONG = "Cấp giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với đất lần đầu"


def columns(image: Image.Image) -> tuple[int, int]:
    """Give the first and the last column that have ink."""
    box = ImageChops.invert(image.convert("L")).getbbox()
    assert box is not None
    return box[0], box[2] - 1


@pytest.mark.parametrize("width_mm", [58, 80])
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"priority": "elderly", "number": "A1007", "position": 1},
        {"channel": "offline", "number": "Z1-001", "position": None, "wait": None},
        {"wait": None, "position": 133},
    ],
    ids=["normal", "priority", "offline", "no-estimate"],
)
def test_nothing_of_a_slip_reaches_over_its_margins(
    width_mm: int, lang: str, changes: dict[str, object], painter: SlipPainter
) -> None:
    image = painter.paint(
        specimen_ticket(lang=lang, **changes),
        specimen_slip(copy=True, service={"vi": LONG}),
        specimen_config(width_mm=width_mm),
    )
    sheet = Sheet(layout_for(width_mm))
    margin = (sheet.width - sheet.inner) // 2
    first, last = columns(image)
    assert (image.mode, image.width) == ("1", {58: 384, 80: 576}[width_mm])
    assert first >= margin
    assert last < sheet.width - margin


def test_lengthened_words_still_fit(words: Catalogue) -> None:
    longer = {
        key: word if key in {"slip.time", "slip.date"} else f"{word} {word}" for key, word in words.words["vi"].items()
    }
    for width_mm in (58, 80):
        image = SlipPainter(Catalogue({"vi": longer})).paint(
            specimen_ticket(priority="x"), specimen_slip(copy=True), specimen_config(width_mm=width_mm)
        )
        first, last = columns(image)
        assert first > 0
        assert last < image.width - 1


@pytest.mark.parametrize("weight", ["regular", "strong", "heavy"])
@pytest.mark.parametrize("size", ["caption", "label", "headline"])
def test_no_letter_loses_a_mark_above_or_below(size: str, weight: str) -> None:
    sheet = Sheet(layout_for(80))
    face = sheet.font(size, weight)
    for letter in letters():
        alone = draw_block(sheet, Words(letter, size, weight))
        whole = Image.new("L", (200, 400), 255)
        ImageDraw.Draw(whole).text((60, 200), letter, font=face, fill=0, anchor="ls", features=features())
        assert ink_size(alone) == ink_size(whole), letter


def test_lines_with_tall_marks_do_not_run_into_each_other() -> None:
    face = font("heavy", 40)
    tall = paragraph(["gạy", "ẲẴỖ", "gạy"], face, 576)
    apart = [paragraph([line], face, 576) for line in ("gạy", "ẲẴỖ", "gạy")]
    assert tall.tobytes().count(0) == sum(line.tobytes().count(0) for line in apart)


def ink_size(image: Image.Image) -> tuple[int, int]:
    box = ImageChops.invert(image.convert("L")).getbbox()
    assert box is not None
    return box[2] - box[0], box[3] - box[1]


@examples(20)
@given(number=st.from_regex(r"[A-ZĐ][0-9]{0,2}-?[0-9]{3,5}", fullmatch=True), width_mm=st.sampled_from([58, 80]))
def test_every_number_fits_whole_and_is_the_largest_thing(number: str, width_mm: int) -> None:
    sheet = Sheet(layout_for(width_mm))
    image = draw_block(sheet, Number(number))
    first, last = columns(image)
    assert first > 0
    assert last < sheet.width - 1
    ink = ImageChops.invert(image).getbbox()
    assert ink is not None
    assert ink[3] - ink[1] >= sheet.dots(5)
    assert abs((first + last) / 2 - sheet.width / 2) <= 1


@examples(30)
@given(st.lists(st.text("aăâđêôơưạệ ", min_size=1, max_size=14), max_size=20), st.integers(120, 560))
def test_wrapping_loses_no_word_and_no_line_is_too_wide(words: list[str], width: int) -> None:
    face = font("regular", 28)
    text = " ".join(words)
    lines = wrap(text, face, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(measure(line, face) <= width for line in lines)


def test_each_of_the_134_vietnamese_letters_has_its_own_shape_in_every_weight() -> None:
    assert len(set(letters())) == 134
    for weight in ("regular", "strong", "heavy"):
        shapes = {bytes(font(weight, 48).getmask(letter)) for letter in letters()}
        assert len(shapes) == 134
        assert bytes(font(weight, 48).getmask("\ue000")) not in shapes  # what is drawn for a letter that is missing


def test_only_black_and_white_come_out(painter: SlipPainter) -> None:
    assert set(painter.paint(specimen_ticket(), specimen_slip(), specimen_config()).convert("L").tobytes()) == {0, 255}


@examples(20)
@given(st.integers(1, 1100))
def test_strips_are_short_and_avoid_the_heights_that_trip_clones(rows: int) -> None:
    image = Image.effect_noise((64, rows), 90).convert("1")
    cut = list(strips(image))
    assert all(strip.height <= 256 and strip.height % 48 != 0 for strip in cut)
    whole = Image.new("1", (64, sum(strip.height for strip in cut)), 1)
    top = 0
    for strip in cut:
        whole.paste(strip, (0, top))
        top += strip.height
    assert whole.crop((0, 0, 64, rows)).tobytes() == image.tobytes()
    assert whole.height - rows in {0, 8}
    assert set(whole.crop((0, rows, 64, whole.height)).convert("L").tobytes()) <= {255}


@pytest.mark.parametrize("length", [22, 43, 64, 300])
def test_a_code_is_drawn_in_whole_dots_and_never_too_fine_to_be_read(length: int) -> None:
    url = "https://xephang.example/t/" + "x" * length
    code = draw_qr(url, 224, 536)
    modules = len(qr_matrix(url)) + 8
    assert code.width % modules == 0
    assert code.width // modules >= 3
    assert code.width <= 536


def test_a_code_that_is_too_long_is_refused_and_known_before() -> None:
    assert not qr_fits(layout_for(58), "https://xephang.example/" + "x" * 1200)
    assert not qr_fits(layout_for(80), "x" * 5000)
    with pytest.raises(ValueError, match="QR code"):
        draw_qr("https://xephang.example/" + "x" * 1200, 224, 360)


def test_a_code_that_the_paper_is_too_narrow_for_is_left_out(painter: SlipPainter) -> None:
    with_code = painter.paint(specimen_ticket(), specimen_slip(), specimen_config(width_mm=58))
    without = painter.paint(
        specimen_ticket(), specimen_slip(qr="https://xephang.example/" + "x" * 1200), specimen_config(width_mm=58)
    )
    assert without.height < with_code.height - 150


@pytest.mark.parametrize("number", ["", " ", "\u200b"])
def test_a_number_that_leaves_no_ink_is_refused(painter: SlipPainter, number: str) -> None:
    with pytest.raises(ValueError, match="must be > 0"):
        painter.paint(specimen_ticket(number=number), specimen_slip(), specimen_config())


def test_a_number_with_hardly_any_ink_is_not_drawn_huge() -> None:
    assert draw_block(Sheet(layout_for(80)), Number(".")).height < 200


def test_an_empty_slip_is_still_an_image() -> None:
    assert draw_slip(layout_for(80), []).size == (576, 8)


def test_the_same_slip_is_drawn_the_same(painter: SlipPainter) -> None:
    one = specimen_ticket(id=str(uuid.uuid4()))
    assert (
        painter.paint(one, specimen_slip(), specimen_config()).tobytes()
        == painter.paint(one, specimen_slip(), specimen_config()).tobytes()
    )
