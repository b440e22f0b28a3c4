"""A list of procedures: what is read from CSV and JSON, every fault with its place, and the way back."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest

from controller.domain.centre.centre import CentreFaults, parse_centre
from controller.domain.centre.procedures import Procedure, check_procedures, revision_of
from controller.domain.centre.procedures_file import read_text, write_csv, write_json
from tests.controller.conftest import document

HEAD = "code;service;group;name.vi;name.en;papers.vi;papers.en;fee.vi;fee.en;time.vi;time.en;where.vi"
ROW = '1.001612.000.00.00.H48;land;;Đăng ký biến động;Register a change;"Đơn\nGiấy chứng nhận";"Form\nCertificate";Không;None;10 ngày;10 days;Quầy 1'  # noqa: E501 - one row
CENTRE = parse_centre(
    document() | {"group": [{"id": "land", "name": {"vi": "Đất đai"}}, {"id": "tax", "name": {"vi": "Thuế"}}]}
)


def read(text: str) -> tuple[Procedure, ...]:
    return check_procedures(read_text(text), CENTRE)


def faults_of(text: str) -> list[tuple[str, str]]:
    with pytest.raises(CentreFaults) as found:
        read(text)
    return [(fault.place, fault.message) for fault in found.value.faults]


def told(code: str = "1.1", **changes: Any) -> dict[str, Any]:
    whole = {"code": code, "service": "land", "name": {"vi": "Tên"}, "papers": [{"vi": "Đơn"}], "fee": {"vi": "Không"}, "time": {"vi": "3 ngày"}}  # fmt: skip  # noqa: E501 - one entry
    return {name: value for name, value in (whole | changes).items() if value is not None}


def as_json(*entries: Any) -> str:
    return json.dumps({"items": entries}, ensure_ascii=False)


@pytest.mark.parametrize("between", [";", ",", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "# một ghi chú;;;\n", "\ufeff# ghi chú\n\n"])
def test_a_csv_is_read_however_a_spreadsheet_wrote_it(between: str, ends: str, mark: str) -> None:
    text = mark + HEAD.replace(";", between) + "\n" + ROW.replace(";", between) + "\n" + between * 11 + "\n"
    (found,) = read(text.replace("\n", ends))

    assert found.to_document() == {
        "code": "1.001612.000.00.00.H48", "service": "land",
        "name": {"vi": "Đăng ký biến động", "en": "Register a change"},
        "papers": [{"vi": "Đơn", "en": "Form"}, {"vi": "Giấy chứng nhận", "en": "Certificate"}],
        "fee": {"vi": "Không", "en": "None"}, "time": {"vi": "10 ngày", "en": "10 days"}, "where": {"vi": "Quầy 1"},
    }  # fmt: skip


def test_a_first_line_may_say_what_stands_between_the_cells() -> None:
    assert len(read(f"sep=;\n{HEAD}\n{ROW}\n")) == 1


def test_a_column_without_a_language_is_vietnamese() -> None:
    (found,) = read("code,group,name,papers,fee,time\n1.1,tax,Khai thuế,Tờ khai,Không,Trong ngày\n")

    assert (found.group, found.name, found.fee) == ("tax", {"vi": "Khai thuế"}, {"vi": "Không"})


def test_texts_are_made_tidy() -> None:
    apart = unicodedata.normalize("NFD", "Đất   đai\u00a0 ")
    (found,) = read(as_json(told(name={"vi": apart}, papers=[{"vi": "- Đơn\n theo mẫu"}], fee={"vi": "a \n  b\n"})))

    assert found.name["vi"] == "Đất đai"
    assert found.papers[0]["vi"] == "Đơn theo mẫu"
    assert found.fee["vi"] == "a\nb"


def test_every_fault_of_a_csv_is_named_at_once_with_the_row_of_the_spreadsheet() -> None:
    rows = [
        "# ghi chú",
        HEAD,
        ROW,
        ROW.replace("land", "lands"),
        ROW.replace("1.001612.000.00.00.H48", "1.2").replace("Không;None", ";"),
        ROW.replace("1.001612.000.00.00.H48", "a b").replace('"Form\nCertificate"', "Form"),
        ROW.replace("1.001612.000.00.00.H48", "1.3").replace(";land;;", ";;;"),
        ROW.replace("1.001612.000.00.00.H48", "1.4").replace(";land;;", ";land;tax;"),
        ROW.replace("1.001612.000.00.00.H48", "1.5") + ";thừa",
    ]

    assert faults_of("\n".join(rows)) == [
        ("row 6, papers", "every language needs as many lines: there are 2 in vi, 1 in en"),
        ("row 9", "has more cells than the first row"),
        ("row 4, service", 'there is no service "lands"'),
        ("row 5, fee", "is missing"),
        ("row 6, code", "match pattern '^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$'"),
        ("row 7, service", "a procedure belongs to a service or to a group: give one of the two"),
        ("row 8, group", 'the service "land" is in the group "land"'),
        ("row 4, code", 'the code "1.001612.000.00.00.H48" is used already at row 3, code'),
    ]


def test_a_missing_column_is_named_once_and_hides_no_other_fault() -> None:
    found = faults_of(
        "code;service;name;Lệ phí;time;time.vi\n1.1;lands;Tên;Không;3 ngày;\n1.1;land;Tên;Không;3 ngày;\n"
    )

    assert found == [
        ("row 1", 'the column "papers" is missing'),
        ("row 1", 'the column "fee" is missing'),
        ("row 1", 'the column "Lệ phí" is not known'),
        ("row 1", 'the column "time.vi" stands twice'),
        ("row 2, service", 'there is no service "lands"'),
        ("row 3, code", 'the code "1.1" is used already at row 2, code'),
    ]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", "the file", ""),
        ("{", "the file", "is not JSON"),
        ('{"item": []}', "items", "must be a list"),
        (as_json(), "the file", "holds no procedures"),
        (HEAD + "\n", "the file", "holds no procedures"),
        (as_json(5), "items[0]", "valid dictionary"),
        (as_json(told(), told("1.2", fee={"en": "None"})), "items[1].fee", 'needs a text for "vi"'),
        (as_json(told(time={"vi": " \n"})), "items[0].time", 'the text for "vi" is empty'),
        (as_json(told(papers=[])), "items[0].papers", "at least 1"),
        (as_json(told(papers=[{"vi": "a", "en": "b"}, {"vi": "c"}])), "items[0].papers", "the papers 2 of 2 have no"),
        (as_json(told(name={"vi": "x" * 401})), "items[0].name", "401 characters"),
        (as_json(told(name={"vi": "a\x07b"})), "items[0].name", "control character"),
        (as_json(told(fee={"vi": "dài " * 5000})), "items[0].papers", "at most 16384"),
        (as_json(told(service=None, group="taxes")), "items[0].group", 'no group "taxes"'),
        (as_json(told(tel="0255")), "items[0].tel", "this key is not known"),
        (f'{HEAD}\n1.1;land;;"Tên;;;;;;;;\n', "the file", "is not CSV"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, place: str, message: str) -> None:
    found = dict(faults_of(text))

    assert message in found.get(place, "")


def test_csv_and_json_give_back_what_they_were_written_from() -> None:
    entries = read(
        as_json(
            told(fee={"vi": '- 30.000 đ; cá nhân\n- 100.000 đ, "tổ chức"', "en": "=30"}),
            told("1.2", service=None, group="tax", papers=[{"vi": "a", "en": "b"}, {"vi": "c", "en": "d"}]),
            told("1.3", where={"vi": "Trực tuyến\nBưu chính"}),
        )
    )

    assert read(write_csv(entries)) == entries
    assert read(write_json(entries)) == entries
    assert "'=30" in write_csv(entries)


def test_the_same_list_has_the_same_revision_and_another_has_another() -> None:
    one, two = read(as_json(told())), read(as_json(told(fee={"vi": "10.000 đ"})))

    assert revision_of(one) == revision_of(read(write_csv(one)))
    assert revision_of(one) != revision_of(two)
