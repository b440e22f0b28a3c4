"""The demonstration's own reading of a printer's bytes, against streams written here by hand."""

from __future__ import annotations

import struct

import pytest
import segno
from PIL import Image

from deploy.demo.escpos_reader import Printout, Question, Reader, read_qr


def raster(image: Image.Image, mode: int = 0) -> bytes:
    """Write `GS v 0` as the command reference has it: a set bit is a black dot."""
    flipped = bytes(byte ^ 0xFF for byte in image.tobytes())
    return b"\x1dv0" + bytes([mode]) + struct.pack("<HH", image.width // 8, image.height) + flipped


def dotted(width: int = 16, height: int = 4) -> Image.Image:
    image = Image.new("1", (width, height), 1)
    for at in range(height):
        image.putpixel((at, at), 0)
    return image


def read(data: bytes, step: int | None = None) -> tuple[list[Printout], list[Question], Reader]:
    reader = Reader()
    pieces = [data] if step is None else [data[at : at + step] for at in range(0, len(data), step)]
    meanings = [reader.act(raw) for piece in pieces for raw in reader.split(piece)]
    printouts = [meaning for meaning in meanings if isinstance(meaning, Printout)]
    return printouts, [meaning for meaning in meanings if isinstance(meaning, Question)], reader


@pytest.mark.parametrize("step", [None, 1, 3, 7])
def test_rasters_up_to_a_cut_are_one_picture_however_the_bytes_arrive(step: int | None) -> None:
    data = b"\x1b@" + raster(dotted()) + raster(dotted()) + b"\x1bd\x02\x1dV\x00"
    (slip,), _, reader = read(data, step)
    assert slip.cut
    assert slip.image is not None
    assert slip.image.size == (16, 8 + 60)
    assert slip.image.crop((0, 4, 16, 8)).tobytes() == dotted().tobytes()
    assert (reader.unknown, reader.unfinished) == (0, False)


def test_what_was_not_cut_comes_out_at_the_end() -> None:
    _, _, reader = read(raster(dotted()))
    assert reader.unfinished
    left = reader.end()
    assert left is not None
    assert (left.cut, left.image is not None) == (False, True)
    assert reader.end() is None


def test_a_raster_that_is_not_complete_prints_nothing() -> None:
    _, _, reader = read(raster(dotted())[:-1])
    assert reader.unfinished
    assert reader.end() is None


def test_questions_are_told_with_their_number() -> None:
    _, questions, _ = read(b"\x10\x04\x01\x10\x04\x04\x1dr\x01\x1da\xff")
    assert questions == [Question("eot", 1), Question("eot", 4), Question("r", 1), Question("a", 255)]


def test_bytes_of_a_raster_are_never_taken_for_commands() -> None:
    image = Image.frombytes("1", (48, 1), bytes(byte ^ 0xFF for byte in b"\x1dV\x00\x10\x04\x01"))
    printouts, questions, _ = read(raster(image))
    assert (printouts, questions) == ([], [])


@pytest.mark.parametrize("cut", [b"\x1dV\x00", b"\x1dV\x01", b"\x1dVA\x00", b"\x1dVB\x20"])
def test_every_form_of_the_cut_is_known_with_its_length(cut: bytes) -> None:
    printouts, questions, _ = read(raster(dotted()) + cut + b"\x10\x04\x01")
    assert [slip.cut for slip in printouts] == [True]
    assert len(questions) == 1


def test_doubled_rasters_are_as_wide_and_high_as_they_print() -> None:
    (slip,), _, _ = read(raster(dotted(), 3) + b"\x1dV\x00")
    assert slip.image is not None
    assert slip.image.size == (32, 8)


def test_what_nobody_knows_is_counted_and_stops_nothing() -> None:
    printouts, _, reader = read(b"hello" + raster(dotted()) + b"\x1b\x7f" + b"\x1dV\x00")
    assert len(printouts) == 1
    assert reader.unknown == 7


def test_codes_are_read_in_one_go_and_a_picture_without_one_gives_none() -> None:
    matrix = segno.make_qr("https://x.example/t/abc", error="m").matrix
    flat = bytes(0 if dark else 255 for row in matrix for dark in row)
    side = len(matrix)
    code = Image.frombytes("L", (side, side), flat).resize((side * 5, side * 5), Image.Resampling.NEAREST).convert("1")
    blank = Image.new("1", (80, 80), 1)
    assert read_qr([code, blank, code]) == ["https://x.example/t/abc", None, "https://x.example/t/abc"]
    assert read_qr([]) == []
