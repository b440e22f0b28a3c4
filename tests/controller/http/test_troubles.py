"""What the officers' pages say about devices that somebody should look after."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from broker.texts import catalogue
from controller.http.pages.troubles import troubles


def device(id: str = "printer-1", kind: str = "printer", *, online: bool = True, **told: Any) -> dict[str, Any]:  # noqa: A002 - the field's name
    row = {"id": id, "kind": kind, "online": online, "at": "2026-11-23T08:00:00.000+07:00", "detail": {}}
    return row | told


def said(*devices: dict[str, Any], lang: str = "vi") -> list[str]:
    return troubles(devices, partial(catalogue("controller").say, lang=lang), lang)


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
