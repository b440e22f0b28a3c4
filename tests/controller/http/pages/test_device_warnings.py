"""What the officers' pages say about devices that somebody should look after."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from broker.runtime.catalogue import catalogue
from controller.domain.centre.centre import parse_centre
from controller.http.pages.device_warnings import device_warnings, setup_warnings
from tests.controller.http.conftest import CENTRE


def device(id: str = "printer-1", kind: str = "printer", *, online: bool = True, **told: Any) -> dict[str, Any]:  # noqa: A002 - the field's name
    row = {"id": id, "kind": kind, "online": online, "at": "2026-11-23T08:00:00.000+07:00", "detail": {}}
    return row | told


def said(*devices: dict[str, Any], lang: str = "vi") -> list[str]:
    return device_warnings(devices, partial(catalogue("controller").say, lang=lang), lang)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("paper_out", ["printer-1: hết giấy in"]), ("paper_low", ["printer-1: sắp hết giấy in"]),
        ("cover_open", ["printer-1: nắp máy in đang mở"]), ("cutter", ["printer-1: kẹt dao cắt giấy"]),
        ("offline", ["printer-1: không kết nối được máy in"]), ("ok", []), ("unknown", []), ("something new", []),
    ],
)  # fmt: skip
def test_a_printer_in_trouble_is_named_with_what_to_mend(status: str, words: list[str]) -> None:
    assert said(device(detail={"printer": status})) == words


def test_a_device_goes_by_its_label_in_the_language_of_the_page() -> None:
    printer = device(label={"vi": "Máy in cửa", "en": "Door printer"}, detail={"printer": "paper_out"})
    assert said(printer, lang="en") == ["Door printer: out of paper"]


def test_a_kiosk_that_is_silent_or_stores_nothing_is_named_and_a_sign_is_not() -> None:
    kiosks = [device("kiosk-1", "kiosk", online=False), device("kiosk-2", "kiosk", detail={"storage": "failing"})]
    assert said(*kiosks, device("sign-1", "sign", online=False)) == [
        "kiosk-1: mất kết nối",
        "kiosk-2: ổ đĩa đầy hoặc hỏng",
    ]


def test_a_device_that_was_never_there_is_no_trouble() -> None:
    assert said(device(online=False, at=None)) == []


def refused(number: str, code: str = "unknown_service", **name: str) -> dict[str, Any]:
    return {"number": number, "service": "land", "name": name, "code": code}


def test_a_number_that_is_in_no_queue_is_named_with_its_service_why_and_what_to_do() -> None:
    told = [
        refused("Z1-007", vi="Nộp hồ sơ", en="Submit"),
        refused("Z1-008", vi="Nộp hồ sơ", en="Submit"),
        refused("Z1-009", "something new"),
    ]
    kiosk = device("kiosk-1", "kiosk", detail={"refused": told})
    assert said(kiosk) == [
        (
            "kiosk-1: số Z1-007, Z1-008 (Nộp hồ sơ) không vào được hàng chờ – Dịch vụ này không có tại trung tâm. "
            "Xin cấp số mới cho người cầm phiếu"
        ),
        "kiosk-1: số Z1-009 (land) không vào được hàng chờ – Yêu cầu không hợp lệ. Xin cấp số mới cho người cầm phiếu",
    ]
    silent = device("kiosk-1", "kiosk", online=False, detail={"refused": told[:1]})
    assert said(silent, lang="en") == [
        "kiosk-1: Z1-007 (Submit) in no queue – The centre does not offer this service. Give the holder a new number",
        "kiosk-1: not connected",
    ]


@pytest.mark.parametrize("told", [None, 7, "Z1-007", [7], [{"number": 7}], [{}]])
def test_what_a_device_tells_in_another_form_is_passed_over(told: object) -> None:
    assert said(device("kiosk-1", "kiosk", detail={"refused": told})) == []


def test_a_kiosk_that_cannot_work_by_its_configuration_is_named() -> None:
    assert said(device("kiosk-1", "kiosk", detail={"config_refused": 4}), lang="en") == [
        "kiosk-1: cannot work by its new configuration and goes on with the one before"
    ]


@pytest.mark.parametrize(
    ("address", "reachable", "named"),
    [
        ("http://127.0.0.1:8000", True, True),
        ("http://localhost", True, True),
        ("http://[::1]:8000", True, True),
        ("https://lay-so.example", True, False),
        ("http://127.0.0.1:8000", False, False),
    ],
)
def test_an_address_in_the_code_of_slips_that_no_phone_can_open_is_named(
    address: str,
    reachable: bool,  # noqa: FBT001 - a table
    named: bool,  # noqa: FBT001 - a table
) -> None:
    centre = parse_centre(CENTRE | {"centre": CENTRE["centre"] | {"public_url": address}})

    told = setup_warnings(centre, reachable=reachable, say=partial(catalogue("controller").say, lang="en"))

    assert [address in sentence and "public_url" in sentence for sentence in told] == [True] * named


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_stored_pattern_that_is_not_used_is_named(lang: str) -> None:
    centre = parse_centre(CENTRE | {"dossier": {"pattern": "(?=H)"}}, stored=True)

    (sentence,) = setup_warnings(centre, reachable=False, say=partial(catalogue("controller").say, lang=lang))

    assert "dossier.pattern" in sentence
