"""What a printer says about itself."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.printing.status import ERRORS, PrinterStatus, Signals, StatusReader, from_automatic, query, with_answer


def judged(*answers: int) -> PrinterStatus:
    signals = Signals()
    for n, answer in enumerate(answers, start=1):
        signals = with_answer(signals, n, answer)
    return signals.status


def test_the_questions_are_the_bytes_of_the_manual() -> None:
    assert [query(n) for n in (1, 2, 3, 4)] == [b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x03", b"\x10\x04\x04"]


def test_silence_is_unknown_and_never_ok() -> None:
    assert Signals().status is PrinterStatus.UNKNOWN
    assert judged(0x12) is PrinterStatus.UNKNOWN
    assert judged(0x12, 0x12, 0x12) is PrinterStatus.UNKNOWN


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ((0x12, 0x12, 0x12, 0x12), PrinterStatus.OK),
        ((0x16, 0x12, 0x12, 0x12), PrinterStatus.OK),  # a drawer's pin means nothing here
        ((0x12, 0x12, 0x12, 0x1E), PrinterStatus.PAPER_LOW),
        ((0x1A, 0x32, 0x12, 0x7E), PrinterStatus.PAPER_OUT),
        ((0x1A, 0x32), PrinterStatus.PAPER_OUT),
        ((0x1A, 0x16, 0x12, 0x12), PrinterStatus.COVER_OPEN),
        ((0x1A, 0x36, 0x12, 0x72), PrinterStatus.COVER_OPEN),  # an open cover often reads as no paper as well
        ((0x1A, 0x52, 0x1A, 0x12), PrinterStatus.CUTTER),
        ((0x1A, 0x52, 0x32, 0x12), PrinterStatus.OFFLINE),  # an error that does not recover
        ((0x1A, 0x52, 0x52, 0x12), PrinterStatus.OFFLINE),  # a hot head
        ((0x1A, 0x12, 0x12, 0x12), PrinterStatus.OFFLINE),
        ((0x1A,), PrinterStatus.OFFLINE),
    ],
)
def test_the_four_answers_are_judged_together(answers: tuple[int, ...], status: PrinterStatus) -> None:
    assert judged(*answers) is status


@pytest.mark.parametrize(
    ("block", "status"),
    [
        (b"\x10\x00\x00\x00", PrinterStatus.OK),
        (b"\x10\x00\x03\x00", PrinterStatus.PAPER_LOW),
        (b"\x18\x00\x0f\x00", PrinterStatus.PAPER_OUT),
        (b"\x38\x00\x00\x00", PrinterStatus.COVER_OPEN),
        (b"\x18\x08\x00\x00", PrinterStatus.CUTTER),
        (b"\x18\x00\x00\x00", PrinterStatus.OFFLINE),
        (b"\x18\x20\x00\x00", PrinterStatus.OFFLINE),
    ],
)
def test_an_automatic_status_is_read_from_its_four_bytes(block: bytes, status: PrinterStatus) -> None:
    assert from_automatic(block).status is status


def test_an_answer_glued_to_an_automatic_status_is_told_apart() -> None:
    reader = StatusReader()
    reader.feed(b"\x10\x00\x03\x00\x03")
    assert reader.automatic is not None
    assert reader.automatic.status is PrinterStatus.PAPER_LOW
    assert (reader.markers, reader.answers) == (1, [])


def test_a_real_time_answer_in_the_middle_of_an_automatic_status_breaks_neither() -> None:
    reader = StatusReader()
    reader.feed(b"\x18\x00\x12\x0f\x00")
    assert reader.answers == [0x12]
    assert reader.automatic is not None
    assert reader.automatic.status is PrinterStatus.PAPER_OUT
    assert reader.markers == 0


def test_flow_control_and_noise_are_dropped() -> None:
    reader = StatusReader()
    reader.feed(b"\x11\x13\xff\x91")
    assert (reader.answers, reader.markers, reader.automatic) == ([], 0, None)


@given(st.binary(max_size=60), st.lists(st.integers(1, 59), max_size=4))
def test_how_the_bytes_are_cut_into_pieces_makes_no_difference(data: bytes, cuts: list[int]) -> None:
    whole, pieces = StatusReader(), StatusReader()
    whole.feed(data)
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    for start, end in pairwise(edges):
        pieces.feed(data[start:end])
    assert (pieces.answers, pieces.markers, pieces.automatic) == (whole.answers, whole.markers, whole.automatic)


def test_every_state_that_stops_printing_has_an_error_of_the_contract() -> None:
    assert set(PrinterStatus) - set(ERRORS) == {PrinterStatus.OK, PrinterStatus.PAPER_LOW, PrinterStatus.UNKNOWN}
