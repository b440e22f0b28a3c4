"""The procedures of a kiosk: found by words or code, kept on disk, and nothing when the file is torn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.flow.procedure_list import NO_BOOK, Book, bind
from kiosk.flow.search import words_of
from kiosk.storage.procedure_list import read_procedures, write_procedures
from tests.gallery.kiosk.specimens import a_procedure
from tests.support.operations import operations

if TYPE_CHECKING:
    from pathlib import Path

SAID = (
    "đăng ký biến động quyền sử dụng đất cấp đổi giấy chứng nhận doanh nghiệp công ty trách nhiệm hữu hạn phép xây "
    "dựng nhà ở khai sinh kết hôn có yếu tố nước ngoài thẩm định phê duyệt báo cáo đánh giá tác động môi trường hành "
    "nghề khám chữa bệnh"
)
WORDS = SAID.split()
TYPED = ("d", "dat", "đất", "dang ky bien dong", "giay chung nhan 99", "procedure", "không có")
STEPS = 500
"""Of a search, for each procedure: what a list of 2,000 then takes is a small part of the time to the next screen."""


def test_a_procedure_is_found_by_words_without_marks_and_by_its_code() -> None:
    book = bind("r1", [a_procedure("1.001612"), a_procedure("2.000001", name={"vi": "Khai thuế", "en": "Tax return"})])

    assert book.find("dat dai bien dong", "vi") == ("1.001612",)
    assert book.find("tax", "vi") == ("2.000001",)
    assert book.find("1.001612", "vi") == ("1.001612",)
    assert book.find("xe máy", "vi") == ()


def test_a_book_on_disk_comes_back_whole(tmp_path: Path) -> None:
    procedures = [a_procedure(f"1.{at}", where={"vi": "Dòng một\nDòng hai\u2028ba"}) for at in range(3)]
    write_procedures(tmp_path / "procedures.jsonl", bind("r1", procedures))

    book = read_procedures(tmp_path / "procedures.jsonl")

    assert book.revision == "r1"
    assert [book.procedure(f"1.{at}") for at in range(3)] == procedures
    assert book.procedure("1.9") is None
    assert book.title("1.9") is None


@pytest.mark.parametrize("left", [0, 1, 40, 400, -1, -2])
def test_a_torn_file_counts_as_none(tmp_path: Path, left: int) -> None:
    file = tmp_path / "procedures.jsonl"
    write_procedures(file, bind("r1", [a_procedure(f"1.{at}") for at in range(3)]))
    whole = file.read_bytes()
    file.write_bytes(whole[:left])

    assert read_procedures(file) is NO_BOOK


def test_a_disk_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    write_procedures(tmp_path / "file" / "procedures.jsonl", bind("r1", [a_procedure("1.1")]))

    assert read_procedures(tmp_path / "none.jsonl") is NO_BOOK


def a_long_book(count: int) -> Book:
    names = [" ".join(WORDS[(at * 7 + step * 3) % len(WORDS)] for step in range(6 + at % 15)) for at in range(count)]
    return bind("r1", [a_procedure(f"1.{at:06d}", name={"vi": f"{name} {at}", "en": f"procedure {at} of the province"}) for at, name in enumerate(names)])  # fmt: skip  # noqa: E501 - one list


def test_the_names_of_two_thousand_procedures_are_read_once_and_not_at_every_search() -> None:
    book = a_long_book(2000)
    book.find("dat", "vi")
    read = words_of.cache_info().misses

    for typed in TYPED:
        book.find(typed, "vi")

    assert words_of.cache_info().misses - read <= len(TYPED)


@pytest.mark.parametrize("count", [100, 400])
@pytest.mark.parametrize("typed", TYPED)
def test_a_search_takes_a_few_steps_a_procedure_however_many_there_are(typed: str, count: int) -> None:
    book = a_long_book(count)

    assert operations(lambda: book.find(typed, "vi")) <= STEPS * count
