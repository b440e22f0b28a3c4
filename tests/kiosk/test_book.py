"""The procedures of a kiosk: found by words or code, kept on disk, and nothing when the file is torn."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from kiosk.book import NO_BOOK, bind, read_book, write_book
from kiosk.specimens import a_procedure

if TYPE_CHECKING:
    from pathlib import Path

SAID = (
    "đăng ký biến động quyền sử dụng đất cấp đổi giấy chứng nhận doanh nghiệp công ty trách nhiệm hữu hạn phép xây "
    "dựng nhà ở khai sinh kết hôn có yếu tố nước ngoài thẩm định phê duyệt báo cáo đánh giá tác động môi trường hành "
    "nghề khám chữa bệnh"
)
WORDS = SAID.split()


def test_a_procedure_is_found_by_words_without_marks_and_by_its_code() -> None:
    book = bind("r1", [a_procedure("1.001612"), a_procedure("2.000001", name={"vi": "Khai thuế", "en": "Tax return"})])

    assert book.find("dat dai bien dong", "vi") == ("1.001612",)
    assert book.find("tax", "vi") == ("2.000001",)
    assert book.find("1.001612", "vi") == ("1.001612",)
    assert book.find("xe máy", "vi") == ()


def test_a_book_on_disk_comes_back_whole(tmp_path: Path) -> None:
    procedures = [a_procedure(f"1.{at}", where={"vi": "Dòng một\nDòng hai\u2028ba"}) for at in range(3)]
    write_book(tmp_path / "procedures.jsonl", bind("r1", procedures))

    book = read_book(tmp_path / "procedures.jsonl")

    assert book.revision == "r1"
    assert [book.procedure(f"1.{at}") for at in range(3)] == procedures
    assert book.procedure("1.9") is None
    assert book.title("1.9") is None


@pytest.mark.parametrize("left", [0, 1, 40, 400, -1, -2])
def test_a_torn_file_counts_as_none(tmp_path: Path, left: int) -> None:
    file = tmp_path / "procedures.jsonl"
    write_book(file, bind("r1", [a_procedure(f"1.{at}") for at in range(3)]))
    whole = file.read_bytes()
    file.write_bytes(whole[:left])

    assert read_book(file) is NO_BOOK


def test_a_disk_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    write_book(tmp_path / "file" / "procedures.jsonl", bind("r1", [a_procedure("1.1")]))

    assert read_book(tmp_path / "none.jsonl") is NO_BOOK


def test_two_thousand_procedures_are_searched_within_50_ms() -> None:
    names = [" ".join(WORDS[(at * 7 + step * 3) % len(WORDS)] for step in range(6 + at % 15)) for at in range(2000)]
    book = bind("r1", [a_procedure(f"1.{at:06d}", name={"vi": f"{name} {at}", "en": f"procedure {at} of the province"}) for at, name in enumerate(names)])  # fmt: skip  # noqa: E501 - one list

    for typed in ("d", "dat", "đất", "dang ky bien dong", "giay chung nhan 1999", "procedure", "không có"):
        assert min(_seconds(lambda typed=typed: book.find(typed, "vi")) for _ in range(5)) <= 0.05, typed


def _seconds(work: object) -> float:
    assert callable(work)
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
